"""What is collected while a document is compiled: rules, and what Solvent does not check."""

from __future__ import annotations

from solvent.data.contract.model import RowRule, Rule, Severity, Unchecked
from solvent.data.contract.yaml_text import Steps, place_of
from solvent.data.engine.conditions import Condition


class Wrong(Exception):
    """Something in a document is not as Solvent expects; who knows the file makes an ``InvalidContract`` of it."""

    def __init__(self, steps: Steps, text: str) -> None:
        super().__init__(text)
        self.steps = steps
        self.text = text


class Rules:
    """In the document's order."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []
        self.unchecked: list[Unchecked] = []

    def every_row(
        self, name: str, condition: Condition, steps: Steps, column: str | None, severity: Severity = "error"
    ) -> None:
        self.rules.append(RowRule(name, condition, column, severity=severity, place=place_of(steps)))

    def not_checked(self, name: str, reason: str, steps: Steps, column: str | None = None) -> None:
        self.unchecked.append(Unchecked(name, reason, column, place_of(steps)))
