"""The combinations of a sweep: every value of each parameter with every one of the others."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import Any

from solvent.projects.errors import InvalidParameters
from solvent.projects.parameters import Values
from solvent.projects.plan import Plan, with_values
from solvent.projects.template import quoted
from solvent.provenance.redact import is_secret_name

MOST_RUNS = 10_000
_LONGEST_LABEL = 120


@dataclass(frozen=True)
class Sweep:
    """``parent`` is the plan of the run that holds the others, ``children`` are theirs by label."""

    parent: Plan
    swept: Mapping[str, Sequence[str]]
    children: Sequence[tuple[str, Plan]]


def split_values(name: str, text: str) -> list[str]:
    """The values of ``a,b,c``, or of a JSON list: values with commas, empty ones, or one that begins with ``[``.

    Raises:
        InvalidParameters: a value is empty or given twice, or what begins with ``[`` is no list of plain values.
    """
    if text.startswith("["):
        values = _json_values(name, text)
    else:
        values = text.split(",")
        if "" in values and text:
            raise InvalidParameters(
                f"parameter '{name}': found nothing between two commas of '{text[:200]}': leave one out, or write an"
                f" empty value in a JSON list: -P '{name}=[\"\", ...]'"
            )
    if len(set(values)) < len(values):
        raise InvalidParameters(f"parameter '{name}': a value is given twice in '{text[:200]}': keep one of them")
    return values


def plan_sweep(plan: Plan, given: Mapping[str, Sequence[str]], origins: Mapping[str, str]) -> Sweep:
    """The runs of all combinations, each one checked. ``plan`` is that of the first.

    Raises:
        InvalidParameters: a value is not of its type, no parameter has several, or they make too many runs.
    """
    swept = {name: values for name, values in given.items() if len(values) > 1}
    if not swept:
        raise InvalidParameters("a sweep needs a parameter with several values, such as -P alpha=0.1,0.5,0.9")
    if secret := next(filter(is_secret_name, swept), None):
        raise InvalidParameters(
            f"parameter '{secret}' is a secret by its name, and the runs of a sweep are called by the values that differ:"
            " give it one value, or better hand it to the runs by an environment variable"
        )
    if (count := prod(map(len, swept.values()))) > MOST_RUNS:
        raise InvalidParameters(f"this sweep has {count:,} runs, at most {MOST_RUNS:,} are run at once: split it")
    combinations = [dict(zip(given, values, strict=True)) for values in product(*given.values())]
    children = [
        (label({name: values[name] for name in swept}), with_values(plan, values, origins)) for values in combinations
    ]
    return Sweep(_parent(plan, given, swept, children[0][1]), swept, children)


def label(values: Mapping[str, str]) -> str:
    """What a run of a sweep is called.

    >>> label({"alpha": "0.1", "depth": "3"})
    'alpha=0.1, depth=3'
    """
    text = ", ".join(f"{name}={value}" for name, value in values.items())
    return text if len(text) <= _LONGEST_LABEL else f"{text[:_LONGEST_LABEL]}..."


def _parent(plan: Plan, given: Mapping[str, Sequence[str]], swept: Mapping[str, object], first: Plan) -> Plan:
    """The plan of the run that holds the others: what they have in common, and no data of its own to check."""
    words = ["solvent", "run", plan.uri, "-e", plan.entry.name, "--sweep"]
    for name, values in given.items():
        text = json.dumps(values) if _needs_json(values) else ",".join(values)
        words += ["-P", f"{name}={text}"]
    return replace(
        plan,
        project=replace(plan.project, contracts=()),
        entry=replace(plan.entry, contracts=()),
        values=Values(
            *(_without(each, swept) for each in (first.values.declared, first.values.extra, first.values.local))
        ),
        origins=_without(first.origins, swept),
        shown=" ".join(map(quoted, words)),
    )


def _without(values: Mapping[str, str], names: Mapping[str, object]) -> dict[str, str]:
    return {name: value for name, value in values.items() if name not in names}


def _needs_json(values: Sequence[str]) -> bool:
    return any("," in value or not value or value.startswith("[") for value in values)


def _json_values(name: str, text: str) -> list[str]:
    try:
        found: Any = json.loads(text, parse_float=str, parse_int=str)  # numbers stay as they are written
    except (ValueError, RecursionError) as error:
        raise InvalidParameters(
            f"parameter '{name}': '{text[:200]}' begins as a JSON list and is none ({error}): write such as [\"a,b\", 3]"
        ) from None
    plain = [json.dumps(one) if isinstance(one, bool) else one for one in found]
    if not plain or not all(isinstance(one, str) for one in plain):
        raise InvalidParameters(f"parameter '{name}': expected a list of plain values, found '{text[:200]}'")
    return plain
