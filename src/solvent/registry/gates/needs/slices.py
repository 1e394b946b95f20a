"""``slices``: how well it predicts for parts of the data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from solvent.registry import evidence
from solvent.registry.gates.errors import InvalidPolicy
from solvent.registry.gates.known import Known
from solvent.registry.gates.needs.measured import Bounds, evaluate, evaluation_of, optional, read_bounds
from solvent.registry.gates.needs.need import Need, missing
from solvent.registry.gates.reading import tables, text
from solvent.wire.gates import GateCheck

_KEYS = ("column", "metric", "better", "minimum", "maximum", "gap")


class Sliced(NamedTuple):
    """``gap``: how far behind the whole a part may lie."""

    column: str
    bounds: Bounds
    gap: float | None


def read(value: Any, where: str) -> list[Sliced]:
    found = []
    for number, given in enumerate(tables(value, where, _KEYS)):
        here = f"{where}[{number}]"
        bounds = read_bounds(given, here, "metric")
        gap = optional(given, "gap", here, 0)
        if bounds.minimum is None and bounds.maximum is None and gap is None:
            raise InvalidPolicy(f"{here} asks for nothing: give it minimum, maximum or gap (how far behind the whole)")
        found.append(Sliced(text(given.get("column"), f"{here}.column"), bounds, gap))
    return found


def check(known: Known, wanted: list[Sliced]) -> Iterable[GateCheck]:
    evaluation = evaluation_of(known)
    for one in wanted:
        need = f"slices: {one.bounds.metric} by {one.column}"
        if evaluation is None:
            yield from missing(need, known.no_evidence("evaluation"), evaluate(known))
        else:
            yield _judged(known, need, one, evaluation)


def _judged(known: Known, need: str, one: Sliced, evaluation: evidence.Evaluation) -> GateCheck:
    metric = one.bounds.metric
    again = evaluate(known).replace("=...", f"=..., slices=['{one.column}']")
    parts = [part for part in evaluation.slices if part.column == one.column and metric in part.metrics]
    if not parts:
        return GateCheck(need=need, met=False, found="the evaluation has no such parts", next=again)
    whole = evaluation.metrics.get(metric)
    if one.gap is not None and whole is None:
        return GateCheck(need=need, met=False, found=f"the evaluation has no {metric} of the whole", next=again)
    bad = [(part, problem) for part in parts if (problem := _problem(one, part, whole))]
    if not bad:
        return GateCheck(need=need, met=True, found=f"{len(parts)} parts")
    part, problem = min(bad, key=lambda found: found[0].metrics[metric] * one.bounds.sign)
    found = f"{len(bad)} of {len(parts)} parts fall short; {part.value} ({part.rows:,} rows): {problem}"
    return GateCheck(need=need, met=False, found=found, next=f"a model that serves {part.value} better")


def _problem(one: Sliced, part: evidence.Slice, whole: evidence.Measured | None) -> str:
    value = part.metrics[one.bounds.metric]
    if broken := one.bounds.broken_by(value):
        return broken
    if one.gap is not None and whole is not None and not (whole.value - value) * one.bounds.sign <= one.gap:
        return f"{value:.6g} is more than {one.gap:g} behind the whole ({whole.value:.6g})"
    return ""


NEED = Need(
    "slices",
    '[{ column = "country", metric = "f1_score", minimum = 0.7, gap = 0.1 }]',
    "a metric's `minimum` or `maximum` in each part of the data, and how far (`gap`) a part may lie behind the whole",
    read,
    check,
)
