"""The projects' source archives: fetched from the package index when the bench runs, checked, never committed."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

from bench.debt.labels import Labels
from solvent.settings import cache_folder

MAX_ARCHIVE = 64 << 20
MAX_UNPACKED = 512 << 20
_JSON = "application/vnd.pypi.simple.v1+json"
_INDEX = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"


def unpacked(labels: Labels) -> Path:
    """The folder of an archive's content, its top folder's or the one that the labels name."""
    home = cache_folder() / "bench-debt"
    folder = home / labels.name
    if not folder.exists():
        archive = _fetched(labels, home)
        draft = home / f".{labels.name}"
        _unpack(archive, draft)
        draft.rename(folder)
    inside = [entry for entry in folder.iterdir() if not entry.name.startswith(".")]
    top = inside[0] if len(inside) == 1 and inside[0].is_dir() else folder
    return (top / labels.root).resolve()


def _fetched(labels: Labels, home: Path) -> Path:
    home.mkdir(parents=True, exist_ok=True)
    url = _url(labels)
    path = home / f"{labels.name}.archive{'.zip' if url.endswith('.zip') else '.tar.gz'}"
    if not path.exists():
        with urllib.request.urlopen(url, timeout=60) as answer:
            content = answer.read(MAX_ARCHIVE + 1)
        path.write_bytes(content)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != labels.sha256:
        path.unlink()
        raise SystemExit(f"{labels.name}: the archive has changed: sha256 {digest}, and not {labels.sha256}")
    return path


def _url(labels: Labels) -> str:
    """Where the index keeps the source archive of that digest (PEP 691)."""
    page = f"{_index().rstrip('/')}/{labels.project.lower().replace('_', '-').replace('.', '-')}/"
    request = urllib.request.Request(page, headers={"Accept": _JSON})
    with urllib.request.urlopen(request, timeout=60) as answer:
        files = json.loads(answer.read())["files"]
    for file in files:
        if file["hashes"].get("sha256") == labels.sha256:
            return urllib.parse.urljoin(page, str(file["url"]))
    raise SystemExit(f"{labels.name} is not in the package index any more (sha256 {labels.sha256})")


def _index() -> str:
    """The package index that pip is told to use here."""
    told = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", "global.index-url"], capture_output=True, text=True, check=False
    )
    if told.returncode == 0 and told.stdout.strip():
        return told.stdout.strip()
    own = subprocess.run([sys.executable, "-c", _INDEX], capture_output=True, text=True, check=True)
    return own.stdout.strip()


def _unpack(archive: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if archive.name.endswith(".zip"):
        with zipfile.ZipFile(archive) as file:
            if sum(entry.file_size for entry in file.infolist()) > MAX_UNPACKED:
                raise SystemExit(f"{archive.name} is too large when unpacked")
            file.extractall(folder)
        return
    with tarfile.open(archive) as file:
        if sum(entry.size for entry in file) > MAX_UNPACKED:
            raise SystemExit(f"{archive.name} is too large when unpacked")
        file.extractall(folder, filter="data")
