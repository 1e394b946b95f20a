"""A seal holds for the run and the content it was made for, with the key of this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from solvent.projects.seal import is_sealed, seal


def test_a_seal_holds_for_what_it_was_made_for_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLVENT_CACHE", str(tmp_path / "here"))
    files = {"solvent/patch.diff": b"mine"}

    def content(path: str) -> bytes:
        return files.get(path, b"")

    code = seal("run", "main", {"a": "1"}, content)
    assert is_sealed(code, "run", "main", {"a": "1"}, content)
    assert not is_sealed("", "run", "main", {"a": "1"}, content)
    assert not is_sealed(code, "other", "main", {"a": "1"}, content)
    assert not is_sealed(code, "run", "other", {"a": "1"}, content)
    assert not is_sealed(code, "run", "main", {"a": "2"}, content)
    files["solvent/untracked.diff"] = b"added"
    assert not is_sealed(code, "run", "main", {"a": "1"}, content)
    assert (tmp_path / "here" / "seal.key").stat().st_mode & 0o777 == 0o600
    del files["solvent/untracked.diff"]
    monkeypatch.setenv("SOLVENT_CACHE", str(tmp_path / "elsewhere"))
    assert not is_sealed(code, "run", "main", {"a": "1"}, content)
