"""Comparisons with NaN become questions."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.debt.fixes.helpers import fix_all, fix_source
from tests.debt.repositories import put

ALL = "import math\nimport numpy as np\nimport pandas as pd\nfrom numpy import nan\n"


@pytest.mark.parametrize(
    ("imports", "before", "after"),
    [
        (ALL, 'df[df["é"] == np.nan]  # keep', 'df[pd.isna(df["é"])]  # keep'),
        (ALL, "y = x != nan", "y = pd.notna(x)"),
        (ALL, "if math.nan == value : pass", "if pd.isna(value) : pass"),
        (ALL, "y = (x\n     == pd.NaT)", "y = (pd.isna(x))"),
        ("import numpy\n", "y = x[x != numpy.nan] * 2", "y = x[~numpy.isnan(x)] * 2"),
        ("import numpy\n", "y = (x != numpy.nan) & z", "y = (~numpy.isnan(x)) & z"),
        ("import math\n", "y = a and x != float('nan')", "y = a and not math.isnan(x)"),
        ("import math\n", "y = not x != math.nan", "y = not not math.isnan(x)"),
        (ALL, "y = (a == nan) == (b == np.nan)", "y = (pd.isna(a)) == (pd.isna(b))"),
        (ALL, "y = f((a == nan) != nan)", "y = f(pd.notna((pd.isna(a))))"),
        (ALL, "y = (yield) == nan", "y = pd.isna((yield))"),
    ],
)
def test_how_it_is_asked(tmp_path: Path, imports: str, before: str, after: str) -> None:
    source = f"{imports}\n\ndef f(a, b, x, z, df, value):\n    {before}\n"

    assert fix_source(tmp_path, source, "COD207") == source.replace(before, after)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("import numpy as np\na < b == np.nan\n", "chain"),
        ("from numpy import nan\na == nan\n", "none of pandas"),
        ("a == float('nan')\n", "none of pandas"),
        ("a == float('nan')\nimport math\n", "none of pandas"),
        ("import math\ndef f(math, a):\n    return a == float('nan')\n", "none of pandas"),
        ("def f(a):\n    import numpy as np\n    return a == np.nan\n", "none of pandas"),
    ],
)
def test_what_is_left_alone(tmp_path: Path, source: str, why: str) -> None:
    put(tmp_path, {"a.py": source})

    ((_, told),) = fix_all(tmp_path, "COD207").refused
    assert why in told
    assert (tmp_path / "a.py").read_text() == source


_VALUES = st.sampled_from(
    ["x", "df['a']", "f(x)[0].b", "(x)", "-x", "x + 1", "'é'", "(x,\n 1)", "[y for y in x]", "(y := 2)"]
)
_NANS = st.sampled_from(["np.nan", "nan", "math.nan", "pd.NA", "float('nan')", "(np.nan)"])
_FORMS = st.sampled_from(
    ["{}", "y = {}  # why", "if {}:\n    pass", "f({},\n  b)", "y = [{} for _ in z]", "assert not {}, 'é'", "y = ({}) + ({})",
     "async def g():\n    return {}", "class A:\n\ty = {}", "y = f'{{{}}}'", "y = lambda: {}", "z[{}] = 1; y = {}"]
)  # fmt: skip


@st.composite
def comparisons(draw: st.DrawFn) -> str:
    sides = [draw(_VALUES), draw(_NANS)]
    if draw(st.booleans()):
        sides.reverse()
    return f" {draw(st.sampled_from(['==', '!=']))} ".join(sides)


@given(
    st.lists(st.tuples(_FORMS, comparisons(), comparisons()), min_size=1, max_size=4), st.sampled_from(["\n", "\r\n"])
)
def test_any_comparison_is_mended_once(
    tmp_path_factory: pytest.TempPathFactory, parts: list[tuple[str, str, str]], end: str
) -> None:
    root = tmp_path_factory.mktemp("any")
    statements = [form.format(*pair[: form.count("{}")]) for form, *pair in parts]
    source = ALL + "\n".join(each for each in statements if not _breaks_its_text(each)) + "\n"
    put(root, {"a.py": source.replace("\n", end)})

    fixed = fix_all(root, "COD207")

    assert [why for _, why in fixed.refused if "several" not in why] == []
    assert b"np.nan" not in (root / "a.py").read_bytes() or fixed.refused


def _breaks_its_text(statement: str) -> bool:
    """Whether what stands in an f-string ends it: Python 3.11 takes no such text."""
    return statement.startswith("y = f'") and any(mark in statement[6:-1] for mark in "'\n")
