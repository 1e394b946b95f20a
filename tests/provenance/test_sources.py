"""What is kept of files that no commit holds, and what is said of the rest."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from solvent.provenance import sources
from solvent.provenance.git import GitState, read_git, read_unversioned
from solvent.provenance.kinds import Kind, kind_of
from tests.provenance.conftest import Repository

KEPT = {
    "config.json": b'{"lr": 0.1}\n',
    "notes.txt": b"note\n",
    "small.csv": b"a,b\n1,2\n",
    "app.conf": b"x = 1\n",
    "layout.xml": b"<a/>\n",
    "page.html": b"<p>\n",
    "api.proto": b'syntax = "proto3";\n',
    "prompt.j2": b"{{ x }}\n",
    "run": b"#!/bin/sh\necho\n",
}
LEFT_OUT = {
    ".env": b"A=1\n",
    "server.pem": b"x\n",
    "id_ed25519": b"x\n",
    "secrets/db.yaml": b"x: 1\n",
    "deploy.sh": b"cat <<E\n-----BEGIN OPENSSH PRIVATE KEY-----\nE\n",
    "data/part.bin": b"\0\1",
    "LICENSE": b"All rights\n",
    "large.csv": b"1,2\n" * 20_000,
}


def untracked_of(repository: Repository) -> GitState:
    state = read_git(repository.folder)
    assert state is not None
    return state


def test_small_texts_and_scripts_are_kept_and_all_else_is_named(repository: Repository, tmp_path: Path) -> None:
    commit = repository.commit_nothing()
    for name, content in (KEPT | LEFT_OUT).items():
        repository.write(name, content)
    (repository.folder / "run").chmod(0o755)
    Repository(repository.folder / "nested").commit_nothing()
    state = untracked_of(repository)
    assert set(state.untracked.kept) == KEPT.keys()
    assert state.untracked.left_out.keys() == LEFT_OUT.keys() | {"nested/"}
    assert state.untracked.left_out["nested/"] == "a git repository of its own"
    assert state.untracked.left_out[".env"] == "of a name that usually means secrets"
    assert state.untracked.left_out["deploy.sh"] == "holds a private key"
    assert state.untracked.left_out["large.csv"] == "80000 bytes, more than 65536"
    assert state.dirty

    copy = tmp_path / "copy"
    repository.git("worktree", "add", "--quiet", "--detach", str(copy), commit)
    subprocess.run(["git", "apply", "-"], cwd=copy, input=state.untracked.patch, check=True)
    assert {name: (copy / name).read_bytes() for name in KEPT} == KEPT
    assert (copy / "run").stat().st_mode & 0o100


def test_data_alone_does_not_make_the_code_dirty(repository: Repository) -> None:
    repository.commit_nothing()
    repository.write("data/part.bin", b"\0")
    state = untracked_of(repository)
    assert state.untracked.left_out == {"data/part.bin": "neither code nor a kind of text that is kept"}
    assert not state.dirty


def test_more_than_can_be_named_is_counted(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_NAMED", 3)
    repository.commit_nothing()
    for number in range(5):
        repository.write(f"{number}.bin", b"\0")
    repository.write("z.py", "x\n")
    found = untracked_of(repository).untracked
    assert (list(found.left_out), found.more, found.kept) == (["0.bin", "1.bin", "2.bin"], 2, ("z.py",))


def test_passwords_in_settings_are_masked(repository: Repository) -> None:
    repository.commit_nothing()
    settings = {"db": {"password": "hunter2", "use_auth": True, "eos_token": "</s>"}}
    repository.write("config.json", json.dumps(settings))
    repository.write("config.yaml", "api_key: abcdef\nmax_tokens: 5\npassword: ${DB_PASSWORD}\n")
    found = untracked_of(repository).untracked
    assert b"hunter2" not in found.patch
    assert b"abcdef" not in found.patch
    assert b"use_auth" in found.patch
    assert b"</s>" in found.patch
    assert b"${DB_PASSWORD}" in found.patch
    assert found.redacted == 2


def test_folders_that_are_not_entered_are_named(tmp_path: Path) -> None:
    for name in ("venv/a.py", ".hidden/a.py", "cache/a.py", "__pycache__/a.py", "src/a.py"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("x\n")
    (tmp_path / "cache" / ".gitignore").write_text("*\n")
    found = read_unversioned(tmp_path, None)
    assert found.kept == ("src/a.py",)
    assert found.left_out.keys() == {"venv/", ".hidden/", "cache/"}


def test_a_walk_that_is_cut_says_so(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"{number}.py").write_text("x\n")
    found = sources.as_patch(tmp_path, sources.walk(tmp_path), limit=3)
    assert (len(found.kept), found.cut) == (3, True)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("tokenizer.json", Kind.TEXT),
        ("token.json", Kind.SECRET),
        ("my-service-account.json", Kind.SECRET),
        (".ssh/config", Kind.SECRET),
        ("prod.env", Kind.SECRET),
        ("env.yaml", Kind.CODE),
        ("Makefile", Kind.CODE),
        ("model.pkl", Kind.OTHER),
        ("train", Kind.BARE),
    ],
)
def test_the_kind_is_known_by_the_name(path: str, kind: Kind) -> None:
    assert kind_of(path) is kind
