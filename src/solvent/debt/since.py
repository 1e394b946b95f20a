"""``--since`` and ``--new-only``: what a change brought, set against the commit that it started from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path

import msgspec

from solvent.debt.base_tree import exported
from solvent.debt.baseline import entry_of, match
from solvent.debt.engine.check import Options, check_whole
from solvent.debt.errors import UnknownRevision
from solvent.debt.findings import Finding
from solvent.debt.revisions import Base, merge_base, names_of
from solvent.debt.settings import read_settings
from solvent.debt.sources.discover import root_of
from solvent.debt.sources.errors import Unreadable
from solvent.debt.sources.notebook import Notebook, read_notebook
from solvent.debt.sources.read import MAX_NOTEBOOK_BYTES, read_file

MAX_DIFF = 64 << 20
_HUNK = re.compile(rb"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@")
_DIFF = ("diff", "--no-color", "--no-ext-diff", "--no-textconv", "--relative", "-M", "--ignore-submodules")

Lines = list[tuple[int, int]]
"""First and last lines, both included."""


class Changes:
    """Which lines of the working tree are not as in a commit. Files that the commit does not have are new."""

    def __init__(self, root: Path, base: Base) -> None:
        self._root = root
        self._base = base
        self._new: set[str] = set()
        self._old: dict[str, str] = {}
        self._lines: dict[str, Lines] = {}
        self._cells: dict[str, dict[int, set[int]]] = {}
        self._list_files()

    def _list_files(self) -> None:
        git = self._base.git
        listing = git.run(*_DIFF, "--name-status", "-z", self._base.commit, "--", limit=MAX_DIFF)
        others = git.run("ls-files", "--others", "--exclude-standard", "-z", limit=MAX_DIFF)
        if listing is None or others is None or max(len(listing), len(others)) > MAX_DIFF:
            raise UnknownRevision(f"git can't say what has changed since {self._base.name}")
        self._new.update(names_of(others))
        fields = iter(names_of(listing))
        for status in fields:
            old = path = next(fields)
            if status[0] in "RC":
                path = next(fields)
            if status[0] == "A":
                self._new.add(path)
            elif status[0] != "D":
                self._old[path] = old

    def touch(self, finding: Finding) -> bool:
        """Whether a finding lies in a new file or on a changed line; one about a whole file is in any of its lines."""
        if finding.path in self._new:
            return True
        if finding.path not in self._old:
            return False
        if finding.line == 0:
            return True
        last = max(finding.line, finding.end_line)
        if finding.cell is not None:
            changed = self._cell_lines(finding.path).get(finding.cell, set())
            return any(line in changed for line in range(finding.line, last + 1))
        return any(first <= last and end >= finding.line for first, end in self._file_lines(finding.path))

    def _file_lines(self, path: str) -> Lines:
        if path not in self._lines:
            names = dict.fromkeys([self._old[path], path])
            arguments = [*_DIFF, "-U0", "--inter-hunk-context=0", self._base.commit, "--", *_literal(names)]
            diff = self._base.git.run(*arguments, limit=MAX_DIFF)
            if diff is None or len(diff) > MAX_DIFF or b"\nBinary files " in diff:
                self._lines[path] = [(1, 1 << 31)]  # not to be told: all of it
            else:
                self._lines[path] = list(_hunks(diff))
        return self._lines[path]

    def _cell_lines(self, path: str) -> dict[int, set[int]]:
        if path not in self._cells:
            self._cells[path] = self._compare_notebooks(path)
        return self._cells[path]

    def _compare_notebooks(self, path: str) -> dict[int, set[int]]:
        before: list[str] = []
        old = f"{self._base.commit}:./{self._old[path]}"
        content = self._base.git.run("show", "--no-textconv", old, limit=MAX_NOTEBOOK_BYTES)
        with suppress(Unreadable):
            before = read_notebook(content or b"").source.split("\n")
        try:
            now = read_notebook(read_file(self._root / path))
        except Unreadable:
            return {}
        return _changed_in_cells(before, now)


def _literal(names: Iterator[str] | dict[str, None]) -> list[str]:
    return [f":(literal){name}" for name in names]


def _hunks(diff: bytes) -> Iterator[tuple[int, int]]:
    """The new lines of one file's diff without context. A line of a file never looks like a hunk's head: it
    begins with a sign."""
    for line in diff.split(b"\n"):
        if found := _HUNK.match(line):
            first, count = int(found[1]), int(found[2]) if found[2] is not None else 1
            if count:
                yield first, first + count - 1


def _changed_in_cells(before: list[str], now: Notebook) -> dict[int, set[int]]:
    changed: dict[int, set[int]] = {}
    matcher = SequenceMatcher(None, before, now.source.split("\n"))
    for kind, _, _, first, end in matcher.get_opcodes():
        if kind in ("insert", "replace"):
            for line in range(first + 1, end + 1):
                cell, start = now.cell_at(line)
                changed.setdefault(cell, set()).add(line - start + 1)
    return changed


class Since:
    """Findings on lines that have changed, to be ``Options.only``; afterwards ``note`` says what was left out."""

    def __init__(self, options: Options, revision: str) -> None:
        root = options.root or root_of(options.paths)
        self._base = merge_base(root, revision)
        self._changes = Changes(root, self._base)
        self.note = ""

    def __call__(self, findings: list[Finding]) -> list[Finding]:
        touched = [finding for finding in findings if self._changes.touch(finding)]
        left = len(findings) - len(touched)
        self.note = (
            f"only lines changed since {self._base.name} were asked about; not shown, as they are elsewhere: {left:,}"
        )
        return touched


class NewOnly:
    """Findings that the base does not have, to be ``Options.only``."""

    def __init__(self, options: Options, revision: str | None) -> None:
        self._options = options
        self._root = options.root or root_of(options.paths)
        self._base = merge_base(self._root, revision)
        self._changes = Changes(self._root, self._base)
        self.note = ""

    def __call__(self, findings: list[Finding]) -> list[Finding]:
        """Of equal findings in a file those on changed lines are the new ones."""
        ordered = sorted(findings, key=self._changes.touch) if findings else []
        new = {finding.fingerprint for finding in match(ordered, map(entry_of, self._before(findings))).new}
        kept = [finding for finding in findings if finding.fingerprint in new]
        old = len(findings) - len(kept)
        self.note = f"only what is new since {self._base.name} was asked about; not shown, as they are older: {old:,}"
        return kept

    def _before(self, findings: list[Finding]) -> list[Finding]:
        if not findings:
            return []
        settings = self._options.settings or read_settings(self._root)
        facts = [str(self._root / path) for path in settings.facts]
        with exported(self._root, self._base) as tree:
            if tree is None:
                return []
            asked = replace(
                self._options,
                paths=[tree],
                root=tree,
                settings=msgspec.structs.replace(settings, facts=facts, baseline=None),
                baseline=None,
                only=None,
                progress=None,
                twin=self._root,
            )
            return check_whole(asked).findings
