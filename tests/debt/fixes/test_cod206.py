"""Commented-out code is deleted, and nothing around it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.debt.fixes.helpers import fix_all, fix_source
from tests.debt.repositories import put

BLOCK = "# a = 1\n# b = f(a)\n#\n# c = g(b)\n# print(c)\n# del c\n"
INDENTED = "".join(f"    {line}\n" for line in BLOCK.splitlines())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"x = 1\n\n{BLOCK}\ny = 2\n", "x = 1\n\n\ny = 2\n"),
        (f"#!/usr/bin/env python\n# The old way:\n{BLOCK}x = 1\n", "#!/usr/bin/env python\n# The old way:\nx = 1\n"),
        (f"def f():\n{INDENTED}    return 1\n{INDENTED}{BLOCK}", "def f():\n    return 1\n"),
        (f"x = [\n    1,  # one\n{INDENTED}    2,\n]\n", "x = [\n    1,  # one\n    2,\n]\n"),
        (f"if x:\n    pass\n# else:\n#     a = 1\n{BLOCK}", "if x:\n    pass\n"),
        (f"x = 1  # {BLOCK[2:]}".replace("# a = 1\n", "# why\n") + "# e = 3\n", "x = 1  # why\n"),
        (f"{BLOCK}# Then, as a test:\n{BLOCK}x = 'é'\n", "# Then, as a test:\nx = 'é'\n"),
    ],
)
def test_the_block_and_nothing_else(tmp_path: Path, before: str, after: str) -> None:
    assert fix_source(tmp_path, before, "COD206") == after


def test_line_ends_and_form_feeds_stay(tmp_path: Path) -> None:
    put(tmp_path, {"a.py": f"x = 1\n{BLOCK}y = 2\n".replace("\n", "\r\n"), "b.py": f"x = 1\n\x0c\n{BLOCK}y = 2"})

    assert fix_all(tmp_path, "COD206").refused == []
    assert (tmp_path / "a.py").read_bytes() == b"x = 1\r\ny = 2\r\n"
    assert (tmp_path / "b.py").read_bytes() == b"x = 1\n\x0c\ny = 2"


def test_in_a_notebook_with_other_fixes_and_magics(tmp_path: Path) -> None:
    source = f"%matplotlib inline\nimport numpy as np\n{BLOCK}y = x == np.nan\n"
    code: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": source,
    }
    cells = [{"cell_type": "markdown", "metadata": {}, "source": BLOCK}, code]
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}, indent=1)
    put(tmp_path, {"a.ipynb": text})

    assert len(fix_all(tmp_path, "COD206", "COD207").fixed) == 2
    wanted = source.replace(BLOCK, "").replace("x == np.nan", "np.isnan(x)")
    assert (tmp_path / "a.ipynb").read_text() == text.replace(json.dumps(source), json.dumps(wanted))


def test_a_line_that_says_how_the_file_is_encoded_stays(tmp_path: Path) -> None:
    source = f"# coding: latin-1\n{BLOCK}x = 1\n"
    put(tmp_path, {"a.py": source})

    ((_, why),) = fix_all(tmp_path, "COD206").refused
    assert "encoded" in why
    assert (tmp_path / "a.py").read_text() == source


def test_it_is_unsafe(tmp_path: Path) -> None:
    put(tmp_path, {"a.py": BLOCK + "x = 1\n"})

    fixed = fix_all(tmp_path, "COD206", unsafe=False)
    assert (len(fixed.unsafe), fixed.rewritten) == (1, [])


CODE = ["a = 1", "b = f(a)", "for x in b:", "    print(x)", "del b", "c = {", "    'é': 1,", "}", "return c"]
KEPT = ["x = 1", "# The next one is slower.", "", "def f():\n    return 2", "if x:\n    # Why it is so.\n    y = 2", "z = '''\n# a = 1\n'''"]  # fmt: skip


@given(st.lists(st.sampled_from(KEPT), min_size=1, max_size=4), st.integers(0, 4), st.integers(0, 3), st.sampled_from(["\n", "\r\n"]))  # fmt: skip
@settings(max_examples=40)
def test_wherever_it_stands(tmp_path_factory: pytest.TempPathFactory, kept: list[str], at: int, cut: int, end: str) -> None:  # fmt: skip
    root = tmp_path_factory.mktemp("any")
    block = "\n".join(f"# {line}" for line in CODE[: len(CODE) - cut])
    source = "\n".join([*kept[:at], block, *kept[at:], "end = 1", ""])
    put(root, {"a.py": source.replace("\n", end)})

    fixed = fix_all(root, "COD206")

    expected = "\n".join([*kept, "end = 1", ""]) if fixed.fixed else source
    assert (root / "a.py").read_bytes().decode() == expected.replace("\n", end)
