"""What a benchmark yields, and how it is printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table.

    ``ours`` and ``theirs`` are medians in ``unit``, less is better; ``theirs`` is None where MLflow
    has no counterpart. ``limit`` is the most that ours may be, ``times`` how many times less than
    theirs it must be; None where there is no such goal. ``note`` says what is not measured directly.
    """

    work: str
    unit: str
    ours: float
    theirs: float | None = None
    limit: float | None = None
    times: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return self.theirs / self.ours if self.theirs is not None and self.ours > 0 else None

    @property
    def reached(self) -> bool:
        within = self.limit is None or self.ours <= self.limit
        return within and (self.times is None or (self.ratio is not None and self.ratio >= self.times))

    @property
    def goal(self) -> str:
        parts = []
        if self.limit is not None:
            parts.append(f"<= {self.limit:g} {self.unit}")
        if self.times is not None:
            parts.append(f">= {self.times:g} x")
        return ", ".join(parts)


def markdown(rows: Iterable[Row]) -> str:
    """A Markdown table, one line per row, its notes below."""
    lines = ["| work | unit | Solvent | MLflow 3.17.2 | ratio | goal | reached |", "|---|---|--:|--:|--:|---|---|"]
    notes: list[str] = []
    for row in rows:
        mark = ""
        if row.note:
            if row.note not in notes:
                notes.append(row.note)
            mark = f" [{notes.index(row.note) + 1}]"
        theirs = number(row.theirs) if row.theirs is not None else ""
        ratio = f"{number(row.ratio)} x" if row.ratio is not None else ""
        reached = ("yes" if row.reached else "**no**") if row.goal else ""
        lines.append(
            f"| {row.work}{mark} | {row.unit} | {number(row.ours)} | {theirs} | {ratio} | {row.goal} | {reached} |"
        )
    return "\n".join([*lines, "", *(f"[{place}] {note}\n" for place, note in enumerate(notes, 1))])


def number(value: float) -> str:
    """Three significant digits, with a comma at thousands."""
    if value == 0:
        return "0"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
