"""What names, keys and values may look like, with MLflow's limits and messages."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeVar

from solvent.errors import InvalidInput

T = TypeVar("T")

MAX_KEY = 250
MAX_PARAM_VALUE = 6_000
MAX_TAG_VALUE = 8_000
MAX_EXPERIMENT_NAME = 500
MAX_EXPERIMENT_TAG_VALUE = 20_000
MAX_ARTIFACT_LOCATION = 2_048
LARGEST_INTEGER = 2**63 - 1

_NAME = re.compile(r"[/\w.\- :]*")
_RUN_ID = re.compile(r"[a-zA-Z0-9][\w\-]{0,255}")
_INTEGER = re.compile(r"[0-9]{1,19}")


def required(value: T | None, name: str) -> T:
    """The value of a parameter that must be given."""
    if value is None or value == "":
        raise missing(name)
    return value


def missing(name: str) -> InvalidInput:
    """The error for a parameter that must be given, in MLflow's words."""
    return InvalidInput(
        f"Missing value for required parameter '{name}'. See the API docs for more information about request parameters."
    )


def invalid(path: str, value: object, reason: str = "") -> InvalidInput:
    """The error for a value that can't be used, in MLflow's words."""
    end = f": {reason}" if reason else "."
    return InvalidInput(f"Invalid value {json.dumps(value, default=str)} for parameter '{path}' supplied{end}")


def check_length(what: str, value: str, limit: int) -> str:
    """The value, if it is a text of at most ``limit`` characters. Nothing is cut."""
    if not isinstance(value, str):
        raise invalid(what, value, f"it must be a text, and is of type '{type(value).__name__}'")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise invalid(what, ascii(value[:100]), f"it is not valid Unicode ({error.reason})") from None
    if len(value) > limit:
        raise InvalidInput(f"'{what}' exceeds the maximum length of {limit} characters: it has {len(value)}")
    return value


def check_key(key: str | None, path: str) -> str:
    """The key of a metric, param or tag; ``path`` is where it stood in the request."""
    key = required(key, path)
    if not isinstance(key, str):
        raise invalid(path, key, f"it must be a text, and is of type '{type(key).__name__}'")
    problem = _key_problem(key)
    if problem is not None:
        raise invalid(path, key, problem)
    return check_length(path, key, MAX_KEY)


def is_key(key: str) -> bool:
    """Whether ``check_key`` takes it."""
    return key != "" and len(key) <= MAX_KEY and _key_problem(key) is None and key.isascii()


@lru_cache(maxsize=65_536)
def _key_problem(key: str) -> str | None:
    if not _NAME.fullmatch(key):
        return (
            "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), "
            "colon(:) and slashes (/)."
        )
    plain = posixpath.normpath(key)
    if plain != key or plain == "." or plain.startswith(("..", "/")):
        return (
            "Names may be treated as files in certain cases, and must not resolve to other names when treated as "
            f"such. This name would resolve to '{plain}'"
        )
    return None


def check_run_id(run_id: str, path: str = "run_id") -> str:
    """A run id that a client chose."""
    if not _RUN_ID.fullmatch(run_id):
        raise invalid(path, run_id)
    return run_id


def experiment_number(experiment_id: str) -> int:
    """The row id that an experiment id stands for."""
    if not _INTEGER.fullmatch(experiment_id) or int(experiment_id) > LARGEST_INTEGER:
        raise InvalidInput(f"Invalid experiment ID '{experiment_id}'. Experiment ID must be a valid integer.")
    return int(experiment_id)


def check_integer(value: int | None, path: str, *, least: int = -LARGEST_INTEGER - 1) -> int:
    """A 64-bit integer, None counting as 0; true fractions are refused, not rounded."""
    if value is None:
        return 0
    if type(value) is not int or not least <= value <= LARGEST_INTEGER:
        raise invalid(path, value, f"it must be a whole number (64-bit integer) from {least}")
    return value


def check_count(what: str, limit: int, items: Sequence[object]) -> None:
    """At most ``limit`` items in one request."""
    if len(items) > limit:
        raise InvalidInput(
            f"A batch logging request can contain at most {limit} {what}. Got {len(items)} {what}. "
            f"Please split up {what} across multiple requests and try again."
        )
