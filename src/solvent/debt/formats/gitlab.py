"""GitLab's Code Quality report (https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, TextIO

import msgspec

from solvent.debt.engine.check import Report
from solvent.debt.findings import Finding, Severity
from solvent.debt.formats.parts.order import worst_first
from solvent.debt.formats.parts.text import hours

SEVERITIES: dict[Severity, str] = {"blocker": "blocker", "high": "critical", "medium": "major", "low": "minor"}


def write(report: Report, out: TextIO) -> None:
    issues = list(_issues(report))
    _make_unique(issues)
    out.write(msgspec.json.format(msgspec.json.encode(issues), indent=2).decode() + "\n")


def _issues(report: Report) -> Iterator[dict[str, Any]]:
    for finding in worst_first(report.findings):
        yield _issue(
            f"{_cell(finding)}{finding.message} ({hours(finding.minutes)} to mend)",
            finding.code,
            SEVERITIES[finding.severity],
            finding.path,
            0 if finding.cell is not None else finding.line,
            finding.fingerprint,
        )
    for path, why in report.unreadable:
        yield _issue(f"not looked at: {why}", "unreadable", "minor", path, 0, _digest("unreadable", path))
    for warned in report.warned:
        line = 0 if warned.cell is not None else warned.line
        fingerprint = _digest("suppression", warned.path, warned.message)
        yield _issue(warned.message, "suppression", "info", warned.path, line, fingerprint)
    for note in report.notes:
        yield _issue(note, "note", "info", ".", 0, _digest("note", note))


def _issue(description: str, name: str, severity: str, path: str, line: int, fingerprint: str) -> dict[str, Any]:
    """GitLab wants a line, so what is about a whole file is at its first."""
    return {
        "description": description,
        "check_name": name,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": path.removeprefix("./"), "lines": {"begin": max(line, 1)}},
    }


def _cell(finding: Finding) -> str:
    return "" if finding.cell is None else f"cell {finding.cell}, line {finding.line}: "


def _make_unique(issues: list[dict[str, Any]]) -> None:
    """GitLab drops all but the first issue with the same fingerprint."""
    seen: set[str] = set()
    for issue in issues:
        first, number = issue["fingerprint"], 1
        while issue["fingerprint"] in seen:
            number += 1
            issue["fingerprint"] = _digest(first, str(number))
        seen.add(issue["fingerprint"])


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
