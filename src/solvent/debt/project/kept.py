"""Whether a trained model is kept by anybody: its uses are followed through returns, arguments and attributes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from solvent.debt.practice.saving import sounds_like_saving
from solvent.debt.practice.trained import Trained
from solvent.debt.project.project import Place, Project
from solvent.debt.project.summary import UseSummary, ValueSummary
from solvent.debt.project.wide import wide_of

_KEEPS = frozenset({"saves_model", "logs_model", "autologs"})
_HARMLESS_LIBRARIES = (
    "sklearn.",
    "numpy.",
    "pandas.",
    "matplotlib.",
    "seaborn.",
    "shap.",
    "lime.",
    "eli5.",
    "yellowbrick.",
    "torch.",
    "tensorflow.",
    "keras.",
    "xgboost.",
    "lightgbm.",
    "catboost.",
    "scipy.",
    "statsmodels.",
    "mlxtend.",
    "imblearn.",
    "streamlit.",
    "logging.",
    "torchsummary.",
    "torchinfo.",
    "plotly.",
    "scikitplot.",
    "torchvision.",
    "tqdm.",
    "dtreeviz",
    "graphviz.",
    "IPython.",
    "pprint.",
    "thop.",
    "fvcore.",
    "itertools.",
    "functools.",
    "copy.",
    "torchmetrics.",
    "IPython",
    "collections.",
    "time.",
    "dict",
    "list",
    "typing.",
)
_HARMLESS_BUILTINS = frozenset(
    {
        "print",
        "len",
        "type",
        "str",
        "repr",
        "isinstance",
        "hasattr",
        "getattr",
        "setattr",
        "vars",
        "dir",
        "dict",
        "list",
    }
    | {"tuple", "zip", "enumerate", "format", "id", "sorted", "max", "min", "next", "iter", "set", "display", "super"}
    | {"summary", "map", "filter"}
)
_HARMLESS_NAMES = re.compile(
    r"(?i)(^|_)(plot|plots|evaluate|evaluation|eval|score|scores|report|confusion|accuracy|metric|metrics|cross|predict"
    r"|prediction|predictions|test|valid|validate|importance|importances|explain|visualize|visualise|display|show|print"
    r"|summary|measure|calculate|compute|count|roc|auc|rmse|mae|draw|inference|tree|append|extend|add|insert|update"
    r"|setdefault|param_groups|parameters|rmsle|residuals|learning_curve|performance|describe|inspect|classify)(_|$)"
)
_DEEPEST = 6

Uses = Sequence[Sequence[Any]]


class Kept:
    """``saving`` are the functions that save a model; ``trainings`` the places of all trainings (path, line, ...)."""

    def __init__(self, project: Project, saving: set[tuple[str, str]], trainings: set[tuple[Any, ...]]) -> None:
        self._project = project
        self._saving = saving
        self._wide = wide_of(project)
        self._trainings = trainings
        self._roots: dict[tuple[str, str], tuple[list[Place], bool]] = {}

    def is_lost(self, place: Place, trained: Trained) -> bool:
        """Whether a program of the project trains the model, and nobody keeps it."""
        if not trained.surely and not self._trains_inside(place, trained):
            return False
        if self._is_reported_outside(place):
            return False
        roots, begins = self._begins(place)
        if not (begins or _ends_here(place)) or any(self._saves(root) for root in roots):
            return False
        seen: set[tuple[Any, ...]] = set()
        if self._cleared(place, trained.uses, seen, 0):
            return False
        return not any(self._cleared_by_holders(place, name, seen, 0) for name in trained.holders)

    def _trains_inside(self, place: Place, trained: Trained) -> bool:
        """Whether the project's own method behind a training call trains something."""
        callee = self._project.callee(trained.method, place.file)
        if callee is None:
            return True
        keys = {(path, cell, line) for path, line, _, _, cell in self._trainings}
        reached = self._project.reach(callee).values()
        return any(
            (each.file.path, call.spot.cell, call.spot.line) in keys for each in reached for call in each.function.calls
        )

    def _is_reported_outside(self, place: Place) -> bool:
        """Whether a function is the ``fit`` of a class of the project, whose calls are trainings themselves."""
        if place.function.class_name is None:
            return False
        return any(
            (caller.file.path, call.spot.line, call.spot.column, call.spot.end_line, call.spot.cell) in self._trainings
            for caller, call in self._callers(place)
        )

    def _callers(self, place: Place) -> Iterator[tuple[Place, Any]]:
        return (each for each in self._project.callers.get(place.key, ()) if each[0].file.role != "test")

    def _begins(self, place: Place) -> tuple[list[Place], bool]:
        """The functions from which this one is reached and that nobody calls; whether a program begins at one."""
        known = self._roots.get(place.key)
        if known is not None:
            return known
        seen = {place.key: place}
        todo = [place]
        roots: list[Place] = []
        while todo:
            each = todo.pop()
            callers = [caller for caller, _ in self._callers(each)]
            if not callers or each.function.qualname == "<module>":
                roots.append(each)
            for caller in callers:
                if caller.key not in seen:
                    seen[caller.key] = caller
                    todo.append(caller)
        answer = roots or [place], any(_begins_at(root) for root in roots)
        self._roots[place.key] = answer
        return answer

    def _saves(self, start: Place) -> bool:
        return not self._saving.isdisjoint(self._wide.reach(start))

    def _cleared(self, place: Place, uses: Uses, seen: set[tuple[Any, ...]], depth: int) -> bool:
        return any(self._clears(place, use, seen, depth) for use in uses)

    def _clears(self, place: Place, use: Sequence[Any], seen: set[tuple[Any, ...]], depth: int) -> bool:
        kind, name, method, kinds, position = use
        if kind == "method":
            return not _KEEPS.isdisjoint(kinds) or sounds_like_saving(f"?.{method}")
        if kind == "argument":
            return self._argument_clears(place, name, kinds, position, seen, depth)
        if kind == "returned":
            return self._return_clears(place, position, seen, depth)
        if kind == "stored":
            return self._store_clears(place, name, seen, depth)
        if kind == "captured":
            inner = [f for f in place.file.functions if f.qualname.rpartition(".")[2] == name]
            return any((place.file.path, function.qualname) in self._saving for function in inner)
        return False

    def _argument_clears(
        self, place: Place, name: str, kinds: Iterable[str], position: Any, seen: set[tuple[Any, ...]], depth: int
    ) -> bool:
        if not _KEEPS.isdisjoint(kinds) or sounds_like_saving(name):
            return True
        callee = self._project.callee(name, place.file)
        if callee is None:
            last = name.rpartition(".")[2]
            return not (
                name in _HARMLESS_BUILTINS
                or name.startswith(_HARMLESS_LIBRARIES)
                or _HARMLESS_NAMES.search(last)
                or "trains" in kinds
            )
        parameter = parameter_of(callee, position)
        if parameter is None or depth > _DEEPEST:
            return depth > _DEEPEST
        if (key := (*callee.key, parameter)) in seen:
            return False
        seen.add(key)
        return any(
            self._cleared(callee, plain(value), seen, depth + 1)
            for value in callee.function.values
            if value.kind == "parameter" and value.name == parameter
        )

    def _return_clears(self, place: Place, position: Any, seen: set[tuple[Any, ...]], depth: int) -> bool:
        callers = list(self._callers(place))
        if not callers or depth > _DEEPEST:
            return not _begins_at(place)
        if (key := (*place.key, "returned", position)) in seen:
            return False
        seen.add(key)
        for caller, call in callers:
            if not caller.function.flows:
                return True
            for value in caller.function.values:
                if (
                    value.name == call.name
                    and value.kind == "call"
                    and self._cleared(caller, plain(value), seen, depth + 1)
                ):
                    return True
        return False

    def _store_clears(self, place: Place, name: str, seen: set[tuple[Any, ...]], depth: int) -> bool:
        if name in ("container", "item"):
            return False  # what holds it was followed with it
        if not name.startswith("self."):
            return place.function.qualname != "<module>"
        if (key := (place.file.path, place.function.class_name, name)) in seen or depth > _DEEPEST:
            return depth > _DEEPEST
        seen.add(key)
        for function in place.file.functions:
            if function.class_name == place.function.class_name:
                other = Place(place.file, function)
                if other.key in self._saving:
                    return True
                for value in function.values:
                    if (
                        value.kind == "attribute"
                        and value.name == name
                        and self._cleared(other, plain(value), seen, depth + 1)
                    ):
                        return True
        return False

    def _cleared_by_holders(self, place: Place, parameter: str, seen: set[tuple[Any, ...]], depth: int) -> bool:
        """Whether a caller keeps what it gave as this parameter."""
        if (key := (*place.key, "holder", parameter)) in seen or depth > _DEEPEST:
            return depth > _DEEPEST
        seen.add(key)
        for caller, _ in self._callers(place):
            for value in caller.function.values:
                if not self._is_given(caller, value, place, parameter):
                    continue
                if self._cleared(caller, plain(value), seen, depth + 1):
                    return True
                if value.kind == "parameter" and self._cleared_by_holders(caller, value.name, seen, depth + 1):
                    return True
        return False

    def _is_given(self, caller: Place, value: ValueSummary, place: Place, parameter: str) -> bool:
        for use in value.uses:
            if use.kind == "argument" and parameter_of(place, use.position) == parameter:
                callee = self._project.callee(use.name, caller.file)
                if callee is not None and callee.key == place.key:
                    return True
        return False


