"""Models that are scored on rows which they were fitted on, within one function."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from solvent.debt.findings import Spot
from solvent.debt.practice.lineage import Lineage, is_split, lineage_of, part_number, position_of
from solvent.debt.syntax.environment import Use, Value
from solvent.debt.syntax.functions import Call
from solvent.debt.syntax.module import Module, normal_form

_APPLIES = ("predict", "predict_proba", "score", "evaluate")
_SUPERVISED = re.compile(
    r"^sklearn\.metrics\.(accuracy_score|balanced_accuracy_score|classification_report|confusion_matrix|f1_score"
    r"|log_loss|max_error|mean_\w+_error|median_absolute_error|precision_score|r2_score|recall_score|roc_auc_score"
    r"|roc_curve|root_mean_squared_error|precision_recall_\w+|average_precision_score|matthews_corrcoef)$"
)
_HELD_OUT_NAMES = re.compile(r"(^|_)(x?test|tst|val|valid|validation|holdout|unseen|eval|oos)(_|$|\d)", re.IGNORECASE)


class Overlap(msgspec.Struct, frozen=True, array_like=True):
    """``kind``: ``whole`` where the model was fitted on what is split and scored on its test part, ``same`` where it
    is scored on the very rows that it was fitted on."""

    qualname: str
    kind: str
    model: str
    spot: Spot
    subject: str


def overlaps(module: Module) -> Iterator[Overlap]:
    if ".fit(" not in module.source:
        return
    named = _names_held_out(module)
    for function in module.functions:
        fits = [call for call in function.calls if "trains" in call.kinds and call.method == "fit"]
        if fits:
            lineage = lineage_of(module, function)
            told: set[str] = set()
            for fit in fits:
                for kind, call in _scored(lineage, fit):
                    model = normal_form(fit.node.func.value) if hasattr(fit.node.func, "value") else "the model"
                    if (kind == "same" and named) or f"{kind} {model}" in told:
                        continue
                    told.add(f"{kind} {model}")
                    spot = module.spot(call.node)
                    yield Overlap(function.qualname, kind, model, spot, normal_form(call.node))


def _names_held_out(module: Module) -> bool:
    """Whether any variable is called test, validation or the like: it may hold rows that were split elsewhere."""
    return any(
        _HELD_OUT_NAMES.search(name)
        for function in module.functions
        for name in (*function.given, *function.parameters)
    )


def _scored(lineage: Lineage, fit: Call) -> Iterator[tuple[str, Call]]:
    """What a fitted model is scored on, if those rows were fitted: the kind of overlap, and the call."""
    rows, target = lineage.given(fit.node, 0, "X"), lineage.given(fit.node, 1, "y")
    if not rows or not target:
        return
    for model in lineage.receivers(fit.node):
        refits = [use for use in model.uses if use.kind == "method" and use.name == "fit"]
        for use in model.uses:
            if (
                use.kind != "method"
                or use.name not in _APPLIES
                or use.call is None
                or _latest(refits, use) is not fit.node
            ):
                continue
            scored = lineage.given(use.call.node, 0, "X")
            if _is_test_part_of(lineage, scored, rows):
                yield "whole", use.call
            elif set(map(id, scored)) == set(map(id, rows)) and (call := _measured(lineage, use.call, target)):
                yield "same", call


def _latest(refits: list[Use], use: Use) -> object:
    """The node of the last fit before a use."""
    before = [each for each in refits if position_of(each.node) < position_of(use.node)]
    return max(before, key=lambda each: position_of(each.node)).node if before else None


def _is_test_part_of(lineage: Lineage, scored: tuple[Value, ...], rows: tuple[Value, ...]) -> bool:
    """Whether it is the second part of a split of these very rows."""
    for value in scored:
        if value.kind == "part" and part_number(value) == 1 and len(value.sources) == 1:
            split = value.sources[0]
            if is_split(lineage.module, split) and split.name.endswith("train_test_split"):
                whole = lineage.given(split.node, 0)  # type: ignore[arg-type]
                if set(map(id, whole)) == set(map(id, rows)):
                    return True
    return False


def _measured(lineage: Lineage, applied: Call, target: tuple[Value, ...]) -> Call | None:
    """The call that makes a score of a prediction and the very target that was fitted."""
    wanted = set(map(id, target))
    if applied.method == "score":
        return applied if set(map(id, lineage.given(applied.node, 1, "y"))) == wanted else None
    result = lineage.result(applied.node)
    for use in result.uses if result is not None else ():
        call = use.call
        if use.kind != "argument" or call is None or not _SUPERVISED.match(call.name):
            continue
        if set(map(id, lineage.given(call.node, 0, "y_true"))) == wanted:
            return call
    return None
