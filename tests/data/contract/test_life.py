"""Draft, git, accepted version: the life of a contract's file."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from solvent.data.contract.accept import accept, rewritten
from solvent.data.contract.history import at_revision, history
from solvent.data.contract.read import read_contract
from solvent.data.contract.yaml_text import parse_yaml
from solvent.data.errors import InvalidContract
from solvent.errors import NotFound

DRAFT = """\
# What a loan is
apiVersion: v3.1.0
kind: DataContract
id: loans
version: 1.0.0 # the first
status: draft
schema:
  - name: loans
    properties:
      - name: age   # in years
        logicalType: integer
        logicalTypeOptions: {minimum: 18}
"""


def git(folder: Path, *arguments: str) -> None:
    names = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    subprocess.run(["git", *names, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    path = tmp_path / "loans.odcs.yaml"
    path.write_text(DRAFT)
    return path


def commit(file: Path, message: str = "change") -> None:
    git(file.parent, "add", file.name)
    git(file.parent, "commit", "-q", "-m", message)


def test_the_first_acceptance_keeps_comments(file: Path) -> None:
    done = accept(file)
    assert done.compared is None
    assert done.changed
    assert file.read_text() == DRAFT.replace("status: draft", "status: active")
    assert done.contract == read_contract(file)
    assert not accept(file).changed


def test_an_insufficient_version_is_refused_and_changes_nothing(file: Path) -> None:
    accept(file)
    commit(file)
    draft = DRAFT.replace("minimum: 18", "minimum: 16")
    file.write_text(draft)
    commit(file, "a draft in between is no accepted version")
    message = r"1 changes need a minor version \(WIDENING: loans.age: bounds from 18 -> 16\), but 1.0.0 became 1.0.0: write 1.1.0"
    with pytest.raises(InvalidContract, match=message):
        accept(file)
    assert file.read_text() == draft
    done = accept(file, bump=True)
    assert done.contract.version == "1.1.0"
    assert "version: 1.1.0 # the first\nstatus: active\n" in file.read_text()
    file.write_text(DRAFT.replace("1.0.0", "0.9.0"))
    with pytest.raises(InvalidContract, match=r"version 0\.9\.0 is lower than the accepted 1\.0\.0"):
        accept(file)


def test_it_may_be_compared_with_another(file: Path) -> None:
    other = file.with_name("old.odcs.yaml")
    other.write_text(DRAFT.replace("integer", "string").replace("{minimum: 18}", "{minLength: 1}"))
    with pytest.raises(InvalidContract, match="need a major version"):
        accept(file, against=read_contract(other))


@pytest.mark.parametrize("status", ["retired", "deprecated"])
def test_what_is_over_is_not_accepted(file: Path, status: str) -> None:
    file.write_text(DRAFT.replace("draft", status))
    with pytest.raises(InvalidContract, match=f"a {status} contract can't be accepted"):
        accept(file)


@pytest.mark.parametrize(
    "text",
    [
        DRAFT,
        DRAFT.replace("version: 1.0.0 # the first\nstatus: draft\n", "version: '1.0.0'\n"),
        DRAFT.replace("status: draft", 'status: "draft"'),
        "{apiVersion: v3.1.0, kind: DataContract, id: a, version: 1.0.0, status: draft}",
        DRAFT.replace("status: draft", "status:\n  draft"),
        DRAFT.replace("id: loans", "id: |\n  version: 1\n  status: x"),
    ],
)
def test_however_it_is_laid_out_the_right_thing_is_written(text: str) -> None:
    document = {**parse_yaml(text, "c").value, "version": "2.0.0", "status": "active"}
    assert parse_yaml(rewritten(text, document), "c").value == document


def test_history(file: Path) -> None:
    with pytest.raises(NotFound, match="no commit holds"):
        history(file)
    commit(file, "draft")
    accept(file)
    commit(file, "accepted")
    file.write_text("id: [")
    commit(file, "broken")
    file.write_text(DRAFT.replace("minimum: 18", "minimum: 16"))
    commit(file, "wider")
    git(file.parent, "rm", "-q", file.name)
    git(file.parent, "commit", "-q", "-m", "gone")
    file.write_text(DRAFT.replace("1.0.0", "2.0.0").replace("name: age", "name: years"))
    commit(file, "breaking")
    entries = history(file)
    assert [entry.subject for entry in entries] == ["breaking", "gone", "wider", "broken", "accepted", "draft"]
    assert [entry.version for entry in entries] == ["2.0.0", "", "1.0.0", "", "1.0.0", "1.0.0"]
    assert entries[1].problem == "the file was removed"
    assert "not valid YAML" in (entries[3].problem or "")
    assert [entry.enough for entry in entries] == [True, None, False, None, True, None]
    assert entries[0].levels == {"BREAKING": 1, "NARROWING": 1}


def test_revisions(file: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    commit(file)
    assert at_revision(file, "HEAD") == DRAFT
    assert at_revision(file.with_name("other.yaml"), "HEAD") is None
    for revision in ("nothing", "--output=x", ""):
        with pytest.raises(NotFound, match="there is no revision"):
            at_revision(file, revision)
    outside = tmp_path_factory.mktemp("outside") / "c.yaml"
    with pytest.raises(NotFound, match="is in no git repository"):
        history(outside)
