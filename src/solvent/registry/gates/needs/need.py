"""What a need is: something that a gate can ask of a version."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from solvent.registry.gates.known import Known
from solvent.wire.gates import GateCheck


class Need(NamedTuple):
    """``key`` is its name in a policy; ``form`` how it is written there; ``about`` what it asks.

    ``read(value, where)`` takes the value of a policy and raises InvalidPolicy; ``check`` holds a version against
    what it read.
    """

    key: str
    form: str
    about: str
    read: Callable[[Any, str], Any]
    check: Callable[[Known, Any], Iterable[GateCheck]]


def met(need: str, found: str) -> list[GateCheck]:
    return [GateCheck(need=need, met=True, found=found)]


def missing(need: str, found: str, next: str) -> list[GateCheck]:
    """``next``: the command that supplies it."""
    return [GateCheck(need=need, met=False, found=found, next=next)]
