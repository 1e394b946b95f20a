"""Reports as plain data, for JSON."""

from __future__ import annotations

from typing import Any

import msgspec

from solvent.data.contract.check.report import Report


def plain(report: Report) -> dict[str, Any]:
    """All of a report, its verdict first."""
    return {"verdict": report.verdict, **msgspec.to_builtins(report)}


def summary(report: Report, path: str) -> dict[str, str]:
    """What a run keeps in its tag ``solvent.contracts``: which contract it was built with, and how that went.

    ``path`` is the contract's file as it was named.
    """
    return {
        "id": report.contract,
        "version": report.version,
        "digest": report.digest,
        "path": path,
        "outcome": report.verdict,
    }
