"""Spots to be judged by somebody who does not know what a rule says of them: hits without a label, and decoys.

A decoy is another place in the same project that a naive rule could have meant: a statement of the same kind. Hits
and decoys are mixed in an order that tells nothing.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable
from pathlib import Path

from bench.debt.labels import Labels
from solvent.debt.facts.facts import load_facts
from solvent.debt.findings import REPOSITORY, Finding
from solvent.debt.sources.errors import Unreadable
from solvent.debt.sources.read import read_file
from solvent.debt.sources.roles import role_of
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import statement_of
from solvent.debt.syntax.parse import parse

PER_RULE = 40
"""So many hits of a rule are asked for in one project."""


def questions(labels: Labels, findings: Iterable[Finding], root: Path) -> list[str]:
    """YAML lines without verdicts; ``debt`` is to be filled in."""
    asked: list[tuple[str, str]] = []
    counts: dict[str, int] = {}
    facts = load_facts()
    modules: dict[str, Module | None] = {}
    for finding in findings:
        known = [*labels.labels, *labels.unsure]
        if any(label.fits(finding.code, finding.path, finding.line, finding.end_line, finding.cell) for label in known):
            continue
        counts[finding.code] = counts.get(finding.code, 0) + 1
        if counts[finding.code] > PER_RULE:
            continue
        asked.append(_question(labels, finding.code, finding.path, finding.line, finding.end_line, finding.cell))
        if finding.path == REPOSITORY or not finding.line or finding.cell is not None:
            continue
        if finding.path not in modules:
            try:
                content = read_file(root / finding.path)
                modules[finding.path] = parse(finding.path, content, role_of(finding.path), facts)
            except Unreadable:
                modules[finding.path] = None
        module = modules[finding.path]
        if module is not None and (decoy := _decoy(module, finding)) is not None:
            asked.append(_question(labels, finding.code, finding.path, *decoy, None))
    return [line for _, line in sorted(set(asked))]


def _decoy(module: Module, finding: Finding) -> tuple[int, int] | None:
    """Another statement of the same kind in the same file, the same one each time."""
    calls = [call.node for call in module.calls]
    at = next((node for node in calls if node.lineno == finding.line), None)
    kind: type[ast.AST] = type(statement_of(at)) if at is not None else ast.FunctionDef
    others = [node for node in module.of(kind) if getattr(node, "lineno", 0) != finding.line]
    if not others:
        return None
    choice = others[int(hashlib.sha256(finding.fingerprint.encode()).hexdigest(), 16) % len(others)]
    return getattr(choice, "lineno", 0), getattr(choice, "end_lineno", 0)


def _question(labels: Labels, code: str, path: str, line: int, end_line: int, cell: int | None) -> tuple[str, str]:
    place = f"code: {code}, path: {path!r}"
    if cell is not None:
        place += f", cell: {cell}"
    if line:
        place += f", lines: [{line}, {max(line, end_line)}]"
    text = f'{labels.name}: {{{place}, debt: , why: ""}}'
    return hashlib.sha256(text.encode()).hexdigest(), text
