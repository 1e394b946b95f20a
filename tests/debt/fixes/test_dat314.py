"""Merges are validated."""

from __future__ import annotations

import pytest

from tests.debt.fixes.helpers import mended, refusal

HEAD = "import pandas as pd\n"


@pytest.mark.parametrize(
    "call", ["a.merge(b, on='k')", "pd.merge(a, b, on='k')", "a.merge(b, 'left', 'k')", "pd.merge(a, b, 'left', 'k')"]
)
def test_the_right_side_is_said_to_be_unique(call: str) -> None:
    source = f"{HEAD}t = {call}  # both\n"

    assert mended(source, "DAT314", call) == source.replace(call, f'{call[:-1]}, validate="many_to_one")')


def test_of_a_chain_the_one_that_lacks_it() -> None:
    source = f"{HEAD}t = a.merge(b, on='k', how='left').merge(c, on='k')\n"

    assert mended(source, "DAT314", "a.merge") == source.replace("(c, on='k')", "(c, on='k', validate=\"many_to_one\")")


@pytest.mark.parametrize(
    ("call", "why"),
    [
        ("a.merge(b)", "write on="),
        ("pd.merge(a, b, 'left')", "write on="),
        ("a.merge(b, on='k').merge(c, on='k')", "several"),
        ("a.merge(b, **how)", "not all to be seen"),
    ],
)
def test_what_is_left_alone(call: str, why: str) -> None:
    assert why in refusal(f"{HEAD}t = {call}\n", "DAT314", call)
