"""Requirements mean to us what they mean to ``packaging``."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging import requirements as reference
from packaging.specifiers import SpecifierSet

from solvent.debt.project.requirements import Requirement, normal_name, parse_requirement, specifiers_of

names = st.from_regex(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,8}[A-Za-z0-9])?", fullmatch=True)
versions = st.lists(st.integers(0, 30), min_size=2, max_size=3).map(lambda parts: ".".join(map(str, parts)))
specifiers = st.lists(st.tuples(st.sampled_from(["==", "~=", "!=", "<=", ">=", "<", ">"]), versions), max_size=3)


@given(names, specifiers, st.sampled_from(["", "[all]", "[a, b]"]), st.sampled_from(["", "; python_version < '3.9'"]))
def test_names_and_specifiers_are_those_of_packaging(
    name: str, wanted: list[tuple[str, str]], extras: str, marker: str
) -> None:
    text = f"{name}{extras} {' , '.join(op + version for op, version in wanted)}{marker}"

    ours, theirs = parse_requirement(text), reference.Requirement(text)

    assert ours is not None
    assert ours.name == normal_name(theirs.name)
    assert {op + version for op, version in ours.specifiers} == {str(each) for each in theirs.specifier}
    assert bool(ours.marker) == (theirs.marker is not None)


@given(specifiers, versions)
def test_no_version_above_the_newest_fits(wanted: list[tuple[str, str]], version: str) -> None:
    newest = Requirement("a", tuple(wanted)).newest
    if newest is None or version not in SpecifierSet(",".join(op + each for op, each in wanted)):
        return

    width = max(len(newest[0]), version.count(".") + 1)
    padded, bound = (_padded(release, width) for release in (tuple(map(int, version.split("."))), newest[0]))
    assert padded < bound or (newest[1] and padded == bound)


def _padded(release: tuple[int, ...], width: int) -> tuple[int, ...]:
    return release + (0,) * (width - len(release))


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    requirement, specifiers = parse_requirement(text), specifiers_of(text)

    assert requirement is None or requirement.name
    assert specifiers is None or all(operator and version for operator, version in specifiers)


@pytest.mark.parametrize(
    ("text", "bounded"),
    [
        ("pandas", False),
        ("pandas>=1", False),
        ("pandas!=1.1", False),
        ("pandas==1.1", True),
        ("pandas>=1,<3", True),
        ("pandas~=1.1", True),
        ("pandas ^1.1", True),
        ("pandas *", False),
        ("pandas (>=1.2)", False),
        ("app @ git+https://example.org/app.git", False),
        ("app @ git+https://example.org/app.git@v1.2", True),
        ("app @ git+ssh://git@example.org/app.git", False),
        ("app @ https://example.org/app-1.2-py3-none-any.whl", True),
    ],
)
def test_what_is_bounded(text: str, bounded: bool) -> None:
    requirement = parse_requirement(text)

    assert requirement is not None
    assert requirement.is_bounded is bounded


@pytest.mark.parametrize(
    ("text", "newest"),
    [
        ("a==1.15", ((1, 15), True)),
        ("a==1.15.*", ((1, 16), False)),
        ("a~=1.15.2", ((1, 16), False)),
        ("a ^1.15", ((2,), False)),
        ("a ^0.3.1", ((0, 4), False)),
        ("a=1.2", ((1, 3), False)),
        ("a>=1,<2,!=1.3", ((2,), False)),
        ("a>=1", None),
    ],
)
def test_the_newest_release_that_may_fit(text: str, newest: object) -> None:
    requirement = parse_requirement(text)

    assert requirement is not None
    assert requirement.newest == newest
