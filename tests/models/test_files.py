from __future__ import annotations

import os
from pathlib import Path

import pytest

from solvent.models import files
from solvent.models.errors import ModelFileChanged, ModelFileMissing, NotAModel
from solvent.models.files import check_folder, digest, drop_bytecode, existing, hash_folder, inside


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "m" / "data").mkdir(parents=True)
    (tmp_path / "m" / "MLmodel").write_text("flavors: {}\n")
    (tmp_path / "m" / "data" / "weights").write_bytes(b"\0" * 1000)
    return tmp_path / "m"


def test_files_are_listed_with_size_and_hash(folder: Path) -> None:
    found = hash_folder(folder)
    assert [(file.path, file.size) for file in found] == [("MLmodel", 12), ("data/weights", 1000)]
    assert found[1].sha256 == "541b3e9daa09b20bf85fa273e5cbd3e80185aa4ec298e765db87742b70138a53"


def test_the_digest_depends_on_content_and_not_on_order(folder: Path) -> None:
    found = hash_folder(folder)
    assert digest(found) == digest(reversed(found))
    (folder / "data" / "weights").rename(folder / "data" / "other")
    assert digest(hash_folder(folder)) != digest(found)


def test_an_unchanged_folder_passes_and_what_mlflow_adds_to_a_download_too(folder: Path) -> None:
    found = hash_folder(folder)
    check_folder(folder, found)
    (folder / "registered_model_meta").write_text("model_name: m\n")
    check_folder(folder, found)


def test_the_first_missing_file_is_named_and_how_many(folder: Path) -> None:
    found = hash_folder(folder)
    (folder / "data" / "weights").unlink()
    with pytest.raises(ModelFileMissing, match="'data/weights' of the model is missing"):
        check_folder(folder, found)
    (folder / "MLmodel").unlink()
    with pytest.raises(ModelFileMissing, match="'MLmodel' and 1 more of the model are missing"):
        check_folder(folder, found)


def test_a_changed_file_of_the_same_size_is_named(folder: Path) -> None:
    found = hash_folder(folder)
    (folder / "data" / "weights").write_bytes(b"\0" * 999 + b"\1")
    with pytest.raises(ModelFileChanged, match=r"'data/weights' .* is not what was recorded"):
        check_folder(folder, found)


def test_a_file_that_was_not_recorded_is_named(folder: Path) -> None:
    found = hash_folder(folder)
    (folder / "sitecustomize.py").write_text("")
    with pytest.raises(ModelFileChanged, match=r"'sitecustomize.py' .* was not there when the model was recorded"):
        check_folder(folder, found)


def test_compiled_python_that_was_not_recorded_is_taken_away(folder: Path) -> None:
    (folder / "code" / "__pycache__").mkdir(parents=True)
    (folder / "code" / "__pycache__" / "mine.cpython-311.pyc").write_bytes(b"")
    recorded = hash_folder(folder)
    (folder / "code" / "__pycache__" / "other.cpython-311.pyc").write_bytes(b"")
    check_folder(folder, recorded)
    drop_bytecode(folder, recorded)
    assert hash_folder(folder) == recorded


@pytest.mark.parametrize("kind", ["link", "link to a folder", "pipe"])
def test_links_and_pipes_are_refused(folder: Path, kind: str) -> None:
    odd = folder / "data" / "odd"
    if kind == "pipe":
        os.mkfifo(odd)
    else:
        odd.symlink_to(folder.parent if "folder" in kind else folder / "MLmodel")
    with pytest.raises(NotAModel, match=r"'data/odd' .* is a link or no regular file"):
        hash_folder(folder)


def test_there_is_a_bound_on_files_and_depth(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_FILES", 1)
    with pytest.raises(NotAModel, match="more than 1 files"):
        hash_folder(folder)
    (folder / Path(*["d"] * 40)).mkdir(parents=True)
    monkeypatch.setattr(files, "MAX_FILES", 100)
    with pytest.raises(NotAModel, match="more than 32 folders deep"):
        hash_folder(folder)


def test_what_is_no_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(NotAModel, match="is no folder"):
        hash_folder(tmp_path / "nowhere")


@pytest.mark.parametrize("said", ["../x", "/etc/passwd", "data/../../x", "", None, 3, "a\0b"])
def test_paths_stay_in_the_folder(folder: Path, said: object) -> None:
    with pytest.raises(NotAModel):
        inside(folder, said)


def test_a_link_that_leads_out_is_no_path_inside(folder: Path) -> None:
    (folder / "out").symlink_to(folder.parent)
    with pytest.raises(NotAModel, match="outside"):
        inside(folder, "out/x")


def test_a_path_that_must_be_there(folder: Path) -> None:
    assert existing(folder, "data/weights") == folder / "data" / "weights"
    with pytest.raises(ModelFileMissing, match="'data/none' of the model is missing"):
        existing(folder, "data/none")
