"""The table of servers: what each of them needs for one work, in one unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bench.servers import FASTTRACKML, FULL, KINDS, MLFLOW, NORMAL
from bench.table import number


@dataclass(frozen=True)
class Line:
    """One line of the table.

    ``values`` by kind of server; who is not there can't do the work, ``note`` says why. ``more`` is
    better, or else less. ``times`` are the goals: so many times better must ours be than a peer,
    FULL (which syncs each commit, as MLflow does) than MLflow, NORMAL (no sync, as FastTrackML) than
    FastTrackML; FULL stands for both where only it was measured. ``limit`` is the most that it may be.
    """

    work: str
    unit: str
    values: dict[str, float]
    more: bool = False
    times: dict[str, float] = field(default_factory=dict)
    limit: float | None = None
    note: str = ""

    def ratio(self, peer: str) -> float | None:
        """How many times better ours is."""
        ours = self.values.get(NORMAL if peer == FASTTRACKML and NORMAL in self.values else FULL)
        theirs = self.values.get(peer)
        if not ours or not theirs:
            return None
        return ours / theirs if self.more else theirs / ours

    @property
    def reached(self) -> bool:
        within = self.limit is None or all(
            self.values[kind] <= self.limit for kind in (FULL, NORMAL) if kind in self.values
        )
        return within and all((self.ratio(peer) or 0) >= goal for peer, goal in self.times.items())

    @property
    def goal(self) -> str:
        names = {MLFLOW: "MLflow", FASTTRACKML: "FastTrackML"}
        parts = [f">= {goal:.3g} x {names[peer]}" for peer, goal in self.times.items()]
        return ", ".join([*parts, *([f"<= {self.limit:g} {self.unit}"] if self.limit is not None else [])])


def where_peers_win(lines: Iterable[Line]) -> str:
    """One sentence on the works that a peer does better."""
    names = {MLFLOW: "MLflow", FASTTRACKML: "FastTrackML"}
    lost = [
        f"{line.work} ({line.unit}, {names[peer]})"
        for line in lines
        for peer in names
        if (ratio := line.ratio(peer)) is not None and ratio < 1
    ]
    return f"A peer is better at: {'; '.join(lost)}." if lost else ""


def markdown(lines: Iterable[Line]) -> str:
    """A Markdown table, one line per work and unit, its notes below."""
    rows = [
        "| work | unit | Solvent FULL | NORMAL | MLflow | FastTrackML | FULL : MLflow | : FastTrackML | goal | reached |",
        "|---|---|--:|--:|--:|--:|--:|--:|---|---|",
    ]
    notes: list[str] = []
    for line in lines:
        mark = ""
        if line.note:
            if line.note not in notes:
                notes.append(line.note)
            mark = f" [{'abcdefghijklmnopqrstuvwxyz'[notes.index(line.note)]}]"
        values = [number(line.values[kind]) if kind in line.values else "" for kind in KINDS]
        ratios = [f"{number(ratio)} x" if (ratio := line.ratio(peer)) else "" for peer in (MLFLOW, FASTTRACKML)]
        reached = ("yes" if line.reached else "**no**") if line.goal else ""
        rows.append(f"| {line.work}{mark} | {line.unit} | {' | '.join([*values, *ratios])} | {line.goal} | {reached} |")
    return "\n".join(
        [*rows, "", *(f"[{'abcdefghijklmnopqrstuvwxyz'[place]}] {note}\n" for place, note in enumerate(notes))]
    )
