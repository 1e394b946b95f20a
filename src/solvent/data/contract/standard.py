"""The schema of the Open Data Contract Standard, as the standard's own package ships it, and what it says of a document.

Two things are done before the schema's own judgement, because a validator's words for them help nobody: keys that the
standard does not know are named with the nearest one that it does, and the words of version 3.0 are named with what
became of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from solvent.data.contract.names import nearest, shown
from solvent.data.contract.yaml_text import Steps
from solvent.errors import NotSupported

PACKAGE = "open_data_contract_standard"
_PARTS: dict[int, tuple[Mapping[str, Any], ...]] = {}
"""By the identity of a schema's part: the schema lives as long as the process."""
_ENOUGH = 100
"""Errors of which one is told: each of them may hold a large part of the document."""


class Problem(NamedTuple):
    """What is wrong where; ``text`` says what was expected and what came."""

    steps: Steps
    text: str


@cache
def schema() -> dict[str, Any]:
    """The schema. The package itself is not imported: it would bring pydantic.

    Raises:
        NotSupported: it is not installed.
    """
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise NotSupported(
            "contracts need open-data-contract-standard, which comes with the extra [data]: pip install 'solvent[data]'"
        )
    loaded: dict[str, Any] = json.loads(Path(found.origin).with_name("schema.json").read_bytes())
    for case in _conditional(loaded["$defs"]["SchemaBaseProperty"]["allOf"]):
        # Without "required", every condition on logicalType holds where none is given: then the standard's 3.2 asks
        # any column without a logical type for a "map".
        case["required"] = ["logicalType"]
    return loaded


def _conditional(cases: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for case in cases:
        condition = case.get("if", {})
        yield from (one for one in condition.get("anyOf", [condition]) if "logicalType" in one.get("properties", {}))


@cache
def _validator() -> Any:
    try:
        from jsonschema.validators import validator_for
    except ModuleNotFoundError as error:
        raise NotSupported(
            "contracts need jsonschema, which comes with the extra [data]: pip install 'solvent[data]'"
        ) from error
    whole = schema()
    return validator_for(whole)(whole)


def first_problem(document: Any) -> Problem | None:
    """What the standard has against a document, or nothing.

    Raises:
        NotSupported: the extra [data] is not installed.
    """
    version = document.get("apiVersion") if isinstance(document, dict) else None
    if isinstance(version, str) and not version.startswith("v3."):
        return Problem(("apiVersion",), f"expected a contract of the standard's version 3, came {shown(version)}")
    return next(_unknown_keys(document, [schema()], ()), None) or next(_old_words(document), None) or _judged(document)


def _judged(document: Any) -> Problem | None:
    """The schema's own judgement; of several errors, one that lies deepest: those around it follow from it."""
    errors = list(islice(_validator().iter_errors(document), _ENOUGH))
    if not errors:
        return None
    error = max(errors, key=lambda one: (len(one.absolute_path), one.validator != "unevaluatedProperties"))
    steps = tuple(error.absolute_path)
    if error.validator == "required":
        return Problem(steps, str(error.message).replace(" is a required property", " is missing here"))
    if error.validator == "enum":
        listed = [str(one) for one in error.validator_value]
        return Problem(steps, f"{shown(error.instance)} is not known{nearest(str(error.instance), listed)}")
    if error.validator == "type":
        return Problem(steps, f"expected {error.validator_value}, came {shown(error.instance)}")
    if error.validator == "oneOf" and "mustBe" in str(error.validator_value):
        return Problem(steps, "expected exactly one operator (mustBe, mustBeLessThan, mustBeBetween, ...)")
    return Problem(steps, " ".join(str(error.message).split())[:300])


def _unknown_keys(value: Any, schemas: list[Mapping[str, Any]], steps: Steps) -> Iterator[Problem]:
    """Keys that no part of the schema knows at their place."""
    parts = [part for one in schemas for part in _parts(one)]
    if isinstance(value, dict):
        known: dict[str, list[Mapping[str, Any]]] = {}
        for part in parts:
            for key, inner in part.get("properties", {}).items():
                known.setdefault(key, []).append(inner)
        closed = any(
            part.get("additionalProperties") is False or part.get("unevaluatedProperties") is False for part in parts
        )
        for key, inner_value in value.items():
            if key in known:
                yield from _unknown_keys(inner_value, known[key], (*steps, key))
            elif closed:
                yield Problem((*steps, key), f"unknown key '{key}'{nearest(key, known)}")
    elif isinstance(value, list):
        items = [part["items"] for part in parts if isinstance(part.get("items"), dict)]
        for number, inner_value in enumerate(value):
            yield from _unknown_keys(inner_value, items, (*steps, number))


def _parts(part: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """A schema and all that it is made of, whatever the conditions."""
    if (known := _PARTS.get(id(part))) is not None:
        return known
    found = [part]
    if "$ref" in part:
        referred: Any = schema()
        for step in part["$ref"].removeprefix("#/").split("/"):
            referred = referred[step]
        found += _parts(referred)
    for word in ("allOf", "anyOf", "oneOf"):
        for inner in part.get(word, ()):
            found += _parts(inner)
    for word in ("then", "else"):
        if word in part:
            found += _parts(part[word])
    return _PARTS.setdefault(id(part), tuple(found))


def _old_words(value: Any, steps: Steps = ()) -> Iterator[Problem]:
    """A quality rule in the words of version 3.0, which later versions leave unread."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "quality" and isinstance(inner, list):
                for number, rule in enumerate(inner):
                    if isinstance(rule, dict) and "rule" in rule and "metric" not in rule:
                        text = "'rule' became 'metric' in version 3.1 of the standard: nullValues, missingValues, invalidValues, duplicateValues or rowCount"
                        yield Problem((*steps, key, number, "rule"), text)
            yield from _old_words(inner, (*steps, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _old_words(inner, (*steps, number))
