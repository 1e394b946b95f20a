"""What became of all checks of a table, and what they come to together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from solvent.data.contract.check.outcome import Check
from solvent.data.contract.check.text import cells, line, subject
from solvent.data.contract.check.words import count, visible
from solvent.data.contract.model import Unchecked

Verdict = Literal["passed", "warned", "failed"]
"""Only checks of severity ``error`` make it ``failed``, those of ``warning`` make it ``warned``."""
HEADERS = ("outcome", "severity", "column", "check", "what")
_SEVERITIES = ("error", "warning", "info")


class Report(msgspec.Struct, frozen=True):
    """One table held against one contract; ``checks`` are all that were asked, in the contract's order.

    ``unchecked``: what the contract says in words, or to other programs. ``remarks``: what was done to read the data.
    ``str(report)`` is a text for people.
    """

    contract: str
    version: str
    digest: str
    table: str
    data: str
    rows: int
    checks: list[Check]
    unchecked: list[Unchecked] = []
    remarks: list[str] = []

    @property
    def verdict(self) -> Verdict:
        severities = {check.severity for check in self.broken}
        return "failed" if "error" in severities else "warned" if "warning" in severities else "passed"

    @property
    def broken(self) -> list[Check]:
        """The checks that did not pass, of any severity, the worst first."""
        found = [check for check in self.checks if check.status != "passed"]
        return sorted(found, key=lambda check: _SEVERITIES.index(check.severity))

    @property
    def notes(self) -> list[Check]:
        """The checks that passed, and of which something must be known."""
        return [check for check in self.checks if check.note]

    @property
    def headline(self) -> str:
        """What was held against what, and what it came to, in one line."""
        data = visible(self.data or self.table)
        contract = f"{visible(self.contract)} {visible(self.version)}"
        checks = count(len(self.checks), "check")
        if self.verdict == "passed":
            return f"{data} keeps the contract {contract}: {checks}, {count(self.rows, 'row')}"
        warnings = count(sum(check.severity == "warning" for check in self.broken), "warning")
        if self.verdict == "warned":
            return f"{data} keeps the contract {contract} with {warnings}: {checks}"
        errors = sum(check.severity == "error" for check in self.broken)
        more = "" if warnings.startswith("0 ") else f", and {warnings}"
        return f"{data} breaks the contract {contract}: {errors:,} of {checks} failed{more}"

    @property
    def table_rows(self) -> list[list[str]]:
        """Cells under ``HEADERS``: the checks that did not pass, then the notes."""
        return [cells(check) for check in [*self.broken, *self.notes]]

    def __str__(self) -> str:
        return "\n  ".join([self.headline, *self._lines()])

    def _lines(self) -> Iterator[str]:
        yield from map(line, self.broken)
        for check in self.notes:
            yield f"note: {subject(check)}: {visible(check.note)}"
        yield from (f"note: {told}" for told in self.told)

    @property
    def told(self) -> list[str]:
        """What is said besides the outcomes: what was not checked at all, and how the data was read."""
        kept = [f"not checked: {visible(one.name)}: {visible(one.reason)}" for one in self.unchecked]
        return kept + [visible(remark) for remark in self.remarks]
