"""What is done to all rows of a table that matters once they are split: learning, filling, copying, ordering."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from solvent.debt.practice.lineage import Lineage
from solvent.debt.syntax.environment import Value
from solvent.debt.syntax.functions import Call, Function
from solvent.debt.syntax.module import normal_form
from solvent.debt.syntax.names import UNKNOWN
from solvent.debt.syntax.nodes import argument, constant, keyword, parent_of, text_of

_STATISTICS = frozenset({"mean", "median", "mode", "std", "quantile", "nanmean", "nanmedian"})
_LEARNER_NAMES = re.compile(
    r"scaler|imputer|(^|_)pca|vectori[sz]er|tfidf|standardi[sz]er|^(sc|ss|mms|preprocessor)(_|$)"
)
_TIME_NAMES = re.compile(r"(^|_)(date|datetime|timestamp|time|year_month|yearmonth)($|_)")


_PERIODS = frozenset({"day", "week", "month", "quarter", "period"})


class Treated(NamedTuple):
    """An event at a node. ``kind``: scaling, selection, encoding, filling, copies, lags, order, panel; ``data``: the rows."""

    node: ast.AST
    kind: str
    name: str
    data: tuple[Value, ...]


class Events:
    """The events of one function."""

    def __init__(self, lineage: Lineage, function: Function) -> None:
        self._lineage = lineage
        self._function = function

    def found(self) -> Iterator[Treated]:
        for call in self._function.calls:
            node = call.node
            kind = self._kind_of_fit(call)
            if kind:
                yield Treated(
                    node, kind, short_name(call.name, node), self._lineage.given(node, 0, "X", "raw_documents", "a")
                )
            elif call.method == "fillna":
                if self._fills_by_statistics(node):
                    yield Treated(node, "filling", "fillna", self._lineage.receivers(node))
            elif call.method == "sample":
                if constant(keyword(node, "replace")) is True:
                    yield Treated(node, "copies", "sample(replace=True)", self._lineage.receivers(node))
            elif call.name == "sklearn.utils.resample":
                if constant(keyword(node, "replace")) is not False:
                    yield Treated(node, "copies", "resample", self._lineage.given(node, 0))
            elif call.method in ("merge", "groupby") and self._is_by_time(node):
                yield Treated(node, "panel", call.method, self._lineage.receivers(node))
            elif self._is_of_time(call):
                yield Treated(node, _time_kind(call), call.method, self._lineage.receivers(node))
        for value in self._lineage.values:
            if isinstance(value.node, ast.BinOp) and value.kind == "derived" and _standardizes(value.node):
                yield Treated(value.node, "scaling", "standardisation", value.sources)

    def _kind_of_fit(self, call: Call) -> str:
        kinds = call.kinds
        if "selects_features" in kinds:
            return "selection"
        if "encodes_target" in kinds:
            return "encoding"
        if "oversamples" in kinds:
            return "copies"
        if "learns_statistics" in kinds:
            return "" if self._is_constant_imputer(call) else "scaling"
        if call.method == "fit_transform" and isinstance(call.node.func, ast.Attribute):
            last = normal_form(call.node.func.value).rpartition(".")[2].lower()
            known = call.name.startswith(("sklearn.", "category_encoders."))
            return "scaling" if not known and _LEARNER_NAMES.search(last) and "label" not in last else ""
        return ""

    def _is_constant_imputer(self, call: Call) -> bool:
        makers = [value.node for value in self._lineage.receivers(call.node) if isinstance(value.node, ast.Call)]
        return any(text_of(keyword(maker, "strategy")) == "constant" for maker in makers)

    def _fills_by_statistics(self, node: ast.Call) -> bool:
        filling = argument(node, 0, "value")
        if filling is None:
            return False
        for each in ast.walk(filling):  # .mean(), and .transform("mean")
            if (each.attr if isinstance(each, ast.Attribute) else text_of(each)) in _STATISTICS:
                return True
        given = self._lineage.given(node, 0, "value")
        return any(value.kind == "call" and value.name.rpartition(".")[2] in _STATISTICS for value in _wholes(given))

    @staticmethod
    def _is_by_time(node: ast.Call) -> bool:
        """``on=["customer", "month"]``: each customer has a row for each month."""
        keys = keyword(node, "on") or argument(node, 0, "by")
        names = [text_of(each) or "" for each in keys.elts] if isinstance(keys, ast.List | ast.Tuple) else []
        times = [name for name in names if _TIME_NAMES.search(name.lower()) or name.lower() in _PERIODS]
        return 0 < len(times) < len(names)

    def _is_of_time(self, call: Call) -> bool:
        if call.method in ("shift", "rolling", "pct_change"):
            return call.name.startswith(("pandas.", "?.")) and not call.name.startswith("pandas.Timestamp")
        if call.method == "sort_values" and call.node.func:
            by = argument(call.node, 0, "by")
            first = by.elts[0] if isinstance(by, ast.List) and by.elts else by
            return bool(_TIME_NAMES.search((text_of(first) or "").lower()))
        return False


def _wholes(values: tuple[Value, ...]) -> Iterator[Value]:
    """Values, and what they are an item or an attribute of: ``x.mode().values[0]`` is a mode."""
    for value in values:
        yield value
        while value.kind != "call" and len(value.sources) == 1:
            value = value.sources[0]
            yield value


def short_name(name: str, node: ast.Call) -> str:
    """``StandardScaler.fit_transform`` of the whole name; the receiver's name where its class is unknown."""
    if name.startswith(UNKNOWN) and isinstance(node.func, ast.Attribute):
        return f"{normal_form(node.func.value)}.{node.func.attr}"
    parts = name.split(".")
    return ".".join(parts[-2:]) if parts[-2:-1] and parts[-2][:1].isupper() else parts[-1]


def _time_kind(call: Call) -> str:
    return "order" if call.method == "sort_values" else "lags"


def _standardizes(node: ast.BinOp) -> bool:
    """``(x - x.mean()) / x.std()``, ``(x - x.min()) / (x.max() - x.min())``."""
    if not isinstance(node.op, ast.Div) or isinstance(parent_of(node), ast.BinOp):
        return False
    called = {
        each.func.attr for each in ast.walk(node) if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute)
    }
    return {"mean", "std"} <= called or {"min", "max"} <= called
