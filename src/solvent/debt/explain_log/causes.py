"""What failures mean: the table ``causes.yaml``."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

import msgspec
import yaml

from solvent.debt.explain_log.failures import Failure


class Cause(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A kind of failure.

    ``kinds`` are names of exception types (any, if there are none), ``pattern`` is searched for in the message.
    ``means``, ``look`` and ``fix`` may name the pattern's groups in braces. ``rule`` is the debt rule that finds its
    source in code, ``through``: words one of which a frame's path must hold.
    """

    name: str
    pattern: str
    means: str
    look: str
    fix: str
    kinds: tuple[str, ...] = ()
    rule: str | None = None
    through: tuple[str, ...] = ()


class Meaning(msgspec.Struct, frozen=True):
    """A cause, with what the failure at hand says in place of its groups."""

    name: str
    means: str
    look: str
    fix: str
    rule: str | None = None


@cache
def all_causes() -> tuple[Cause, ...]:
    """The table, in the order in which causes are tried: the special before the general."""
    content = resources.files("solvent.debt.explain_log").joinpath("causes.yaml").read_bytes()
    return msgspec.convert(yaml.safe_load(content), tuple[Cause, ...])


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.DOTALL)


def meaning_of(failure: Failure) -> Meaning | None:
    """What a failure means; None if it is in no table."""
    for cause in all_causes():
        if cause.kinds and failure.name not in cause.kinds:
            continue
        if cause.through and not any(word in frame.path for frame in failure.frames for word in cause.through):
            continue
        if found := _compiled(cause.pattern).search(failure.message):
            said = {name: _short(value) for name, value in found.groupdict().items()}
            return Meaning(
                cause.name, _filled(cause.means, said), _filled(cause.look, said), _filled(cause.fix, said), cause.rule
            )
    return None


def _filled(text: str, said: dict[str, str]) -> str:
    for name, value in said.items():
        text = text.replace(f"{{{name}}}", value)
    return " ".join(text.split())


def _short(value: str | None) -> str:
    flat = " ".join((value or "?").split())
    return flat if len(flat) <= 200 else f"{flat[:197]}..."