def plain(value: ValueSummary) -> list[list[Any]]:
    return [_plain(use) for use in value.uses]


def _plain(use: UseSummary) -> list[Any]:
    return [use.kind, use.name, use.method, use.kinds, use.position]


def parameter_of(callee: Place, position: Any) -> str | None:
    """The name of the parameter that an argument's position or keyword gives."""
    names = list(callee.function.parameters)
    if isinstance(position, str):
        return position if position in names else None
    if not isinstance(position, int):
        return None
    if callee.function.class_name is not None and names[:1] in (["self"], ["cls"]):
        names = names[1:]
    return names[position] if position < len(names) else None


def _ends_here(place: Place) -> bool:
    """Whether a function gives nothing back, so that what it trains is gone whoever calls it."""
    function = place.function
    alone = function.class_name is None and "." not in function.qualname and place.file.role in ("source", "notebook")
    return alone and function.flows and not function.returns and not _HARMLESS_NAMES.search(function.qualname)


def _begins_at(place: Place) -> bool:
    """Whether a program begins here: a file's own code, a command, a handler, a function that is called main."""
    function = place.function
    if place.file.role not in ("source", "notebook"):
        return False
    if function.qualname == "<module>" or function.qualname == "main":
        return True
    return any(
        name.endswith(
            (".command", ".get", ".post", ".put", ".route", ".task", ".flow", ".step", ".op", ".asset", ".cell")
        )
        or name in ("task", "flow", "step", "prefect.flow", "hydra.main")
        for name in function.decorators
    )
