"""``@solvent.feature``: the features that this process has declared, to be recorded with its runs.

Only what is light is imported here, and nothing is computed: a function is not slowed down by being a feature.
"""

from __future__ import annotations

import linecache
import os
import sys
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar, overload

from solvent.errors import InvalidInput

F = TypeVar("F", bound=Callable[..., Any])
_MOST_WRAPPERS = 20
"""Some objects answer every attribute, this one too."""


class Registered(NamedTuple):
    """A declared feature. ``inputs`` None: none were declared. ``lines`` are those of ``file`` when it was declared."""

    name: str
    description: str
    owner: str
    inputs: tuple[str, ...] | None
    outputs: tuple[str, ...]
    module: str
    qualname: str
    file: str
    lines: list[str]


class Registry:
    """``changes`` grows with each feature that is declared, so that one can tell whether there is something new."""

    def __init__(self) -> None:
        self._features: dict[tuple[str, str], Registered] = {}
        self.changes = 0

    def add(self, feature: Registered) -> None:
        """A feature that is declared again, by a reload or a cell that ran again, replaces itself."""
        place = feature.file if os.path.isfile(feature.file) else feature.module  # noqa: PTH113 - no import of pathlib
        self._features[place, feature.qualname] = feature
        self.changes += 1

    def all(self) -> list[Registered]:
        return list(self._features.values())

    def clear(self) -> None:
        self._features.clear()
        self.changes += 1


registry = Registry()


@overload
def feature(function: F, /) -> F: ...


@overload
def feature(
    *,
    description: str | None = None,
    owner: str | None = None,
    inputs: Iterable[str] | None = None,
    name: str | None = None,
    outputs: Iterable[str] | None = None,
) -> Callable[[F], F]: ...


def feature(
    function: F | None = None,
    /,
    *,
    description: str | None = None,
    owner: str | None = None,
    inputs: Iterable[str] | None = None,
    name: str | None = None,
    outputs: Iterable[str] | None = None,
) -> F | Callable[[F], F]:
    """Declare that a function makes a feature; the function stays as it is.

    Its declaration, source and version are recorded with the runs of this process. ``solvent features`` lists,
    checks and documents the features of a folder without running it: give plain texts, no expressions.

    Args:
        description: what the feature means; the first paragraph of the docstring if not given.
        owner: who answers for it.
        inputs: the columns and features that it is made of; ``[]`` if it is made of none.
        name: the function's if not given.
        outputs: the columns that it makes, ``*`` standing for any text; its name if not given.

    Raises:
        InvalidInput: an argument is of another type.
    """
    declared = (
        _text("name", name),
        _text("description", description),
        _text("owner", owner),
        None if inputs is None else _names("inputs", inputs),
        None if outputs is None else _names("outputs", outputs),
    )
    if function is not None:
        return _register(function, *declared)
    return lambda decorated: _register(decorated, *declared)


def _register(
    function: F,
    name: str,
    description: str,
    owner: str,
    inputs: tuple[str, ...] | None,
    outputs: tuple[str, ...] | None,
) -> F:
    if not callable(function):
        raise InvalidInput(f"solvent.feature decorates a function, not {type(function).__name__}: put it above a def")
    made: Any = function
    for _ in range(_MOST_WRAPPERS):
        made = getattr(made, "__wrapped__", made)
    qualname = str(getattr(made, "__qualname__", type(made).__qualname__))
    module = str(getattr(made, "__module__", None) or "")
    name = name or qualname.rpartition(".")[2]
    file = _file_of(made, module)
    linecache.checkcache(file)  # the file may have been changed since another module was read
    registry.add(
        Registered(
            name,
            description or first_paragraph(getattr(made, "__doc__", None)),
            owner,
            inputs,
            outputs if outputs is not None else (name,),
            module,
            qualname,
            file,
            linecache.getlines(file, getattr(made, "__globals__", None)) if file else [],
        )
    )
    return function


def first_paragraph(text: Any) -> str:
    """On one line.

    >>> first_paragraph("Debt per\\n    yearly income.\\n\\n    Before tax.")
    'Debt per yearly income.'
    """
    lines = [line.strip() for line in text.strip().splitlines()] if isinstance(text, str) else []
    return encodable(" ".join(lines[: lines.index("")] if "" in lines else lines))


def encodable(text: str) -> str:
    """With ``?`` for what no encoding has, a lone surrogate."""
    return text.encode("utf-8", "replace").decode()


def _file_of(made: Any, module: str) -> str:
    """The file, or what stands for it in a notebook or at the prompt; '' if there is none."""
    code = getattr(made, "__code__", None)
    if code is not None:
        return str(code.co_filename)
    return str(getattr(sys.modules.get(module), "__file__", None) or "")


def _text(argument: str, value: Any) -> str:
    if value is not None and not isinstance(value, str):
        raise InvalidInput(f"solvent.feature: {argument} must be a text, not {type(value).__name__}")
    return encodable((value or "").strip())


def _names(argument: str, values: Any) -> tuple[str, ...]:
    if isinstance(values, str):
        raise InvalidInput(f"solvent.feature: {argument} must be a list of names: write {argument}=['{values}']")
    try:
        names = tuple(values)
    except TypeError:
        names = (None,)
    if not all(isinstance(each, str) and each for each in names):
        raise InvalidInput(f"solvent.feature: {argument} must be a list of names, found {values!r:.60}")
    return tuple(map(encodable, names))
