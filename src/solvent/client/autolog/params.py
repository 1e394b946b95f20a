"""Params of trainings: as many as can be logged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from solvent.client.checks import MAX_PARAM
from solvent.client.fluent.logging import log_params


def log_shortened(params: Mapping[str, Any]) -> None:
    """Texts that are too long end in ``...``."""
    log_params({str(key): _short(value) for key, value in params.items()})


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= MAX_PARAM else text[: MAX_PARAM - 3] + "..."
