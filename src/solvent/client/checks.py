"""What can be refused before anything is written: keys, values, steps and times that are none.

The limits are MLflow's (names, lengths); the server checks the same again.
"""

from __future__ import annotations

import posixpath
import re
from typing import Any

from solvent.errors import InvalidInput

MAX_KEY = 250
MAX_PARAM = 6_000
MAX_TAG = 8_000
_KEY = re.compile(r"[\w\-./: ]+\Z")
_RUN_ID = re.compile(r"[a-zA-Z0-9][\w\-]{0,255}\Z")
_INT64 = 2**63
STATUSES = ("RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED")


def check_key(key: object, kind: str) -> str:
    """A metric's, param's or tag's name."""
    if not isinstance(key, str):
        raise InvalidInput(f"the name of a {kind} must be a text, not {type(key).__name__} ({key!r})")
    if len(key) > MAX_KEY:
        raise InvalidInput(f"the name of a {kind} may have {MAX_KEY} characters, not {len(key)}: '{key[:40]}...'")
    if not _KEY.match(key):
        raise InvalidInput(
            f"Invalid {kind} name '{key}': it may hold letters, digits, underscores, dashes, periods, spaces, "
            "colons and slashes"
        )
    if posixpath.normpath(key) != key or key == "." or key.startswith(("..", "/")):
        raise InvalidInput(f"Invalid {kind} name '{key}': as a path it would mean '{posixpath.normpath(key)}'")
    return key


def to_float(key: str, value: Any) -> float:
    """The float of a number, a NumPy scalar or a one-element tensor. A text is no number."""
    if isinstance(value, (str, bytes, bytearray)) or value is None:
        raise InvalidInput(f"the value of metric '{key}' must be a number, not {value!r}")
    try:
        item = getattr(value, "item", None)
        return float(item() if callable(item) else value)
    except (TypeError, ValueError, OverflowError, RuntimeError) as error:
        raise InvalidInput(f"the value of metric '{key}' must be a number: {type(value).__name__}: {error}") from None


def to_int(value: Any, what: str) -> int:
    """A step or a time in milliseconds: a whole number of 64 bits."""
    try:
        number = value.__index__()
    except AttributeError:
        if isinstance(value, float) and value.is_integer():
            number = int(value)
        else:
            raise InvalidInput(f"{what} must be a whole number, not {value!r}") from None
    if not -_INT64 <= number < _INT64:
        raise InvalidInput(f"{what} must fit in 64 bits, not {value!r}")
    return int(number)


def to_param(key: str, value: Any) -> str:
    return _text("param", key, value, MAX_PARAM)


def to_tag(key: str, value: Any) -> str:
    return _text("tag", key, value, MAX_TAG)


def _text(kind: str, key: str, value: Any, limit: int) -> str:
    text = str(value)
    if len(text) > limit:
        raise InvalidInput(
            f"the value of {kind} '{key}' has {len(text)} characters, {limit} fit: log it with log_text instead"
        )
    return text


def check_run_id(run_id: str) -> str:
    if not isinstance(run_id, str) or not _RUN_ID.match(run_id):
        raise InvalidInput(f"Invalid run ID: '{run_id}': expected letters, digits, '_' and '-', 256 at most")
    return run_id


def check_status(status: str) -> str:
    if status not in STATUSES:
        raise InvalidInput(f"Invalid run status '{status}': expected one of {', '.join(STATUSES)}")
    return status


def check_artifact_path(path: str) -> str:
    """A relative path with ``/`` that stays where it starts."""
    name = str(path).replace("\\", "/")
    parts = name.split("/")
    if not name or name.startswith("/") or ".." in parts or "" in parts or "." in parts or "\0" in name:
        raise InvalidInput(
            f"Invalid artifact path: '{path}': expected a relative path without '..', such as 'plots/a.png'"
        )
    return name
