"""Statements in a normal form."""

from __future__ import annotations

from solvent.debt.syntax.units import units_of
from tests.debt.helpers import module_of


def hashes(source: str) -> list[int]:
    return [unit.hash for unit in units_of(module_of(source))]


def test_layout_comments_and_literals_do_not_matter() -> None:
    assert hashes('x = load("a.csv", 3)\n') == hashes("x = load(  # why\n    'b#.csv',\n    40,\n)\n")
    assert hashes('x = load(f"{a}")\n') == hashes('x = load("""a\nb""")\n')


def test_names_and_operators_matter() -> None:
    assert hashes("x = a + 1\n") != hashes("x = b + 1\n")
    assert hashes("x = a + 1\n") != hashes("x = a - 1\n")
    assert hashes("x1 = a\n") != hashes("x2 = a\n")


def test_what_is_alike_by_nature_is_left_out() -> None:
    source = '"""Docs."""\nimport os\nT = {\n 1: 2,\n 3: 4,\n 5: 6,\n}\nparser.add_argument("--a")\nprint(x)\nplt.show()\nS = 3\n'

    assert hashes(source) == []


def test_units_are_in_the_order_of_the_source_with_their_lines() -> None:
    source = "def f(\n    a,\n):\n    if a:\n        return g(\n            a\n        )\n    return 3 + a\n"

    assert [(unit.line, unit.end) for unit in units_of(module_of(source))] == [(1, 3), (4, 4), (5, 7), (8, 8)]
