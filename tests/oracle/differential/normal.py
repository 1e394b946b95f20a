"""Answers of two servers made comparable: ids named, times and tokens masked, unordered lists sorted.

A field that is absent and one that holds nothing (`""`, `{}`, `[]`) are the same: MLflow's clients
decode both to the same message.
"""

from __future__ import annotations

import json
import re
from typing import Any

from tests.oracle.differential.world import World

TIMES = {"creation_time", "last_update_time", "start_time", "end_time"}
GIVEN_TIME = 1_700_000_000_000
ABSENT = "(absent)"
MADE_UP_NAME = re.compile(r"[a-z]+-[a-z]+-\d+")
IGNORED = {"workspace"}
"""Fields of MLflow's that Solvent has no counterpart for: it has no workspaces."""
RUN_ID = re.compile(r"\b[0-9a-f]{32}\b")


def normal(answer: Any, world: World) -> Any:
    """The answer in a form that is equal when two servers mean the same."""
    text = json.dumps(answer)
    for name, value in world.ids.items():
        if len(value) == 32:
            text = text.replace(value, name)
    return _walk(json.loads(RUN_ID.sub("A RUN", text)), {value: name for name, value in world.ids.items()})


def _walk(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, dict):
        fields = ((key, _field(key, each, ids)) for key, each in sorted(value.items()) if key not in IGNORED)
        return {key: each for key, each in fields if each not in ("", {}, [])}
    if isinstance(value, list):
        return [_walk(each, ids) for each in value]
    return "a made-up name" if isinstance(value, str) and MADE_UP_NAME.fullmatch(value) else value


def _field(key: str, value: Any, ids: dict[str, str]) -> Any:
    if key in TIMES and value != GIVEN_TIME:
        return "a time" if value else ""
    if key == "next_page_token":
        return "a token"
    if key == "experiment_id":
        return ids.get(value, "an experiment")
    if key in {"artifact_uri", "artifact_location", "root_uri"}:
        return re.sub(r":/\d+", ":/an experiment", str(value))
    if key in {"tags", "params"} or (key == "metrics" and value and "run_id" not in value[0]):
        return sorted((_walk(each, ids) for each in value), key=lambda each: json.dumps(each, sort_keys=True))
    return _walk(value, ids)


def delta(theirs: Any, ours: Any, where: str = "") -> list[str]:
    """Where two normalised bodies differ, one line each."""
    if theirs == ours:
        return []
    if isinstance(theirs, dict) and isinstance(ours, dict):
        keys = sorted(theirs.keys() | ours.keys())
        return [
            line for key in keys for line in delta(theirs.get(key, ABSENT), ours.get(key, ABSENT), f"{where}.{key}")
        ]
    if isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        pairs = enumerate(zip(theirs, ours, strict=True))
        return [line for place, (a, b) in pairs for line in delta(a, b, f"{where}[{place}]")]
    return [f"{where.lstrip('.')}: MLflow {json.dumps(theirs)[:300]}, Solvent {json.dumps(ours)[:300]}"]
