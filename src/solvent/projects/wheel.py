"""Solvent as a wheel, put together from the running installation, so that a project's environment gets the same code."""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import NamedTuple

from solvent.projects.cache import atomic_file
from solvent.projects.use import hold

NAME = "solvent"
_WHEEL = "Wheel-Version: 1.0\nGenerator: solvent\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
_EARLIEST = (1980, 1, 1, 0, 0, 0)


class Installation(NamedTuple):
    """The running Solvent. ``digest`` is of all its files; ``indexed`` says that it came from a package index."""

    version: str
    digest: str
    indexed: bool
    files: dict[str, Path]
    metadata: dict[str, str]

    @property
    def identity(self) -> str:
        return f"{NAME} {self.version}" + ("" if self.indexed else f" {self.digest}")


def running_installation() -> Installation | None:
    """What this process runs; None when it was not installed at all (run from an archive, say).

    A distribution from an index has no ``direct_url.json`` (PEP 610): one that was installed from a
    folder, a repository or a file has, and so has an editable one.
    """
    try:
        found = distribution(NAME)
    except PackageNotFoundError:
        return None
    package = Path(__file__).parents[1]
    files = {
        f"{NAME}/{file.relative_to(package).as_posix()}": file
        for file in sorted(package.rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts
    }
    metadata = _metadata(found)
    digest = hashlib.sha256(json.dumps(metadata, sort_keys=True).encode())
    for name, file in files.items():
        digest.update(f"\0{name}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return Installation(found.version, digest.hexdigest()[:24], _is_indexed(found), files, metadata)


def wheel_of(installation: Installation, folder: Path) -> Path:
    """The wheel of an installation in a cache folder; written whole, once."""
    hold(folder / installation.digest)
    target = folder / installation.digest / f"{NAME}-{installation.version}-py3-none-any.whl"
    if not target.is_file():
        with atomic_file(target) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            _write(archive, installation)
    return target


def _write(archive: zipfile.ZipFile, installation: Installation) -> None:
    info = f"{NAME}-{installation.version}.dist-info"
    contents = {name: file.read_bytes() for name, file in installation.files.items()}
    contents |= {f"{info}/{name}": text.encode() for name, text in installation.metadata.items()}
    contents[f"{info}/WHEEL"] = _WHEEL.encode()
    record = [f"{name},sha256={_hash(content)},{len(content)}" for name, content in contents.items()]
    contents[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,\n"]).encode()
    for name, content in contents.items():
        entry = zipfile.ZipInfo(name, _EARLIEST)
        entry.external_attr = 0o644 << 16
        archive.writestr(entry, content, zipfile.ZIP_DEFLATED)


def _metadata(found: Distribution) -> dict[str, str]:
    texts = {name: found.read_text(name) for name in ("METADATA", "entry_points.txt")}
    return {name: text for name, text in texts.items() if text}


def _is_indexed(found: Distribution) -> bool:
    return found.read_text("direct_url.json") is None


def _hash(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
