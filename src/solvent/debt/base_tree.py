"""The files of a commit in a folder of their own. The user's checkout, index and repository stay as they are."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from solvent.debt.errors import UnknownRevision
from solvent.debt.revisions import Base
from solvent.provenance.git import Git, by_folder_alone

SECONDS = 300.0
_NO_LFS = (("filter.lfs.smudge", ""), ("filter.lfs.process", ""), ("filter.lfs.required", "false"))


@contextmanager
def exported(root: Path, base: Base) -> Iterator[Path | None]:
    """The state of ``root`` at a commit; None if the folder was not there.

    It is a repository that borrows the objects of the first (``objects/info/alternates``), so that rules which ask
    git (what is tracked, how old a line is) answer as they do for the first. ``git archive`` leaves out what
    ``export-ignore`` names, and ``git worktree`` writes into the user's repository.

    Raises:
        UnknownRevision: its files can't be written out.
    """
    git = base.git
    top = git.line("rev-parse", "--show-toplevel")
    common = git.line("rev-parse", "--git-common-dir")
    if top is None or common is None:
        raise UnknownRevision(f"{root} is in a repository without a working tree: there is nothing to compare")
    common_folder = (root / common).resolve()
    subfolder = root.resolve().relative_to(Path(top).resolve())
    with tempfile.TemporaryDirectory(prefix="solvent-debt-") as made, by_folder_alone():
        tree = Path(made).resolve() / "base"
        tree.mkdir()
        if not _write_out(tree, common_folder, base.commit, git.line("rev-parse", "--show-object-format")):
            raise UnknownRevision(
                f"git can't write out the files of {base.name}: is it a partial clone, or the disk full?"
            )
        yield tree / subfolder if (tree / subfolder).is_dir() else None


def _write_out(tree: Path, common: Path, commit: str, form: str | None) -> bool:
    git = Git(tree)
    git.settings += _NO_LFS
    if git.run("init", "--quiet", "--template=", *([f"--object-format={form}"] if form else [])) is None:
        return False
    (tree / ".git/objects/info").mkdir(exist_ok=True)
    (tree / ".git/objects/info/alternates").write_bytes(os.fsencode(common / "objects") + b"\n")
    if (common / "shallow").is_file():
        (tree / ".git/shallow").write_bytes((common / "shallow").read_bytes())
    if git.run("update-ref", "--no-deref", "HEAD", commit) is None:
        return False
    return git.run("reset", "--quiet", "--hard", commit, seconds=SECONDS) is not None
