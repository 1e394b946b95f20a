"""What is wrong with features as they are documented, and which columns of a run nobody has documented."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from graphlib import CycleError, TopologicalSorter

from solvent.data.features.errors import nearest
from solvent.data.features.model import Feature, Makers, Problem

MOST_CYCLES = 100
MOST_HINTS = 20
"""Looking for the nearest of thousands of names takes time."""


def problems_of(features: Sequence[Feature], raw: Set[str] | None) -> list[Problem]:
    """All problems, by place.

    Args:
        raw: the columns of the contracts; None without any, when inputs that are no features can't be judged.
    """
    found = [problem for feature in features for problem in _incomplete(feature)]
    if raw is not None:
        found += _unknown_inputs(features, raw)
    found += _duplicates(features)
    found += _cycles(features, raw or frozenset())
    return sorted(found, key=lambda each: (each.place.rpartition(":")[0], _line(each.place), each.kind, each.message))


def undocumented(used: Mapping[str, Sequence[str]], features: Sequence[Feature], raw: Set[str]) -> list[Problem]:
    """The columns of a run's data sets that are neither raw nor made by a feature that says what it means.

    Args:
        used: the columns by data set.
    """
    found: dict[str, Problem] = {}
    made_by = Makers(features)
    names = {*raw, *(feature.name for feature in features)}
    for dataset, columns in used.items():
        for column in columns:
            if column in raw or column in found:
                continue
            makers = made_by.of(column)
            if any(feature.description for feature in makers):
                continue
            if makers:
                message = f"the column '{column}' of '{dataset}' is made by a feature without a description"
            else:
                hint = nearest(column, names) if len(found) < MOST_HINTS else ""
                message = f"the column '{column}' of '{dataset}' is in no contract and no documented feature{hint}"
            found[column] = Problem("undocumented-column", column, message, makers[0].place if makers else "")
    return list(found.values())


def _incomplete(feature: Feature) -> Iterator[Problem]:
    for argument in feature.unread:
        text = f"{argument} can't be known without running the code: give plain texts, or take away what is no argument"
        yield Problem("unreadable-argument", feature.name, text, feature.place)
    if not feature.description and "description" not in feature.unread:
        yield Problem("missing-description", feature.name, "nobody has written what it means", feature.place)
    if not feature.owner and "owner" not in feature.unread:
        yield Problem("missing-owner", feature.name, "nobody answers for it: name an owner", feature.place)
    if feature.inputs is None and "inputs" not in feature.unread:
        text = "what it is made of is not declared: list the inputs ([] if there are none)"
        yield Problem("missing-inputs", feature.name, text, feature.place)


def _unknown_inputs(features: Sequence[Feature], raw: Set[str]) -> Iterator[Problem]:
    known = {*raw, *(feature.name for feature in features)}
    made_by = Makers(features)
    count = 0
    for feature in features:
        for name in feature.inputs or ():
            if name in raw or any(other is not feature for other in made_by.of(name)):
                continue
            count += 1
            text = f"the input '{name}' is neither a column of a contract nor another feature"
            hint = nearest(name, known - {feature.name}) if count <= MOST_HINTS else ""
            yield Problem("unknown-input", feature.name, f"{text}{hint}", feature.place)


def _duplicates(features: Sequence[Feature]) -> Iterator[Problem]:
    """Two features of one name, or that make one column."""
    first: dict[str, Feature] = {}
    for feature in features:
        for name in dict.fromkeys((feature.name, *feature.outputs)):
            other = first.setdefault(name, feature)
            if other is not feature:
                yield Problem("duplicate", feature.name, f"'{name}' is also made at {other.place}", feature.place)


def _cycles(features: Sequence[Feature], raw: Set[str]) -> Iterator[Problem]:
    """Features that are made of themselves through others. A column that replaces itself is none."""
    made_by = Makers(features)
    numbers = {id(feature): number for number, feature in enumerate(features)}
    graph = {
        number: {
            numbers[id(maker)]
            for name in feature.inputs or ()
            if name not in raw
            for maker in made_by.of(name)
            if maker is not feature
        }
        for number, feature in enumerate(features)
    }
    for _ in range(MOST_CYCLES):
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            circle: list[int] = error.args[1]
            names = " -> ".join(features[number].name for number in circle)
            worst = features[min(circle)]
            yield Problem("cycle", worst.name, f"features are made of each other: {names}", worst.place)
            graph[circle[1]].discard(circle[0])
        else:
            return


def _line(place: str) -> int:
    number = place.rpartition(":")[2]
    return int(number) if number.isdigit() else 0
