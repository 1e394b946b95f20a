"""From a tracking URI to its backend."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from solvent.backend.protocol import Backend
from solvent.disk import make_folders
from solvent.errors import InvalidInput, Unavailable
from solvent.http import without_secret
from solvent.settings import home, tracking_uri

if TYPE_CHECKING:
    from solvent.backend.embedded import EmbeddedBackend

DATABASE = "solvent.db"
ARTIFACTS = "artifacts"
PROXY_ROOT = "mlflow-artifacts:/"
_DATABASE_SUFFIXES = (".db", ".sqlite", ".sqlite3")
_ACCEPTED = "a folder, a .db file, sqlite:///path.db or http(s)://host:port"


def connect(uri: str | None = None) -> Backend:
    """The backend of a tracking URI; without one, of the environment's, else the embedded default.

    A folder holds the store (``solvent.db``) and its files (``artifacts/``); it is made on first use
    and ignores itself in git. A database file has its artifacts in the folder beside it.

    Raises:
        InvalidInput: a kind of address that can't be used.
        Unavailable: the folder or file can't be made or opened. A server is not contacted before the first call.
    """
    address = tracking_uri(uri)
    if address and urlsplit(address).scheme in ("http", "https"):
        from solvent.backend.http import HttpBackend

        return HttpBackend(address)
    return open_embedded(address)


def open_embedded(
    uri: str | None = None,
    *,
    artifacts_destination: str | None = None,
    default_artifact_root: str | None = None,
    synchronous: str | None = None,
) -> EmbeddedBackend:
    """The embedded store at ``uri`` (a folder, a file, ``sqlite:///...``; None is the embedded default).

    ``artifacts_destination`` is the local folder behind ``mlflow-artifacts:`` addresses (default:
    ``artifacts`` beside the database); ``default_artifact_root`` the address under which new
    experiments keep their files (default: ``mlflow-artifacts:/``). ``synchronous`` FULL survives a
    power cut, NORMAL the death of the process (default: the setting ``SOLVENT_STORE_SYNCHRONOUS``).
    """
    from solvent.artifacts.local import local_folder
    from solvent.backend.embedded import EmbeddedBackend
    from solvent.store.store import Store

    database = database_file(uri)
    folder = database.parent
    _make_home(folder)
    files = local_folder(artifacts_destination) if artifacts_destination else folder / ARTIFACTS
    root = default_artifact_root or PROXY_ROOT
    if not urlsplit(root).scheme:
        root = str(Path(root).absolute())
    root = root.rstrip("/") + "/"
    store = Store(database, synchronous=synchronous, artifact_root=root)
    return EmbeddedBackend(uri or str(folder), store, files)


def database_file(uri: str | None) -> Path:
    """The file of an embedded store's address."""
    if not uri:
        return home() / DATABASE
    parts = urlsplit(uri)
    if parts.scheme == "sqlite":
        path = Path(unquote(parts.path[1:]))
        if parts.netloc or path == Path():
            raise InvalidInput(f"'{uri}' names no file: expected sqlite:///relative.db or sqlite:////absolute.db")
        return path.absolute()
    if parts.scheme == "file":
        path = Path(unquote(parts.path))
    elif "://" in uri or uri == "databricks":
        raise InvalidInput(f"the tracking URI '{without_secret(uri)}' can't be used: expected {_ACCEPTED}")
    else:
        path = Path(uri)
    path = path.expanduser().absolute()
    is_file = path.is_file() or (path.suffix in _DATABASE_SUFFIXES and not path.is_dir())
    return path if is_file else path / DATABASE


def _make_home(folder: Path) -> None:
    """The store's folder; one that we make ourselves ignores itself in git."""
    if folder.is_dir():
        return
    try:
        make_folders(folder)
        (folder / ".gitignore").write_text("*\n", "utf-8")
    except OSError as error:
        reason = "a file is in its place" if folder.is_file() else error.strerror
        raise Unavailable(
            f"the folder {folder} can't be made ({reason}): choose another one with SOLVENT_TRACKING_URI"
        ) from None
