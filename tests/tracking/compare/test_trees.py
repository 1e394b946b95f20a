"""Whole trees of a repository, compared without leaving anything in it."""

from __future__ import annotations

from pathlib import Path

from solvent.tracking.compare.trees import State, holds, tree_changes
from tests.tracking.compare.repository import Repository


def test_commits_with_patches_are_compared_and_nothing_is_left(repository: Repository) -> None:
    repository.write("a.py", "one\n")
    repository.write("gone.py", "x\n")
    first = repository.commit()
    repository.write("a.py", "two\n")
    patch = repository.git("diff", "HEAD").encode()
    (repository.folder / "gone.py").unlink()
    repository.write("new/b.py", "b\n")
    second = repository.commit()
    before = repository.git("count-objects", "-v"), repository.git("status", "--porcelain")

    assert holds(repository.folder / "new", [first, second])
    told = tree_changes(repository.folder / "new", State(first), State(second), with_text=True)
    assert not isinstance(told, str)
    assert [(file.path, file.added, file.removed) for file in told] == [
        ("a.py", 1, 1),
        ("gone.py", 0, 1),
        ("new/b.py", 1, 0),
    ]
    assert told[0].text == "@@ -1,1 +1,1 @@\n-one\n+two"
    told = tree_changes(repository.folder, State(first, [patch]), State(second), with_text=False)
    assert not isinstance(told, str)
    assert [file.path for file in told] == ["gone.py", "new/b.py"]
    assert (repository.git("count-objects", "-v"), repository.git("status", "--porcelain")) == before


def test_a_patch_that_does_not_fit_is_said(repository: Repository) -> None:
    repository.write("a.py", "one\n")
    commit = repository.commit()
    evil = b"diff --git a/../../x b/../../x\nnew file mode 100644\n--- /dev/null\n+++ b/../../x\n@@ -0,0 +1 @@\n+x\n"
    for patch in (b"nonsense", evil):
        told = tree_changes(repository.folder, State(commit, [patch]), State(commit), with_text=False)
        assert told == f"what was recorded beside the commit {commit[:8]} can't be applied to it"
    assert not (repository.folder.parent.parent / "x").exists()


def test_only_a_commit_that_is_there_counts(repository: Repository, tmp_path: Path) -> None:
    repository.write("a.py", "one\n")
    commit = repository.commit()
    assert holds(repository.folder, [commit, commit[:10]])
    for other in ("0" * 40, "HEAD", "--all", "", "main"):
        assert not holds(repository.folder, [commit, other])
    assert not holds(tmp_path, [commit])
