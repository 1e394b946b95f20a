"""Answers of two servers made comparable: ids named, times and tokens masked, unordered lists sorted."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.oracle.differential.world import World

TIMES = {"creation_time", "last_update_time", "start_time", "end_time"}
GIVEN_TIME = 1_700_000_000_000
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
        return {key: _field(key, each, ids) for key, each in sorted(value.items())}
    if isinstance(value, list):
        return [_walk(each, ids) for each in value]
    return value


def _field(key: str, value: Any, ids: dict[str, str]) -> Any:
    if key in TIMES and value != GIVEN_TIME:
        return "a time"
    if key == "next_page_token":
        return "a token"
    if key == "experiment_id":
        return ids.get(value, "an experiment")
    if key in {"artifact_uri", "artifact_location", "root_uri"}:
        return re.sub(r":/\d+", ":/an experiment", str(value))
    if key in {"tags", "params"} or (key == "metrics" and value and "run_id" not in value[0]):
        return sorted((_walk(each, ids) for each in value), key=lambda each: json.dumps(each, sort_keys=True))
    return _walk(value, ids)
