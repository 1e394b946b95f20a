"""Reading what a person writes to name a project: which kind of place it is, and the folder within it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from solvent.errors import NotSupported
from solvent.projects.errors import InvalidProject
from solvent.projects.source.origin import Kind
from solvent.provenance.git import top_of

_SCHEME = re.compile(r"(?P<git>git\+)?(?P<name>[A-Za-z][A-Za-z0-9.+-]*)://")
_SECURE_SHELL = re.compile(r"[A-Za-z0-9_][\w.+-]*@[A-Za-z0-9][\w.-]*:(?!//)[^-].*")
_HOST = re.compile(r"[A-Za-z0-9\[][A-Za-z0-9.:\[\]_-]*")
_NOT_IN_VERSIONS = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|^-|^$")
_ACCEPTED = "a folder, a zip (a file or https://...zip), or git (https://, ssh://, file://, user@host:path, PATH.git)"


class Address(NamedTuple):
    """``place`` is a path on this machine or, if ``remote``, what ``git`` or the download is given."""

    kind: Kind
    place: str
    subfolder: str
    remote: bool = False


def parse(uri: str, version: str | None = None) -> Address:
    """The kind of place that ``uri`` names; with a version it is a git repository.

    Raises:
        InvalidProject: it is malformed, or a version is asked of what has none.
        NotSupported: a kind that is not fetched.
    """
    if not uri or uri.startswith("-") or any(ord(letter) < 32 or ord(letter) == 127 for letter in uri):
        raise InvalidProject(f"'{uri}' names no project: expected {_ACCEPTED}")
    if version is not None and _NOT_IN_VERSIONS.search(version):
        raise InvalidProject(f"'{version}' is no version: expected the name of a branch or tag, or a commit")
    found = _address(uri, version)
    if version is not None and found.kind != "git":
        raise InvalidProject(f"'{uri}' is no git repository, so it has no version '{version}': leave out --version")
    return found


def _address(uri: str, version: str | None) -> Address:
    scheme = _SCHEME.match(uri)
    if scheme is None:
        if not Path(uri).exists() and _SECURE_SHELL.fullmatch(uri):
            place, _, subfolder = uri.partition("#")
            return Address("git", place, subfolder, remote=True)
        return _local(uri, version)
    name = scheme["name"].lower()
    parts = urlsplit(uri.removeprefix("git+"))
    if name == "file":
        if parts.netloc not in ("", "localhost"):
            raise InvalidProject(f"'{uri}' names a file of another machine: expected file:///path")
        path = unquote(parts.path)
        return _local(f"{path}#{parts.fragment}" if parts.fragment else path, version, git=bool(scheme["git"]))
    if name not in ("http", "https", "ssh"):
        raise NotSupported(f"'{uri}' can't be fetched: expected {_ACCEPTED}")
    if not _HOST.fullmatch(parts.netloc.rpartition("@")[2]):
        raise InvalidProject(f"'{uri}' names no host: expected {name}://host/path")
    place = parts._replace(fragment="").geturl()
    is_zip = name != "ssh" and not scheme["git"] and parts.path.lower().endswith(".zip")
    return Address("zip" if is_zip else "git", place, unquote(parts.fragment), remote=True)


def _local(text: str, version: str | None, *, git: bool = False) -> Address:
    """A folder, zip or repository on this machine; ``#`` in a name that is there belongs to the name."""
    path, subfolder = Path(text).expanduser(), ""
    if not path.exists() and "#" in text:
        whole, _, subfolder = text.partition("#")
        path = Path(whole).expanduser()
    if path.suffix.lower() == ".zip" and not path.is_dir():
        return Address("zip", str(path), subfolder)
    if _is_repository(path):
        return Address("git", str(path.absolute()), subfolder)
    if (version is not None or git) and (top := top_of(path) if path.is_dir() else None) is not None:
        within = path.resolve().relative_to(top.resolve()).as_posix()
        return Address("git", str(top.absolute()), f"{'' if within == '.' else within}/{subfolder}".strip("/"))
    return Address("folder", str(path), subfolder)


def _is_repository(path: Path) -> bool:
    """Whether a folder is a bare repository."""
    return (path / "HEAD").is_file() and (path / "objects").is_dir() and (path / "refs").is_dir()
