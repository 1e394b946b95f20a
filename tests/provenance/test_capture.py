"""The whole capture: tags and files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from solvent.provenance.capture import Provenance, capture
from solvent.provenance.program import Program
from tests.provenance.conftest import Repository


def test_a_dirty_repository_in_tags_and_files(repository: Repository) -> None:
    repository.write("train.py", "print(1)\n")
    commit = repository.commit()
    repository.write("train.py", "print(2)\n")
    repository.write("helper.py", "print(3)\n")
    captured = capture(repository.folder, Program(None, "train.py", "LOCAL", ["train.py", "--token", "abc"]))
    tags, files = captured.tags(), captured.files()
    assert tags["mlflow.source.git.commit"] == commit
    assert tags["mlflow.source.git.branch"] == "main"
    assert (tags["solvent.git.dirty"], tags["solvent.code"]) == ("true", "dirty")
    assert tags["solvent.command"] == "train.py --token '[redacted]'"
    assert b"+print(2)" in files["solvent/patch.diff"]
    assert b"+print(3)" in files["solvent/untracked.diff"]
    assert b"msgspec==" in files["solvent/packages.txt"]
    assert json.loads(files["solvent/provenance.json"])["git"]["commit"] == commit
    assert "solvent/cells.py" not in files


def test_code_under_no_version_control_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("print(1)\n")
    captured = capture(tmp_path)
    assert captured.tags()["solvent.code"] == "unversioned"
    assert "solvent.git.dirty" not in captured.tags()
    assert b"+print(1)" in captured.files()["solvent/untracked.diff"]


def test_what_was_left_out_is_said(tmp_path: Path) -> None:
    (tmp_path / "large.py").write_bytes(b"x" * 600_000)
    captured = capture(tmp_path)
    assert captured.tags()["solvent.code.note"] == "1 file left out of untracked.diff (see provenance.json)"
    left_out = json.loads(captured.files()["solvent/provenance.json"])["untracked"]["left_out"]
    assert left_out == {"large.py": "600000 bytes, more than 524288"}


def test_no_environment_variable_is_captured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_VARIABLE", "correct-horse-battery")
    captured = capture(tmp_path)
    everything = b"".join(captured.files().values()) + repr(captured.tags()).encode()
    assert b"correct-horse-battery" not in everything


def captured_of(script: Path, folder: Path) -> Provenance:
    return capture(folder, Program(script, str(script), "LOCAL", ["python", str(script)]))


def test_the_repository_is_the_scripts_and_the_working_folders_is_said_too(
    repository: Repository, tmp_path: Path
) -> None:
    script = repository.write("src/train.py", "print(1)\n")
    commit = repository.commit()
    repository.write("src/train.py", "print(2)\n")
    other = Repository(tmp_path / "other")
    other.write("a.py", "a = 1\n")
    elsewhere = other.commit()
    other.write("a.py", "a = 2\n")
    captured = captured_of(script, other.folder)
    tags, files = captured.tags(), captured.files()
    assert (tags["mlflow.source.git.commit"], tags["solvent.code"]) == (commit, "dirty")
    assert b"+print(2)" in files["solvent/patch.diff"]
    assert b"+a = 2" in files["solvent/working-folder/patch.diff"]
    summary = json.loads(files["solvent/provenance.json"])
    assert summary["program"] == str(script)
    assert (summary["git"]["root"], summary["git"]["subfolder"]) == (str(repository.folder), "src")
    assert (summary["working_folder"]["commit"], summary["working_folder"]["dirty"]) == (elsewhere, True)


def test_a_script_without_a_repository_is_kept_with_what_lies_beside_it(repository: Repository, tmp_path: Path) -> None:
    repository.commit_nothing()
    (tmp_path / "loose").mkdir()
    script = tmp_path / "loose" / "train.py"
    script.write_text("import helper\n")
    script.with_name("helper.py").write_text("x = 1\n")
    for folder in (repository.folder, Path("/")):
        captured = captured_of(script, folder)
        assert captured.tags()["solvent.code"] == "unversioned"
        assert "mlflow.source.git.commit" not in captured.tags()
        assert captured.sources.kept == ("helper.py", "train.py")
        assert captured.root == str(script.parent)


def test_a_script_within_the_working_folder_is_kept_with_all_of_it(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    script = tmp_path / "src" / "train.py"
    script.write_text("x\n")
    (tmp_path / "config.json").write_text("{}")
    assert captured_of(script, tmp_path).sources.kept == ("config.json", "src/train.py")


def test_a_script_that_git_ignores_is_kept(repository: Repository) -> None:
    repository.write(".gitignore", "scratch.py\nout/\n")
    repository.commit()
    captured = captured_of(repository.write("scratch.py", "print(1)\n"), repository.folder)
    assert captured.sources.kept == ("scratch.py",)
    captured = captured_of(repository.write("out/scratch.py", "print(1)\n"), repository.folder)
    assert (captured.code, captured.sources.kept) == ("unversioned", ("scratch.py",))
