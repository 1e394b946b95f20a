"""In which order findings are shown, and how much each rule and file has of them."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from solvent.debt.findings import SEVERITIES, Finding

_RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}


class Statistic(msgspec.Struct, frozen=True):
    """One rule's part in the whole. ``share`` is its fraction of all minutes."""

    code: str
    rule: str
    findings: int
    minutes: int
    share: float


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """By severity, then by the time to mend, then by place: what to read first, and what to keep if there is a limit."""
    return sorted(findings, key=lambda each: (_RANK[each.severity], -each.minutes, each.place))


def by_file(findings: Iterable[Finding]) -> list[tuple[str, list[Finding]]]:
    """The findings of each file in their order, the file with the most to mend first."""
    files: dict[str, list[Finding]] = {}
    for finding in findings:
        files.setdefault(finding.path, []).append(finding)
    return sorted(files.items(), key=lambda file: (-sum(each.minutes for each in file[1]), file[0]))


def statistics_of(findings: Iterable[Finding]) -> list[Statistic]:
    """What each rule has found, the dearest first."""
    rules: dict[str, list[Finding]] = {}
    for finding in findings:
        rules.setdefault(finding.code, []).append(finding)
    minutes = {code: sum(each.minutes for each in found) for code, found in rules.items()}
    whole = sum(minutes.values()) or 1
    return [
        Statistic(code, rules[code][0].rule, len(rules[code]), minutes[code], round(minutes[code] / whole, 4))
        for code in sorted(rules, key=lambda code: (-minutes[code], -len(rules[code]), code))
    ]
