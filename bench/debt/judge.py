"""Findings held against labels: precision and recall per rule, with Wilson's intervals (Wilson 1927)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from bench.debt.labels import SOUGHT, Label, Labels
from solvent.debt.findings import Finding

Z = 1.96
NOT_READ_FOR = frozenset({"ENV704"})
"""Rules that the readers of whole files did not have in mind: what they left unlabelled says nothing of these."""


@dataclass
class Score:
    """One rule's: ``right`` and ``wrong`` judged hits, labels that were ``met`` and ``missed``, hits not judged."""

    right: int = 0
    wrong: int = 0
    met: int = 0
    missed: int = 0
    unjudged: int = 0
    mistakes: list[str] = field(default_factory=list)
    overlooked: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    @property
    def judged(self) -> int:
        return self.right + self.wrong

    @property
    def precision(self) -> float | None:
        return self.right / self.judged if self.judged else None

    @property
    def recall(self) -> float | None:
        return self.met / (self.met + self.missed) if self.met + self.missed else None

    def add(self, other: Score) -> None:
        for name in ("right", "wrong", "met", "missed", "unjudged"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def judge(labels: Labels, findings: Iterable[Finding], scores: dict[str, Score]) -> None:
    """Add what one project's findings came to; a found project's count for the precision of the sought rules alone."""
    read = frozenset(labels.read if not labels.found else ())
    met: set[Label] = set()
    for finding in findings:
        if labels.found and finding.code not in SOUGHT:
            continue
        score = scores.setdefault(finding.code, Score())
        place = f"{labels.project}/{finding.path}:{finding.line}" + (f" cell {finding.cell}" if finding.cell else "")
        line = f"{place} {finding.message}"
        if any(_fits(label, finding) for label in labels.unsure):
            continue
        fitting = [label for label in labels.labels if _fits(label, finding)]
        if any(label.debt for label in fitting):
            met.update(label for label in fitting if label.debt)
            score.right += 1
        elif fitting or (finding.path in read and finding.code not in NOT_READ_FOR):
            score.wrong += 1
            score.mistakes.append(line)
        else:
            score.unjudged += 1
            score.open.append(line)
    for label in labels.labels:
        if label.debt and not labels.found:
            score = scores.setdefault(label.code, Score())
            if label in met:
                score.met += 1
            else:
                score.missed += 1
                score.overlooked.append(f"{labels.project}/{label.path}:{label.lines or ''} {label.why}")


def _fits(label: Label, finding: Finding) -> bool:
    return label.fits(finding.code, finding.path, finding.line, finding.end_line, finding.cell)


def interval(part: int, whole: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a proportion.

    >>> tuple(round(bound, 3) for bound in interval(9, 10))
    (0.596, 0.982)
    """
    if not whole:
        return 0.0, 1.0
    share, square = part / whole, Z * Z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    spread = Z * math.sqrt(share * (1 - share) / whole + square / (4 * whole * whole)) / (1 + square / whole)
    return max(0.0, middle - spread), min(1.0, middle + spread)
