"""What names, keys and values may look like, with MLflow's limits and messages."""

from __future__ import annotations

from typing import TypeVar

from solvent.errors import InvalidInput

T = TypeVar("T")


def required(value: T | None, name: str) -> T:
    """The value of a parameter that must be given."""
    if value is None or value == "":
        raise InvalidInput(
            f"Missing value for required parameter '{name}'. See the API docs for more information about request parameters."
        )
    return value
