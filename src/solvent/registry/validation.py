"""What names, versions, stages, aliases and tags of the registry may look like, with MLflow's messages."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from solvent.errors import InvalidInput
from solvent.store.model_versions import STAGES
from solvent.tracking.validation import LARGEST_INTEGER, check_key, check_length, invalid, required
from solvent.wire.experiments import Tag

MAX_NAME = 256
MAX_TAG_VALUE = 100_000
MAX_ALIAS = 255
MAX_DESCRIPTION = 100_000
MAX_TEXT = 5_000
MAX_TAGS = 1_000

_ALIAS = re.compile(r"[\w\-]+")
_VERSION_ALIAS = re.compile(r"[vV]\d+")
_STAGE_NUMBERS = {stage.lower(): number for number, stage in enumerate(STAGES)}


def model_name(name: str | None, field: str = "name") -> str:
    """The name of a registered model: no ``/``, no ``:``, nothing that is a path to somewhere else."""
    given = required(name, field)
    if not given.strip():
        raise InvalidInput(f"Missing value for required parameter '{field}'.")
    check_length(field, given, MAX_NAME)
    if "/" in given or ":" in given:
        raise InvalidInput(f"Invalid model name '{given}'. Names cannot contain '/' or ':'.")
    if given in {".", ".."} or posixpath.normpath(given).startswith(".."):
        raise invalid(
            "name",
            given,
            "Names may be treated as files in certain cases, and must not resolve to other names when treated as "
            f"such. This name would resolve to '{given}'",
        )
    if "\0" in given:
        raise invalid("name", given, "a name can't hold a null character")
    return given


def version_number(version: str | None) -> int:
    """The number of a version. One that is too large for any row becomes 0, which no version has."""
    given = required(version, "version")
    try:
        number = int(given) if len(given) <= 64 else 0
    except ValueError:
        raise InvalidInput(f"Parameter 'version' must be an integer, got '{given}'.") from None
    return number if abs(number) <= LARGEST_INTEGER else 0


def stage_number(stage: str | None) -> int:
    """The number of a stage, whatever its case."""
    given = required(stage, "stage")
    number = _STAGE_NUMBERS.get(given.lower())
    if number is None:
        raise InvalidInput(f"Invalid Model Version stage: {given[:100]}. Value must be one of {', '.join(STAGES)}.")
    return number


def alias_name(alias: str | None) -> str:
    given = required(alias, "alias")
    if not _ALIAS.fullmatch(given):
        raise InvalidInput(
            f"Invalid alias name: '{given[:MAX_ALIAS]}'. "
            "Names may only contain alphanumerics, underscores (_), and dashes (-)."
        )
    return check_length("Registered model alias name", given, MAX_ALIAS)


def free_alias_name(alias: str | None) -> str:
    """The name of an alias that may be set: not one that ``models:/name@...`` already gives a meaning."""
    given = alias_name(alias)
    if given.lower() == "latest":
        raise InvalidInput("'latest' alias name (case insensitive) is reserved.")
    if _VERSION_ALIAS.fullmatch(given):
        raise InvalidInput(f"Version alias name '{given}' is reserved.")
    return given


def tag(key: str | None, value: str | None) -> Tag:
    return Tag(key=check_key(key, "key"), value=check_length("value", value or "", MAX_TAG_VALUE))


def tag_list(tags: Iterable[Tag] | None) -> list[Tag]:
    """Tags to be set together; of those with the same key the last one holds."""
    given = {entry.key: tag(entry.key, entry.value) for entry in tags or ()}
    if len(given) > MAX_TAGS:
        raise InvalidInput(f"{len(given)} tags were given: at most {MAX_TAGS} can be set in one request")
    return list(given.values())


def description(text: str | None) -> str | None:
    return None if text is None else check_length("description", text, MAX_DESCRIPTION)


def text(value: str | None, field: str) -> str:
    """A free text of bounded length; missing is empty."""
    return check_length(field, value or "", MAX_TEXT)
