"""SARIF 2.1.0 (OASIS), for GitHub's code scanning and for editors.

GitHub takes files of at most 10 MB (gzipped) and shows 5,000 results of a run: the worst are written, and a
notification says how many were left out.
"""

from __future__ import annotations

import gzip
from typing import Any, TextIO
from urllib.parse import quote

import msgspec

import solvent
from solvent.debt.engine.check import Report
from solvent.debt.findings import Finding, Severity
from solvent.debt.formats.parts.order import worst_first
from solvent.debt.registry import all_rules
from solvent.debt.rule import Rule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MAX_RESULTS = 5_000
MAX_GZIPPED = 10_000_000
LEVELS: dict[Severity, str] = {"blocker": "error", "high": "error", "medium": "warning", "low": "note"}
ROOT = "%SRCROOT%"


def write(report: Report, out: TextIO) -> None:
    most = MAX_RESULTS
    encoded = msgspec.json.encode(_log(report, most))
    while most > 1 and len(gzip.compress(encoded, 6)) > MAX_GZIPPED:
        most //= 2
        encoded = msgspec.json.encode(_log(report, most))
    out.write(msgspec.json.format(encoded, indent=2).decode() + "\n")


def _log(report: Report, most: int) -> dict[str, Any]:
    kept = worst_first(report.findings)[:most]
    accepted = worst_first(report.suppressed)[: most - len(kept)]
    left = len(report.findings) + len(report.suppressed) - len(kept) - len(accepted)
    codes = sorted({finding.code for finding in (*kept, *accepted)})
    index = {code: number for number, code in enumerate(codes)}
    results = [_result(finding, index[finding.code]) for finding in kept]
    results += [_result(each, index[each.code]) | {"suppressions": [{"kind": "inSource"}]} for each in accepted]
    driver = {
        "name": "Solvent",
        "version": solvent.__version__,
        "semanticVersion": solvent.__version__,
        "rules": [_rule(code, all_rules().get(code)) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the project."}}},
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": _notifications(report, left)}],
        "results": results,
        "properties": {"summary": report.summary, "resultsLeftOut": left},
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _notifications(report: Report, left: int) -> list[dict[str, Any]]:
    told = [
        {"level": "warning", "message": {"text": f"not looked at: {why}"}, "locations": [_location(path)]}
        for path, why in report.unreadable
    ]
    for warned in report.warned:
        where = _location(warned.path, None if warned.cell is not None else {"startLine": max(warned.line, 1)})
        told.append({"level": "warning", "message": {"text": warned.message}, "locations": [where]})
    told += [{"level": "note", "message": {"text": note}} for note in report.notes]
    if left:
        text = f"{left:,} more results were left out: receivers show no more than {MAX_RESULTS:,}; the worst are here"
        told.append({"level": "warning", "message": {"text": text}})
    return told


def _result(finding: Finding, index: int) -> dict[str, Any]:
    """GitHub shows nothing without a line, so what is about a whole file is at its first.

    Lines within a notebook's cell are no lines of its file: they are said in the message.
    """
    in_cell = finding.cell is not None
    where = f"cell {finding.cell}, line {finding.line}: " if in_cell else ""
    region = {"startLine": 1} if in_cell or not finding.line else _region(finding)
    location = _location(finding.path, region)
    if finding.symbol:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.symbol}]
    return {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": LEVELS[finding.severity],
        "message": {"text": f"{where}{finding.message}"},
        "locations": [location],
        "partialFingerprints": {
            "solvent/v1": finding.fingerprint,
            "primaryLocationLineHash": f"{finding.fingerprint}:1",
        },
        "properties": {
            "severity": finding.severity,
            "minutes": finding.minutes,
            "fix": finding.fix,
            "path": finding.path,
            "cell": finding.cell,
            "line": finding.line,
        },
    }


def _region(finding: Finding) -> dict[str, int]:
    region = {"startLine": finding.line}
    if finding.column:
        region["startColumn"] = finding.column
    if finding.end_line >= finding.line:
        region["endLine"] = finding.end_line
    return region


def _location(path: str, region: dict[str, int] | None = None) -> dict[str, Any]:
    """The path as a relative URI; a colon in its first segment would be a scheme."""
    physical: dict[str, Any] = {"artifactLocation": {"uri": quote(path, safe="/"), "uriBaseId": ROOT}}
    if region is not None:
        physical["region"] = region
    return {"physicalLocation": physical}


def _rule(code: str, rule: Rule | None) -> dict[str, Any]:
    if rule is None:
        return {"id": code}
    return {
        "id": code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary or rule.name},
        "fullDescription": {"text": rule.summary or rule.name},
        "help": {"text": rule.documentation.strip() or rule.name, "markdown": rule.documentation.strip() or rule.name},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {
            "tags": ["technical-debt", rule.category],
            "category": rule.category,
            "severity": rule.severity,
            "minutes": rule.minutes,
            "preview": rule.preview,
            "problem.severity": {"note": "recommendation"}.get(LEVELS[rule.severity], LEVELS[rule.severity]),
        },
    }
