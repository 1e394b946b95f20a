"""What changes a feature's version, and what doesn't."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import solvent
from solvent.data.features.definition import (
    Bindings,
    Definition,
    bindings_of,
    declares_feature,
    definition_at,
    parse,
    statements_of,
    version_of,
)

SOURCE = """
import numpy as np
import solvent
from tools import scale

LIMIT = 25
UNUSED = 1

def helper(value):
    return np.log(value + OFFSET)

OFFSET = 1

@solvent.feature(owner="risk")
def young(age):
    \"\"\"Below the limit.\"\"\"
    return helper(scale(age)) < LIMIT
"""


def version(source: str, name: str = "young") -> str:
    tree = parse(source)
    found = definition_at(tree, name)
    assert found is not None
    return version_of(found, bindings_of(tree))


def changed(old: str, new: str) -> bool:
    assert old in SOURCE
    return version(SOURCE.replace(old, new)) != version(SOURCE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("return helper(scale(age)) < LIMIT", "# why\n    return (helper( scale(age) )\n        < LIMIT)"),
        ("Below the limit.", "Another text."),
        ('    """Below the limit."""\n', ""),
        ('owner="risk"', 'owner="fraud", description="x"'),
        ('@solvent.feature(owner="risk")\n', ""),
        ("UNUSED = 1", "UNUSED = 2"),
        ("LIMIT = 25", "LIMIT = (25)"),
        ("import numpy as np\nimport solvent", "import solvent\nimport os, numpy as np"),
        ("def helper", "def other():\n    pass\n\ndef helper"),
    ],
)
def test_layout_comments_declaration_and_what_is_not_used_do_not_count(old: str, new: str) -> None:
    assert not changed(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("< LIMIT", "<= LIMIT"),
        ("LIMIT = 25", "LIMIT = 26"),
        ("LIMIT = 25", "LIMIT = 25.0"),
        ("np.log(value", "np.log1p(value"),
        ("OFFSET = 1\n", "OFFSET = 2\n"),
        ("from tools import scale", "from others import scale"),
        ("import numpy as np", "import cupy as np"),
        ("def young", "@cache\ndef young"),
    ],
)
def test_what_the_function_does_counts_also_through_what_it_uses(old: str, new: str) -> None:
    assert changed(old, new)


def test_versions_are_the_same_everywhere() -> None:
    assert version("def f(a):\n    return a * 2\n", "f") == "d6d455329d885b95"


def test_a_parameter_hides_the_name_of_its_module() -> None:
    one = "row = 1\ndef f(row):\n    return [row for row in row] + (lambda row: row)(row)\n"
    assert version(one, "f") == version(one.replace("row = 1", "row = 2"), "f")
    nested = "row = 1\ndef f(a):\n    def g(row):\n        return row\n    return g(row)\n"
    assert version(nested, "f") != version(nested.replace("row = 1", "row = 2"), "f")


def test_functions_that_call_each_other_end() -> None:
    source = "def f(a):\n    return g(a)\ndef g(a):\n    return f(a - 1) if a else LAST\nLAST = 0\n"
    assert version(source, "f") != version(source.replace("LAST = 0", "LAST = 1"), "f")
    assert version(source, "f") != version(source, "g")


def test_definitions_are_found_by_their_qualified_name() -> None:
    tree = parse(
        "if True:\n    def f(): return 1\ndef f(): return 2\nclass A:\n    def f(self): return 3\n"
        "def outer():\n    with x:\n        def inner(): return 4\n"
    )
    found = {name: definition_at(tree, name) for name in ("f", "A.f", "outer.<locals>.inner", "missing", "A.g", "f.g")}
    values = {name: ast.unparse(each.body[0]) for name, each in found.items() if each}
    assert values == {"f": "return 2", "A.f": "return 3", "outer.<locals>.inner": "return 4"}


@pytest.mark.parametrize(
    ("imported", "decorator", "is_one"),
    [
        ("import solvent", "solvent.feature", True),
        ("import solvent as s", "s.feature(owner='x')", True),
        ("from solvent import feature as f", "f", True),
        ("import other", "other.feature", False),
        ("from other import feature", "feature()", False),
        ("", "feature", False),
        ("import solvent", "solvent.feature.more", False),
        ("import solvent", "make()()", False),
    ],
)
def test_the_decorator_is_known_by_what_was_imported(imported: str, decorator: str, is_one: bool) -> None:
    bindings = bindings_of(parse(imported))
    node = ast.parse(decorator, mode="eval").body
    assert declares_feature(node, bindings) == is_one


def test_code_that_is_nested_too_deeply_has_no_version() -> None:
    tree = parse("def f(a):\n    return " + "+".join(["a"] * 3) + "\n")
    found = definition_at(tree, "f")
    assert isinstance(found, ast.FunctionDef)
    deep: ast.expr = ast.Name("a", ast.Load())
    for _ in range(100_000):
        deep = ast.UnaryOp(ast.USub(), deep)
    found.body = [ast.Return(deep)]
    assert version_of(found, Bindings()) == ""


@pytest.mark.parametrize(
    "path", sorted((Path(solvent.__file__).parent / "data").rglob("*.py")), ids=lambda path: path.stem
)
def test_source_that_is_written_anew_from_its_tree_has_the_same_versions(path: Path) -> None:
    tree = parse(path.read_text("utf-8"))
    again = parse(ast.unparse(tree))
    for statement in statements_of(tree):
        if isinstance(statement, Definition):
            other = definition_at(again, statement.name)
            assert other is not None
            if definition_at(tree, statement.name) is statement:
                assert version_of(statement, bindings_of(tree)) == version_of(other, bindings_of(again)) != ""


def test_statements_of_branches_come_in_written_order() -> None:
    source = "try:\n    a = 1\nexcept E:\n    b = 1\nelse:\n    c = 1\nfinally:\n    d = 1\n"
    source += "match x:\n    case 1:\n        e = 1\n    case _:\n        f = 1\n"
    source += "if x:\n    g = 1\nelif y:\n    h = 1\n" + "elif y:\n    i = 1\n" * 2_000
    names = [each.targets[0].id for each in statements_of(parse(source)) if isinstance(each, ast.Assign)]  # type: ignore[attr-defined]
    assert "".join(names) == "abcdefgh" + "i" * 2_000
