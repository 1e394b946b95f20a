"""What was done to data before it was split: learned from all rows, made more of, put in order of time.

One record per function, plain data for the cache; ``project.preparation`` joins them over calls. Where data comes
from is said by origins: ``e:3`` the function's event 3, ``p:X`` its parameter, ``c:2:0`` part 0 of what its call 2
returned (``c:2:`` all of it), ``a:self.X`` an attribute, ``s`` a part of a split.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

import msgspec

from solvent.debt.findings import Spot
from solvent.debt.practice.events import Events, Treated, short_name
from solvent.debt.practice.lineage import END, Position, is_split, lineage_of, part_number, position_of
from solvent.debt.syntax.environment import Value
from solvent.debt.syntax.functions import Call, Function
from solvent.debt.syntax.module import Module, normal_form
from solvent.debt.syntax.names import UNKNOWN, is_builtin
from solvent.debt.syntax.nodes import argument, constant, keyword

_WORDS = re.compile(
    r"train_test_split|random_split|Split\(|KFold|cross_val|SearchCV|fit_|\.fit\(|\.shift\(|\.rolling\(|sort_values|fillna|merge\("
    r"|resample|preprocessing|train_size|split_idx|\.sample\(|import \w*(prepar|preproc|feature|clean|data|load|split)"
)
_LIBRARIES = frozenset(
    {"numpy", "pandas", "sklearn", "scipy", "torch", "tensorflow", "keras", "matplotlib", "seaborn", "imblearn", "os"}
    | {"xgboost", "lightgbm", "catboost", "polars", "joblib", "pickle", "json", "re", "pathlib", "random", "plotly"}
    | {"streamlit", "mlflow", "datetime", "logging", "collections", "itertools", "math", "statsmodels", "nltk"}
)


class Event(msgspec.Struct, frozen=True, array_like=True):
    """Something done to all rows. ``kind``: scaling, selection, encoding, filling, copies, lags, order, panel.

    ``whole`` are the origins of the data that it was done to, ``named_train``: it is called a training part, and
    where it comes from is not known here.
    """

    kind: str
    name: str
    spot: Spot
    subject: str
    whole: list[str]
    named_train: bool


class Split(msgspec.Struct, frozen=True, array_like=True):
    """A split. ``shuffles``: rows go to the parts at random; False for slices and ``shuffle=False``."""

    name: str
    spot: Spot
    subject: str
    shuffles: bool
    origins: list[str]


class Passed(msgspec.Struct, frozen=True, array_like=True):
    """A call of what may be the project's own function, and where its arguments come from."""

    name: str
    given: list[tuple[int | str, list[str]]]


class Prepared(msgspec.Struct, frozen=True, array_like=True):
    """One function. ``direct`` are events that leak by themselves: fitted on all rows, applied to parts of a split.

    ``returned`` has the origins of each part of what is returned, -1 for all of it; ``stored`` those of attributes.
    """

    qualname: str
    class_name: str | None
    parameters: list[str]
    events: list[Event]
    splits: list[Split]
    calls: list[Passed]
    returned: list[tuple[int, list[str]]]
    stored: list[tuple[str, list[str]]]
    direct: list[int]


def prepared(module: Module) -> Iterator[Prepared]:
    """A record of each function of a module that does anything to data."""
    if not _WORDS.search(module.source):
        return
    for function in module.functions:
        if module.calls is not None and function.calls:
            found = _record(module, function)
            if found.events or found.splits or found.calls or found.returned or found.stored:
                yield found


def _record(module: Module, function: Function) -> Prepared:
    """The record of one function; made once, several rules ask for it."""
    if function.prepared is None:
        function.prepared = _Reader(module, function).read()
    record: Prepared = function.prepared
    return record


