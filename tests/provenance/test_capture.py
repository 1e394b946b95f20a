"""The whole capture: tags and files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from solvent.provenance.capture import capture
from tests.provenance.conftest import Repository


def test_a_dirty_repository_in_tags_and_files(repository: Repository) -> None:
    repository.write("train.py", "print(1)\n")
    commit = repository.commit()
    repository.write("train.py", "print(2)\n")
    repository.write("helper.py", "print(3)\n")
    captured = capture(repository.folder, command=["train.py", "--token", "abc"])
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
    assert captured.tags()["solvent.code.note"] == "1 files left out of untracked.diff (see provenance.json)"
    left_out = json.loads(captured.files()["solvent/provenance.json"])["untracked"]["left_out"]
    assert left_out == {"large.py": "600000 bytes, more than 524288"}


def test_no_environment_variable_is_captured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_VARIABLE", "correct-horse-battery")
    captured = capture(tmp_path)
    everything = b"".join(captured.files().values()) + repr(captured.tags()).encode()
    assert b"correct-horse-battery" not in everything
