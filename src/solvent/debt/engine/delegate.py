"""Rules that narrow what ruff reports: run in one process of its, and kept in the cache like all others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import msgspec

from solvent.debt.delegated import ruff
from solvent.debt.delegated.reported import DelegatedFile, Reported
from solvent.debt.engine.examine import Examined
from solvent.debt.findings import Found
from solvent.debt.rule import Rule
from solvent.debt.sources.errors import Unreadable
from solvent.debt.sources.read import read_file
from solvent.debt.sources.roles import Role

MOST_RUNS = 60
"""So often ruff is asked in search of the files on which it fails: enough for three among thousands."""


class Delegation:
    """The delegated rules of a check. ``notes`` tell of those that did not run: a report is never silent about it.

    ``skipped`` are their codes; ``failed`` are the notes that make the check itself fail: ruff did, or it is not
    installed and a rule was asked for by its own name or code (``named``). ``state`` is what results depend on besides the rules: it belongs to the key of the cache.
    """

    def __init__(self, root: Path, rules: Iterable[Rule], named: Collection[str] = ()) -> None:
        self.root = root
        self.notes: list[str] = []
        self.failed: list[str] = []
        self.culprits: dict[str, str] = {}
        """Files on which ruff fails, and how."""
        self.skipped: frozenset[str] = frozenset()
        self._rules = [rule for rule in rules if rule.check_delegated is not None]
        self._reports: dict[str, list[Reported]] = {}
        installed = ruff.version() if self._rules else None
        self.state = f"ruff={installed}"
        if self._rules and installed is None:
            wanted = any(rule.code in named or rule.name in named for rule in self._rules)
            self._skip("ruff is not installed: pip install 'solvent[debt]' brings it", fails=wanted)

    def run(self, work: Sequence[tuple[str, Role]]) -> bool:
        """Ask ruff about files that the cache does not know and Solvent could read; False if it failed."""
        wanted = {role for rule in self._rules for role in rule.roles}
        paths = [path for path, role in work if role in wanted]
        if not paths:
            return True
        odd = [path for path in paths if not ruff.is_listable(path)]
        if odd:
            self.notes.append(f"ruff can't be told of {len(odd)} files, {odd[0]!r} among them: rename them")
        select = sorted({code for rule in self._rules for code in rule.delegates})
        try:
            self._reports = self._run(paths, select)
        except ruff.RuffFailed as error:
            self._skip(f"ruff failed: {error}", fails=True)
            return False
        return True

    def _run(self, paths: list[str], select: list[str]) -> dict[str, list[Reported]]:
        """What ruff reports, without the files on which it fails: one must not hide what is in the others."""
        reports: dict[str, list[Reported]] = {}
        stack, runs = [paths], 0
        while stack:
            some = stack.pop()
            runs += 1
            try:
                reports |= ruff.run(self.root, some, select)
            except ruff.RuffHung:
                raise
            except ruff.RuffFailed as error:
                if runs > MOST_RUNS or (runs == 1 and not ruff.works(select)):
                    raise
                if len(some) == 1:
                    self.culprits[some[0]] = f"ruff failed on it: {error}"
                else:
                    half = len(some) // 2
                    stack += [some[half:], some[:half]]
        return reports

    def added(self, path: str, role: Role, examined: Examined) -> Examined:
        """What a file came to, with what the delegated rules find in it; the same object if that is nothing."""
        reports = self._reports.pop(path, None)
        if path in self.culprits:
            return msgspec.structs.replace(examined, unreadable=self.culprits[path])
        found = self._found(path, role, examined, reports) if reports else []
        return msgspec.structs.replace(examined, found=[*examined.found, *found]) if found else examined

    def _found(self, path: str, role: Role, examined: Examined, reports: list[Reported]) -> list[tuple[str, Found]]:
        if examined.summary is None:
            return []
        try:
            content = read_file(self.root / path)
        except Unreadable:  # it was there a moment ago
            return []
        found: list[tuple[str, Found]] = []
        for rule in self._rules:
            own = [report for report in reports if report.code in rule.delegates]
            if own and role in rule.roles and rule.check_delegated is not None:
                file = DelegatedFile(path, content, examined.summary, own)
                found += [(rule.code, each) for each in rule.check_delegated(file)]
        return found

    def _skip(self, why: str, *, fails: bool) -> None:
        self.skipped = frozenset(rule.code for rule in self._rules)
        self.notes.append(f"{', '.join(sorted(self.skipped))} did not run: {why}")
        if fails:
            self.failed.append(self.notes[-1])
        self._rules = []
        self.culprits = {}
