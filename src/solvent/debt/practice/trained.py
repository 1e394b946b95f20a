"""Models that a file trains, each with all uses of what holds it, in a form that can be cached."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, NamedTuple

from solvent.debt.practice.training import in_search, receiver_name, training_calls
from solvent.debt.syntax.environment import Use, Value
from solvent.debt.syntax.functions import Call
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.values import Flow

_BOOSTERS = frozenset({"xgboost.train", "lightgbm.train", "catboost.train"})
_ADDS = frozenset({"append", "extend", "add", "insert", "update", "setdefault", "put"})
_NETWORK = frozenset({"train", "eval", "parameters", "state_dict", "zero_grad", "__call__"})
_PREDICTS = frozenset(
    {"predict", "predict_proba", "score", "evaluate", "decision_function", "forecast", "generate", "__call__"}
    | {"predict_generator", "transform", "predict_classes", "predict_log_proba", "test", "eval", "sample"}
)
_ANALYSED = ("feature_importances_", "coef_", "intercept_", "feature_importance", "get_fscore", "get_score", "summary")


class Trained(NamedTuple):
    """A training. ``where``: line, column, end line, cell. ``uses``: kind, name, method, kinds, position.

    ``holders`` are the parameters that hold the model: then it is the caller's. ``surely`` says that the name of
    what is trained tells that it is a model, even where the project has a method of its own behind the call.
    """

    qualname: str
    name: str
    method: str
    where: list[Any]
    uses: list[list[Any]]
    holders: list[str]
    surely: bool


def trained_models(module: Module) -> Iterator[Trained]:
    """All trainings of a file, those left out that only search or analyse."""
    for call in training_calls(module):
        if in_search(call):
            continue
        flow = module.flow(call.function)
        values = _trained(call, flow)
        uses = [use for value in values for use in value.uses]
        if call.method != "backward" and _only_analysed(module, call, uses):
            continue
        spot = module.spot(call.node)
        holders = [value.name for value in values if value.kind == "parameter"]
        name = "the network" if call.method == "backward" else _display(call)
        where = [spot.line, spot.column, spot.end_line, spot.cell]
        surely = call.method == "backward" or not call.name.startswith(f"{module.name}.")
        yield Trained(call.function.qualname, name, call.name, where, [_plain(use) for use in uses], holders, surely)


def _display(call: Call) -> str:
    if call.name in _BOOSTERS:
        return "the booster"
    name = receiver_name(call)
    return f"'{name}'" if name else "the model"


def _trained(call: Call, flow: Flow) -> list[Value]:
    """The values that are trained, and the containers and objects that come to hold them."""
    if call.method == "backward":
        found = [v for v in flow.values if any(u.kind == "method" and u.name in _NETWORK for u in v.uses)]
    else:
        found = [v for v in flow.values if any(u.kind == "method" and u.call is call for u in v.uses)]
        found += [value for value in flow.values if value.node is call.node]
    seen = {id(value) for value in found}
    for value in found:  # grows
        for other in _holders(value, flow):
            if id(other) not in seen:
                seen.add(id(other))
                found.append(other)
    return found


def _holders(value: Value, flow: Flow) -> Iterator[Value]:
    kept = [use for use in value.uses if use.kind == "stored" or (use.call is not None and use.call.method in _ADDS)]
    if not kept:
        return
    nodes = {id(use.node) for use in kept}
    for other in flow.values:
        if (other.kind == "container" and value in other.sources) or any(
            id(use.node) in nodes and use.kind in ("item_set", "method") for use in other.uses
        ):
            yield other


def _plain(use: Use) -> list[Any]:
    name = use.call.name if use.call is not None else use.name
    kinds = sorted(use.call.kinds) if use.call is not None else []
    return [use.kind, name, use.name if use.kind == "method" else "", kinds, use.position]


def _only_analysed(module: Module, call: Call, uses: list[Use]) -> bool:
    """Whether a model is only fitted for its coefficients or the importance of its features."""
    if any(use.kind in ("argument", "returned", "stored") for use in uses):
        return False
    if any(use.kind == "method" and use.name in _PREDICTS for use in uses):
        return False
    name = receiver_name(call)
    return any(
        node.attr in _ANALYSED and isinstance(node.value, ast.Name | ast.Attribute) and _last(node.value) == name
        for node in module.of(ast.Attribute)
    )


def _last(node: ast.Name | ast.Attribute) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr
