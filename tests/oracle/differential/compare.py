"""All requests sent to both servers, and what differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.oracle.differential.endpoints import ENDPOINTS
from tests.oracle.differential.faults import requests
from tests.oracle.differential.normal import normal
from tests.oracle.differential.world import World


@dataclass(frozen=True)
class Answer:
    """``outcome``: the status, and the error code if there is one. ``body`` is normalised."""

    outcome: str
    body: Any

    def __eq__(self, other: object) -> bool:
        """Errors are the same if their codes are; their messages are compared where clients read them."""
        if not isinstance(other, Answer) or self.outcome != other.outcome:
            return False
        return self.outcome != "200" or self.body == other.body

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Pair:
    request: str
    theirs: Answer
    ours: Answer


def ask(world: World, method: str, path: str, body: dict[str, Any], name: str) -> Answer:
    status, answer = world.send(method, path, body, name)
    code = answer.get("error_code") if isinstance(answer, dict) else None
    outcome = str(status) if status == 200 or code is None else f"{status} {code}"
    return Answer(outcome, normal(answer, world))


def pairs(mlflow_url: str, solvent_url: str) -> list[Pair]:
    """Both answers to every request, in order, each server in the same state as the other."""
    theirs, ours = World(mlflow_url), World(solvent_url)
    answered: list[Pair] = []
    for endpoint in ENDPOINTS:
        for fault, body in requests(endpoint).items():
            arguments = (endpoint.method, endpoint.path, body, f"n{len(answered)}")
            answered.append(Pair(f"{endpoint.name} / {fault}", ask(theirs, *arguments), ask(ours, *arguments)))
    return answered