class _Reader:
    def __init__(self, module: Module, function: Function) -> None:
        self.module = module
        self.function = function
        self.lineage = lineage_of(module, function)
        self.calls = {id(call.node): call for call in function.calls}
        self.passed: dict[int, int] = {}
        self.event_of: dict[int, int] = {}
        self.changes: dict[int, list[tuple[Position, int]]] = {}
        self.own: list[Call] = []

    def read(self) -> Prepared:
        found = list(Events(self.lineage, self.function).found())
        for number, (node, *_) in enumerate(found):
            self.event_of[id(node)] = number
        self._note_changes_in_place(found)
        splits = list(self._splits())
        events = [
            Event(
                kind,
                name,
                self.module.spot(node),
                normal_form(node),
                self.origins(data, position_of(node)),
                self._is_named_train(node, data),
            )
            for node, kind, name, data in found
        ]
        returned, stored = self._given_away()
        function = self.function
        direct = [
            number for number, (node, *_) in enumerate(found) if self._is_applied_to_parts(node, found[number][3])
        ]
        calls: list[Passed] = []
        while len(calls) < len(self.own):  # the origins of arguments may name further calls
            calls.append(self._passed(self.own[len(calls)]))
        return Prepared(
            function.qualname,
            function.class_name,
            list(function.parameters),
            events,
            splits,
            calls,
            returned,
            stored,
            direct,
        )

    def _note_changes_in_place(self, found: list[Treated]) -> None:
        """``df["x"].fillna(..., inplace=True)`` changes ``df``, of which the column is a view."""
        for number, (node, kind, _, data) in enumerate(found):
            if (
                kind in ("filling", "order")
                and isinstance(node, ast.Call)
                and constant(keyword(node, "inplace")) is True
            ):
                for value in (*data, *(source for each in data for source in each.sources if each.kind == "derived")):
                    self.changes.setdefault(id(value), []).append((position_of(node), number))

    # --- where values come from ---

    def origins(self, values: Iterable[Value], time: Position = END) -> list[str]:
        found: set[str] = set()
        lineage = self.lineage
        seen: dict[int, Position] = {}
        stack = [(value, time) for value in values]
        while stack:
            value, time = stack.pop()
            if seen.get(id(value), (-1, 0)) >= time:
                continue
            seen[id(value)] = time
            for when, number in self.changes.get(id(value), ()):
                if when < time:
                    found.add(f"e:{number}")
            for use in value.uses:
                fits = use.kind == "method" and use.name in ("fit", "fit_transform") and value.kind != "parameter"
                if fits and id(use.node) in self.event_of and position_of(use.node) < time:
                    found.add(f"e:{self.event_of[id(use.node)]}")
            if id(value.node) in self.event_of:
                found.add(f"e:{self.event_of[id(value.node)]}")
            if is_split(self.module, value):
                found.add("s")
                continue
            origin = self._origin(value)
            if origin:
                found.add(origin)
                if origin.startswith("c:"):
                    continue
            stack += lineage.before(value, time)
        return sorted(found)

    def _origin(self, value: Value) -> str:
        if value.kind == "parameter":
            return f"p:{value.name}"
        if value.kind == "attribute":
            return f"a:{value.name}"
        source, part = value, ""
        if value.kind == "part" and len(value.sources) == 1:
            number = part_number(value)
            source, part = value.sources[0], "" if number is None else str(number)
        call = self.calls.get(id(source.node)) if source.kind == "call" else None
        if call is None or not _may_be_own(call):
            return ""
        return f"c:{self._number(call)}:{part}"

    def _number(self, call: Call) -> int:
        """The number of a call of what may be the project's own function."""
        if id(call.node) not in self.passed:
            self.passed[id(call.node)] = len(self.own)
            self.own.append(call)
        return self.passed[id(call.node)]

    def _passed(self, call: Call) -> Passed:
        node = call.node
        positions: list[int | str] = [*range(len(node.args)), *(each.arg for each in node.keywords if each.arg)]
        given = [(each, self.origins(self.lineage.given(node, each), position_of(node))) for each in positions]
        return Passed(call.name, [(position, origins) for position, origins in given if origins])

    def _given_away(self) -> tuple[list[tuple[int, list[str]]], list[tuple[str, list[str]]]]:
        returned: dict[int, list[tuple[Value, Position]]] = {}
        stored: dict[str, list[tuple[Value, Position]]] = {}
        for value in self.lineage.values:
            for use in value.uses:
                if use.kind == "returned":
                    number = use.position if isinstance(use.position, int) else -1
                    returned.setdefault(number, []).append((value, (use.node.lineno, 1e9)))  # type: ignore[attr-defined]
                elif use.kind == "stored" and use.name.startswith("self."):
                    stored.setdefault(use.name, []).append((value, (use.node.lineno, 1e9)))  # type: ignore[attr-defined]
                elif use.kind == "argument" and use.call is not None and _may_be_own(use.call):
                    self._number(use.call)
        return (
            [(number, found) for number, given in sorted(returned.items()) if (found := self._joined(given))],
            [(name, found) for name, given in sorted(stored.items()) if (found := self._joined(given))],
        )

    def _joined(self, given: list[tuple[Value, Position]]) -> list[str]:
        return sorted({origin for value, time in given for origin in self.origins((value,), time)})

    # --- splits ---

    def _splits(self) -> Iterator[Split]:
        for call in self.function.calls:
            node, name = call.node, call.name
            data: tuple[Value, ...] = ()
            if name.endswith("train_test_split") and "splits" in call.kinds:
                data = tuple(value for number in range(len(node.args)) for value in self.lineage.given(node, number))
                shuffles = constant(keyword(node, "shuffle")) is not False
            elif "splits" in call.kinds:
                data = self.lineage.given(node, 0, "X", "dataset")
                shuffles = self._fold_shuffles(call)
            elif "cross_validates" in call.kinds and name.startswith("sklearn."):
                data = self.lineage.given(node, 1, "X")
                shuffles = False
            elif name.endswith("SearchCV.fit"):
                data = self.lineage.given(node, 0, "X")
                shuffles = False
            if data:
                yield Split(
                    call.method if call.method != "fit" else short_name(name, node),
                    self.module.spot(node),
                    normal_form(node),
                    shuffles,
                    self.origins(data, position_of(node)),
                )
        yield from self._slices()

    def _fold_shuffles(self, call: Call) -> bool:
        if "random_split" in call.name or "ShuffleSplit" in call.name:
            return True
        makers = [value.node for value in self.lineage.receivers(call.node) if isinstance(value.node, ast.Call)]
        return any(constant(keyword(maker, "shuffle")) is True for maker in makers)

    def _slices(self) -> Iterator[Split]:
        """``data[:n]`` and ``data[n:]`` of the same table."""
        heads: dict[tuple[str, str], list[Value]] = {}
        tails: dict[tuple[str, str], list[Value]] = {}
        for value in self.lineage.values:
            bounds = _row_bounds(value.node) if value.kind == "derived" else None
            if bounds is not None:
                lower, upper = bounds
                base = normal_form(value.node.value)  # type: ignore[attr-defined]
                if upper is not None and (lower is None or constant(lower) == 0):
                    heads.setdefault((base, normal_form(upper)), []).append(value)
                elif lower is not None and upper is None:
                    # a window back from the same bound: data[n - 60:]
                    bound = lower.left if isinstance(lower, ast.BinOp) and isinstance(lower.op, ast.Sub) else lower
                    tails.setdefault((base, normal_form(bound)), []).append(value)
                    tails.setdefault((base, normal_form(lower)), []).append(value)
        for key, values in heads.items():
            digits = key[1].lstrip("-")
            if key in tails and not (digits.isdigit() and len(digits) < 3):  # x[:1] and x[1:] are no split
                value = values[0]
                name = f"{key[0]}[:{key[1]}]"
                origins = self.origins(value.sources, position_of(value.node))
                yield Split(name, self.module.spot(value.node), name, False, origins)

    def _is_applied_to_parts(self, node: ast.AST, data: tuple[Value, ...]) -> bool:
        """Whether what was fitted on all rows transforms the parts of a split of the same rows."""
        if not isinstance(node, ast.Call) or not data:
            return False
        time = position_of(node)
        mine = {id(each.value) for each in self.lineage.ancestors(data, time)}
        for value in self.lineage.receivers(node):
            for use in value.uses:
                if use.kind != "method" or use.name != "transform" or position_of(use.node) <= time:
                    continue
                parts = self.lineage.given(use.node, 0, "X") if isinstance(use.node, ast.Call) else ()
                for each in self.lineage.ancestors(parts, position_of(use.node)):
                    if is_split(self.module, each.value) and isinstance(each.value.node, ast.Call):
                        whole = self.lineage.all_given(each.value.node)
                        theirs = {id(a.value) for a in self.lineage.ancestors(whole, position_of(each.value.node))}
                        same = any(id(w) in mine for w in whole) or any(id(d) in theirs for d in data)
                        if same and not self.lineage.is_cut(data, time):
                            return True
        return False

    def _is_named_train(self, node: ast.AST, data: tuple[Value, ...]) -> bool:
        """Whether the data is called a training part, and nothing here says that it was read as a whole."""
        given = argument(node, 0, "X") if isinstance(node, ast.Call) else None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and given is None:
            given = node.func.value
        if given is None or "train" not in normal_form(given).lower():
            return False
        ancestors = self.lineage.ancestors(data, position_of(node))
        return not any("reads_data" in self.module.facts.kinds(each.value.name) for each in ancestors)


def _may_be_own(call: Call) -> bool:
    """Whether a call may be one of the project's own functions."""
    if call.kinds or call.name.startswith(UNKNOWN):
        return False
    first = call.name.partition(".")[0]
    return first not in _LIBRARIES and not is_builtin(first)


def _row_bounds(node: ast.AST) -> tuple[ast.expr | None, ast.expr | None] | None:
    """The bounds of ``x[a:b]``, ``x.iloc[a:b]`` and ``x[a:b, ...]`` if it chooses rows."""
    if not isinstance(node, ast.Subscript):
        return None
    chosen = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice
    if not isinstance(chosen, ast.Slice) or chosen.step is not None or (chosen.lower is None and chosen.upper is None):
        return None
    return chosen.lower, chosen.upper
