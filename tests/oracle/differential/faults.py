"""What is tried on each field, by what it holds: absent, of another type, out of bounds, unknown."""

from __future__ import annotations

from typing import Any

from tests.oracle.differential.endpoints import Endpoint, Field, Kind

ABSENT = object()
"""The field is left out."""

TYPES: dict[str, Any] = {"an object": {"a": 1}, "a list": ["a"], "a number": 7, "true": True}

BY_KIND: dict[Kind, dict[str, Any]] = {
    Kind.EXPERIMENT: {"unknown": "987654321", "deleted": "<DELETED EXPERIMENT>", "no id": "abc", "empty": ""},
    Kind.RUN: {"unknown": "0" * 32, "deleted": "<DELETED RUN>", "no id": "../x", "empty": ""},
    Kind.NAME: {"empty": "", "unicode": "Grüße 🚀", "taken": "the experiment", "unknown": "never made"},
    Kind.KEY: {
        "empty": "",
        "climbing": "../x",
        "doubled slash": "a//b",
        "absolute": "/a",
        "newline": "a\nb",
        "unicode": "ü",
    },
    Kind.TEXT: {"empty": "", "unicode": "Grüße 🚀\n'\"\\"},
    Kind.NUMBER: {
        "text": "abc",
        "number as text": "1.5",
        "NaN": "NaN",
        "Infinity": "Infinity",
        "integer": 3,
        "tiny": 5e-324,
    },
    Kind.INTEGER: {
        "text": "abc",
        "number as text": "7",
        "fraction": 1.5,
        "negative": -1,
        "too large": 2**63,
        "zero": 0,
    },
    Kind.LIST: {"empty": [], "of nulls": [None], "of numbers": [7], "of empty objects": [{}]},
    Kind.FILTER: {
        "empty": "",
        "half": "metrics.loss <",
        "unknown prefix": "colour.x = '1'",
        "no quotes": "params.alpha = 0.5",
    },
    Kind.ORDER: {"empty": [], "unknown direction": ["name SIDEWAYS"], "unknown attribute": ["attributes.colour ASC"]},
    Kind.COUNT: {"zero": 0, "negative": -1, "one": 1, "too large": 10**7, "text": "abc"},
    Kind.TOKEN: {"not a token": "zzz"},
    Kind.VIEW: {"deleted": "DELETED_ONLY", "unknown": "SOME"},
    Kind.STATUS: {"unknown": "DONE", "failed": "FAILED", "running": "RUNNING"},
}


def faults(endpoint: Endpoint, field: Field) -> dict[str, Any]:
    """Values for one field by the name of what is wrong, or unusual, with them."""
    tried: dict[str, Any] = {"missing": ABSENT} | BY_KIND[field.kind]
    if endpoint.method == "POST":
        tried |= {"null": None} | TYPES
    if field.limit is not None:
        tried |= {"at the limit": "x" * field.limit, "too long": "x" * (field.limit + 1)}
    return tried


def requests(endpoint: Endpoint) -> dict[str, dict[str, Any]]:
    """All requests to try on an endpoint, by name; the good one comes first and last."""
    made = {"good": endpoint.request()}
    for name, field in endpoint.fields.items():
        for fault, value in faults(endpoint, field).items():
            body = endpoint.request() | {name: value}
            made[f"{name}: {fault}"] = {key: each for key, each in body.items() if each is not ABSENT}
    made["good again"] = endpoint.request()
    return made
