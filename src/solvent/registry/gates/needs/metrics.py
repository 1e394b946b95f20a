"""``metrics``: how well it predicts, and whether better than what is in Production, on the same data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from solvent.registry import evidence
from solvent.registry.files_digest import files_digest
from solvent.registry.gates.errors import InvalidPolicy
from solvent.registry.gates.known import Known
from solvent.registry.gates.needs.measured import Bounds, evaluate, evaluation_of, optional, read_bounds
from solvent.registry.gates.needs.need import Need, met, missing
from solvent.registry.gates.reading import tables
from solvent.store.model_versions import VersionRow
from solvent.wire.gates import GateCheck

_KEYS = ("name", "better", "margin", "significance", "minimum", "maximum")


class Metric(NamedTuple):
    """``margin``: so much better at least than in Production; ``significance``: the largest p-value of the difference."""

    bounds: Bounds
    margin: float
    significance: float | None


def read(value: Any, where: str) -> list[Metric]:
    return [_metric(one, f"{where}[{number}]") for number, one in enumerate(tables(value, where, _KEYS))]


def _metric(given: dict[str, Any], where: str) -> Metric:
    margin = optional(given, "margin", where) or 0.0
    significance = optional(given, "significance", where, 0, 1)
    if margin < 0 and significance is not None:
        raise InvalidPolicy(
            f"{where}: a margin below 0 lets the new version be worse, so nothing is to be significant: "
            "leave out significance"
        )
    return Metric(read_bounds(given, where, "name"), margin, significance)


def check(known: Known, wanted: list[Metric]) -> Iterable[GateCheck]:
    evaluation, current = evaluation_of(known), known.current
    for metric in wanted:
        need = f"metrics: {metric.bounds.metric}"
        if metric.bounds.minimum is not None or metric.bounds.maximum is not None or current is None:
            yield from _alone(known, need, metric, evaluation, alone=current is None)
        if current is not None:
            yield from _beside(known, need, metric, current)


def _alone(
    known: Known, need: str, metric: Metric, evaluation: evidence.Evaluation | None, *, alone: bool
) -> list[GateCheck]:
    if evaluation is None:
        return missing(need, known.no_evidence("evaluation"), evaluate(known))
    measured = evaluation.metrics.get(metric.bounds.metric)
    if measured is None:
        return missing(need, "the evaluation does not have it", evaluate(known))
    if broken := metric.bounds.broken_by(measured.value):
        return missing(need, broken, "a better model")
    return met(need, f"{measured.value:.6g}" + (", and nothing is in Production to compare with" if alone else ""))


def _beside(known: Known, need: str, metric: Metric, current: VersionRow) -> list[GateCheck]:
    again = f"solvent models compare {known.model.name}/{current.version} {known.address} --data FILE --target COLUMN"
    need = f"{need} against version {current.version}"
    kept = known.evidence("comparison")
    if kept is None:
        return missing(need, known.no_evidence("comparison"), again)
    comparison = msgspec.convert(kept.body, evidence.Comparison)
    if comparison.against.version != str(current.version):
        found = f"compared with version {comparison.against.version}; version {current.version} is in Production now"
        return missing(need, found, again)
    if comparison.against.digest != files_digest(known.tx, current):
        return missing(need, f"compared with other files than version {current.version} has", again)
    compared = comparison.metrics.get(metric.bounds.metric)
    if compared is None:
        return missing(need, "the comparison does not have it", again)
    problem = _not_better(metric, compared)
    found = f"{compared.value:.6g} against {compared.against:.6g} on {comparison.data.name or comparison.data.digest}"
    return missing(need, f"{found}: {problem}", "a better model") if problem else met(need, found)


def _not_better(metric: Metric, compared: evidence.Compared) -> str:
    gain = compared.difference * metric.bounds.sign
    if not gain >= metric.margin:
        margin = f", at least {metric.margin:g} is asked for" if metric.margin else ""
        return f"{abs(gain):.6g} {'better' if gain > 0 else 'worse'}{margin}"
    if metric.significance is None:
        return ""
    if compared.p_value is None:
        return "the comparison has no p_value of it"
    if not compared.p_value <= metric.significance:
        return (
            f"the difference may be chance (p = {compared.p_value:.3g}, at most {metric.significance:g} is asked for)"
        )
    return ""


NEED = Need(
    "metrics",
    '[{ name = "f1_score", better = "higher", margin = 0.0, significance = 0.05, minimum = 0.8 }]',
    "a metric's `minimum` or `maximum`; and, once a version is in Production, that it is `better` than that one by at "
    "least `margin` on the same data, with a p-value of at most `significance` if that is given",
    read,
    check,
)
