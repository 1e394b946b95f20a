"""A contract as a page for people."""

from __future__ import annotations

from solvent.data.contract.exporters.outcome import Exported
from solvent.data.contract.exporters.rules import required
from solvent.data.contract.model import ColumnContract, Contract, RowRule, Rule, TableContract


def write(contract: Contract, table: TableContract) -> Exported:
    """Nothing is lost: what is not checked is listed as such."""
    lines = [
        f"# {_text(contract.name or contract.id)}: {_text(table.name)}",
        "",
        f"Version {_text(contract.version)}, {contract.status}. Columns that are not named: {table.extra_columns}.",
        "",
        "| column | type | may be null | role | rules | description |",
        "|---|---|---|---|---|---|",
        *(_row(table, column) for column in table.columns),
    ]
    others = [rule for rule in table.rules if not isinstance(rule, RowRule) or rule.column is None]
    if others:
        lines += ["", "## Rules of the table", ""]
        lines += [f"- {_of(rule)}{_text(rule.name)}{_severity(rule.severity)}" for rule in others]
    if table.unchecked:
        lines += ["", "## Not checked", ""]
        lines += [f"- {_text(one.name)}: {_text(one.reason)}" for one in table.unchecked]
    return Exported("\n".join(lines) + "\n", [])


def _row(table: TableContract, column: ColumnContract) -> str:
    rules = [rule for rule in table.rules if isinstance(rule, RowRule) and rule.column == column.name]
    said = "; ".join(_text(rule.name) + _allowed(rule) + _severity(rule.severity) for rule in rules)
    null = "no" if required(table, column) else "yes"
    name = _text(column.name) + ("" if column.present else " (may be missing)")
    cells = (name, column.logical or "any", null, column.role or "", said, _text(column.description))
    return f"| {' | '.join(cells)} |"


def _of(rule: Rule) -> str:
    column = getattr(rule, "column", None)
    return f"{_text(column)}: " if column else ""


def _allowed(rule: RowRule) -> str:
    if not rule.allowed:
        return ""
    return f" (but for {rule.allowed * 100:g} % of the rows)" if rule.share else f" (but for {rule.allowed:g} rows)"


def _severity(severity: str) -> str:
    return "" if severity == "error" else f" ({severity})"


def _text(text: str) -> str:
    """One line, in which no sign is Markdown's or HTML's."""
    line = " ".join(text.split())
    return "".join("\\" + sign if sign in r"\`*_{}[]<>|#" else sign for sign in line).replace("&", "&amp;")
