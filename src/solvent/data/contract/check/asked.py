"""All that a table is asked about its rows, put together so that the engine can answer it in few passes."""

from __future__ import annotations

from solvent.data.contract.check.outcome import Example
from solvent.data.contract.check.words import columns_of, shown, visible
from solvent.data.engine.conditions import Condition, NotNull
from solvent.data.engine.protocol import Failed, Table
from solvent.errors import InvalidInput

_MOST_COLUMNS = 6
"""Columns that are shown of a row, where a rule does not say which ones matter."""


class Asked:
    """Conditions are added first, then all are counted in one call, then answers are read."""

    def __init__(self, table: Table, examples: int) -> None:
        self._table = table
        self._most = examples
        self._conditions: dict[Condition, None] = {}
        self._answers: dict[Condition, int | Failed] = {}

    def add(self, *conditions: Condition) -> None:
        self._conditions |= dict.fromkeys(conditions)

    def count(self) -> None:
        """Ask the engine.

        Raises:
            RuntimeError: the engine did not answer as many conditions as it was asked.
        """
        asked = list(self._conditions)
        answers = self._table.failing(asked) if asked else []
        if len(answers) != len(asked):
            raise RuntimeError(f"the engine answered {len(answers)} of {len(asked)} conditions")
        self._answers = dict(zip(asked, answers, strict=True))

    def failing(self, condition: Condition) -> int | Failed:
        return self._answers[condition]

    def all_missing(self, column: str, rows: int) -> bool:
        """Whether a column is known to hold no value in any row."""
        return self._answers.get(NotNull(column)) == rows

    def examples(self, condition: Condition) -> list[Example]:
        """The first rows that don't fulfil a condition, with the values of the columns that it is about."""
        if not self._most:
            return []
        columns = columns_of(condition)
        try:
            found = self._table.examples(condition, self._most)
        except InvalidInput:  # the count stands without them
            return []
        return [Example(row, _values(values, columns)) for row, values in found]


def _values(values: dict[str, object], columns: tuple[str, ...]) -> dict[str, str]:
    kept = columns or tuple(values)[:_MOST_COLUMNS]
    return {visible(column): shown(values[column]) for column in kept if column in values}
