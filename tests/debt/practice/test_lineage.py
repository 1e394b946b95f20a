"""What values were made of."""

from __future__ import annotations

import ast

from solvent.debt.practice.lineage import Lineage, lineage_of, part_number
from solvent.debt.syntax.environment import Value
from tests.debt.helpers import function_of, module_of


def lineage(source: str) -> Lineage:
    module = module_of(source)
    assert module.calls is not None
    return lineage_of(module, function_of(module, "<module>"))


def given_to(found: Lineage, name: str) -> tuple[Value, ...]:
    """The first argument of the first call of that name."""
    call = next(call for call in found.function.calls if call.name == name)
    return found.given(call.node, 0)


def names(found: Lineage, values: tuple[Value, ...], line: int) -> set[str]:
    return {ancestor.value.name for ancestor in found.ancestors(values, (line, 0)) if ancestor.value.name}


def test_ancestors_follow_calls_and_columns_that_were_written() -> None:
    found = lineage('df = read()\ndf["x"] = scale(df)\nuse(df)\n')

    assert names(found, given_to(found, "use"), 3) == {"read", "scale"}


def test_what_is_written_later_does_not_count() -> None:
    found = lineage('df = read()\nuse(df)\ndf["x"] = scale(1)\n')

    assert names(found, given_to(found, "use"), 2) == {"read"}


def test_ancestors_end_at_a_split_and_parts_know_their_place() -> None:
    found = lineage(
        "from sklearn.model_selection import train_test_split\nX = read()\na, b = train_test_split(X)\nuse(b)\n"
    )

    values = given_to(found, "use")

    assert found.is_cut(values)
    assert not found.is_cut(given_to(found, "sklearn.model_selection.train_test_split"))
    assert names(found, values, 4) == {"sklearn.model_selection.train_test_split"}
    assert [part_number(value) for value in values] == [1]


def test_arguments_receivers_and_results() -> None:
    found = lineage("m = make()\nr = m.go(1, x=read())\n")
    node = next(call.node for call in found.function.calls if isinstance(call.node.func, ast.Attribute))

    assert [value.name for value in found.given(node, 5, "x")] == ["read"]
    assert found.given(node, 5) == ()
    assert [value.name for value in found.receivers(node)] == ["make"]
    result = found.result(node)
    assert result is not None
    assert result.name.endswith("go")


def test_a_lineage_is_made_once() -> None:
    module = module_of("x = read()\n")
    assert module.calls is not None

    assert lineage_of(module, module.own_code) is lineage_of(module, module.own_code)


def test_lists_are_made_of_what_is_appended() -> None:
    found = lineage("kept = []\nfor x in read():\n    kept.append(scale(x))\nuse(kept)\n")

    assert names(found, given_to(found, "use"), 4) >= {"read", "scale"}
