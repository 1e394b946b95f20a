"""Reports in Markdown, for a comment on a pull request or a page beside a run."""

from __future__ import annotations

import re
from collections.abc import Sequence

from solvent.data.contract.check.report import HEADERS, Report
from solvent.data.contract.check.words import visible

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~$&])")


def markdown(reports: Sequence[Report]) -> str:
    return "\n".join(_one(report) for report in reports)


def _one(report: Report) -> str:
    head = [f"## {_escaped(report.data or report.table)}: {report.verdict}", ""]
    said = [f"{_escaped(report.headline)}. Digest of the contract: `{report.digest}`.", ""]
    table = [
        _row(HEADERS),
        _row(["---"] * len(HEADERS)),
        *(_row([_escaped(cell) for cell in row]) for row in report.table_rows),
        "",
    ]
    return "\n".join(
        [*head, *said, *(table if report.table_rows else []), *(f"- {_escaped(one)}" for one in report.told)]
    )


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    r"""Text that stays text: no markup, no HTML, no links, and nobody is mentioned.

    >>> _escaped("<b> @all a|b")
    '\\<b\\> @&#8203;all a\\|b'
    """
    text = _SPECIAL.sub(r"\\\1", visible(text))
    return text.replace("://", "\\://").replace("www.", "www\\.").replace("@", "@&#8203;")
