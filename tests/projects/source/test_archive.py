"""Projects in zips, here and behind a web server."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from solvent.projects.errors import InvalidProject, SourceFailed
from solvent.projects.source import archive
from solvent.projects.source.open import open_source
from tests.projects.source.repositories import FILES, make_zip, served


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOLVENT_CACHE", str(tmp_path / "cache"))
    make_zip(tmp_path / "p.zip", {**FILES, **{f"inner/{name}": text for name, text in FILES.items()}})
    return tmp_path


def left(folder: Path) -> list[str]:
    return [path.name for path in (folder / "cache" / "work").iterdir() if path.name != ".lock"]


@pytest.mark.parametrize("prefix", ["", "file://"])
def test_a_zip_on_this_machine(folder: Path, prefix: str) -> None:
    source = open_source(f"{prefix}{folder}/p.zip#inner")
    assert (source.folder / "train.py").read_text() == FILES["train.py"]
    assert (source.uri, source.remote, source.kind) == (f"{folder}/p.zip#inner", False, "zip")
    digest = hashlib.sha256((folder / "p.zip").read_bytes()).hexdigest()
    assert source.tags() == {"mlflow.source.name": source.uri, "solvent.source.digest": digest}
    source.discard()
    assert left(folder) == []
    assert (folder / "p.zip").is_file()


def test_a_zip_from_the_network(folder: Path) -> None:
    with served(folder) as url:
        source = open_source(f"{url}/p.zip#inner")
    assert (source.folder / "MLproject").read_text() == FILES["MLproject"]
    assert (source.uri, source.remote) == (f"{url}/p.zip#inner", True)
    assert {path.name for path in source.root.iterdir()} == {"project"}


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("{url}/q.zip", r"http://127.0.0.1:\d+/q.zip answered HTTP 404: check the address"),
        ("http://me:hunter2@127.0.0.1:9/p.zip", r"http://127.0.0.1:9/p.zip can't be downloaded \(.*refused\)"),
    ],
)
def test_what_can_not_be_had_is_named(folder: Path, address: str, message: str) -> None:
    with served(folder) as url, pytest.raises(SourceFailed, match=message):
        open_source(address.format(url=url))
    assert left(folder) == []


def test_a_download_is_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_DOWNLOAD", 100)
    with served(folder) as url, pytest.raises(SourceFailed, match="is larger than 100 bytes"):
        open_source(f"{url}/p.zip")
    assert left(folder) == []


def test_one_that_is_refused_leaves_nothing(folder: Path) -> None:
    make_zip(folder / "evil.zip", {"../evil": "x"})
    for address in ("evil.zip", "nowhere.zip", "p.zip#nowhere", "p.zip#../.."):
        with pytest.raises(InvalidProject):
            open_source(str(folder / address))
    assert left(folder) == []
    assert not list(folder.rglob("evil"))
