"""Facts about libraries: what trains, splits, reads, saves, seeds ..., and what calls return.

A facts file is YAML with up to four mappings::

    kinds:                       # kind: patterns of dotted names; * is anything; ! takes away what others gave
      trains: ["sklearn.*.fit", "!sklearn.preprocessing.*"]
    results:                     # pattern of a called name: the type that it returns, `self`, or `argument`
      pandas.read_*: pandas.DataFrame
    attributes:                  # pattern of type.attribute: its type
      pandas.DataFrame.loc: pandas.DataFrame.loc
    items:                       # type: type of its items; `type[str]` where the item is named by a literal text
      pandas.DataFrame[str]: pandas.Series

A method of an unknown object is ``?.method``. Kinds are those of ``KINDS``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # a PyYAML without its C part
    from yaml import SafeLoader  # type: ignore[assignment]

from solvent.debt.errors import InvalidDebtSettings

KINDS = {
    "autologs": "switches on automatic logging of params and metrics",
    "builds_model": "makes an estimator, network or optimizer that takes hyper-parameters",
    "checks_nan": "looks for missing values",
    "cross_validates": "evaluates on folds of its own",
    "encodes_target": "learns an encoding of categories from the target",
    "evaluates": "computes a metric from predictions",
    "fits_transform": "learns a transformation from data: scaling, encoding, imputing, selecting",
    "learns_statistics": "learns means, ranges, components or frequencies of the values that it is given",
    "loads_model": "reads a model from where it was saved",
    "logs_metric": "records a metric",
    "logs_model": "records a model",
    "logs_param": "records parameters",
    "may_return_none": "returns None where something is not there",
    "monitors": "watches predictions or data of a running model",
    "names_experiment": "says which experiment runs belong to",
    "oversamples": "copies rows, or makes new ones out of others",
    "predicts": "applies a model",
    "promotes": "moves a model version to a stage or alias",
    "random": "depends on random numbers unless it is given a seed",
    "reads_data": "reads a table or a data set",
    "resamples": "makes or drops rows to balance classes",
    "returns_frame": "returns a data frame",
    "returns_no_model": "loads into the object that it is called on, and returns None",
    "saves_model": "writes a model",
    "seeds": "sets the seed of random numbers",
    "selects_features": "chooses features by what they say of the target",
    "serves": "makes a web service or its routes",
    "splits": "splits data into training and test",
    "starts_run": "opens a tracked run",
    "trains": "fits a model",
    "transforms": "applies a learned transformation",
    "tunes": "searches hyper-parameters",
    "unpickles": "runs code that a file holds",
    "validates": "checks data against expectations",
    "writes_data": "writes a table or an array to a file",
}
MAX_BYTES = 1_000_000
MOST_STARS = 4
_SECTIONS = ("kinds", "results", "attributes", "items")


class Facts:
    """All facts that hold, asked by dotted name. Answers are remembered by name."""

    def __init__(self, documents: Iterable[dict[str, Any]]) -> None:
        gives: dict[str, list[str]] = {}
        takes: dict[str, list[str]] = {}
        results: dict[str, str] = {}
        attributes: dict[str, str] = {}
        self._items: dict[str, str] = {}
        for document in documents:
            for kind, patterns in document.get("kinds", {}).items():
                for pattern in patterns:
                    if pattern.startswith("!"):
                        takes.setdefault(kind, []).append(pattern[1:])
                    else:
                        gives.setdefault(kind, []).append(pattern)
            results.update(document.get("results", {}))
            attributes.update(document.get("attributes", {}))
            self._items.update(document.get("items", {}))
        self._gives = {kind: _Patterns(patterns) for kind, patterns in gives.items()}
        self._takes = {kind: _Patterns(patterns) for kind, patterns in takes.items()}
        self._results = _Table(results)
        self._attributes = _Table(attributes)
        self._known: dict[str, frozenset[str]] = {}

    def kinds(self, name: str) -> frozenset[str]:
        """All kinds of a called name."""
        known = self._known.get(name)
        if known is None:
            nothing = _Patterns(())
            known = self._known[name] = frozenset(
                kind
                for kind, patterns in self._gives.items()
                if patterns.fit(name) and not self._takes.get(kind, nothing).fit(name)
            )
        return known

    def result_type(self, name: str) -> str | None:
        """The type that a call of this name returns, ``self``, ``argument``, or None."""
        return self._results.get(name)

    def attribute_type(self, owner: str, attribute: str) -> str | None:
        return self._attributes.get(f"{owner}.{attribute}")

    def item_type(self, owner: str | None, literal: str | None) -> str | None:
        """The type of ``owner[...]``; ``literal`` is the text between the brackets if it is one."""
        if owner is None:
            return None
        named = self._items.get(f"{owner}[str]") if literal is not None else None
        return named or self._items.get(owner)


class _Patterns:
    """Many patterns as one expression, and plain names as a set."""

    def __init__(self, patterns: Iterable[str]) -> None:
        patterns = list(patterns)
        self._plain = frozenset(pattern for pattern in patterns if "*" not in pattern)
        wild = [pattern for pattern in patterns if "*" in pattern]
        self._wild = re.compile("|".join(map(_expression, wild))) if wild else None

    def fit(self, name: str) -> bool:
        return name in self._plain or (self._wild is not None and self._wild.fullmatch(name) is not None)


class _Table:
    """Values by pattern; plain names first, then patterns in the order in which they were given."""

    def __init__(self, values: dict[str, str]) -> None:
        self._plain = {key: value for key, value in values.items() if "*" not in key}
        self._wild = [(re.compile(_expression(key)), value) for key, value in values.items() if "*" in key]
        self._known: dict[str, str | None] = {}

    def get(self, name: str) -> str | None:
        if name not in self._known:
            found = self._plain.get(name)
            if found is None:
                found = next((value for pattern, value in self._wild if pattern.fullmatch(name)), None)
            self._known[name] = found
        return self._known[name]


def _expression(pattern: str) -> str:
    """Each part at its first place behind the one before, once and for all: nothing is tried again.

    >>> _expression("a.*.b*")
    'a\\\\.(?>.*?\\\\.b).*'
    """
    first, *rest = pattern.split("*")
    *inner, last = rest or [""]
    middle = "".join(f"(?>.*?{re.escape(part)})" for part in inner if part)
    return re.escape(first) + middle + (".*" if rest else "") + re.escape(last)


def load_facts(paths: Iterable[Path] = ()) -> Facts:
    """The built-in facts, and those of the user's files, which come last and hold over them.

    Raises:
        InvalidDebtSettings: a file is not there, no YAML, or names an unknown section or kind.
    """
    return Facts([*_built_in(), *(_read(path.read_bytes(), str(path)) for path in _existing(paths))])


@cache
def _built_in() -> list[dict[str, Any]]:
    folder = resources.files("solvent.debt.facts")
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".yaml")), key=lambda entry: entry.name)
    return [_read(entry.read_bytes(), entry.name) for entry in files]


def facts_files(root: Path, names: Iterable[str]) -> list[Path]:
    """The files that the settings of the project at ``root`` name.

    Raises:
        InvalidDebtSettings: one is not there, too large, or outside of the project: a stranger's settings must not
            have other files read.
    """
    paths = [root / name for name in names]
    for path in paths:
        if not path.resolve().is_relative_to(root.resolve()):
            raise InvalidDebtSettings(f"the facts file {path} is outside of the project {root}: copy it there")
    return list(_existing(paths))


def _existing(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if not path.is_file():
            raise InvalidDebtSettings(f"the facts file {path} is not there: correct 'facts' in the settings")
        if path.stat().st_size > MAX_BYTES:
            raise InvalidDebtSettings(f"the facts file {path} is larger than {MAX_BYTES:,} bytes")
        yield path


def _read(content: bytes, name: str) -> dict[str, Any]:
    try:
        document = yaml.load(content, SafeLoader) or {}
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidDebtSettings(f"{name}: not valid YAML: {' '.join(str(error).split())[:300]}") from None
    if not isinstance(document, dict):
        raise InvalidDebtSettings(f"{name}: expected a mapping with {', '.join(_SECTIONS)}")
    for section, entries in document.items():
        _one_of(name, "section", section, _SECTIONS)
        if not isinstance(entries, dict):
            raise InvalidDebtSettings(f"{name}: '{section}' must be a mapping, not a {type(entries).__name__}")
        for key, value in entries.items():
            if section == "kinds":
                _one_of(name, "kind", key, KINDS)
                if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
                    raise InvalidDebtSettings(f"{name}: kinds.{key} must be a list of patterns")
                _few_stars(name, value)
            elif not isinstance(value, str):
                raise InvalidDebtSettings(f"{name}: {section}.{key} must be a type's name")
            else:
                _few_stars(name, [str(key)])
    return document


def _few_stars(file: str, patterns: Iterable[str]) -> None:
    for pattern in patterns:
        if pattern.count("*") > MOST_STARS:
            raise InvalidDebtSettings(f"{file}: the pattern '{pattern[:100]}' has more than {MOST_STARS} '*'")


def _one_of(file: str, what: str, given: object, known: Iterable[str]) -> None:
    if given not in tuple(known):
        near = difflib.get_close_matches(str(given), list(known), 1)
        hint = f": did you mean '{near[0]}'?" if near else f": expected one of {', '.join(known)}"
        raise InvalidDebtSettings(f"{file}: unknown {what} '{given}'{hint}")
