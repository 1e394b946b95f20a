"""Results that were thrown away are assigned."""

from __future__ import annotations

import pytest

from tests.debt.fixes.helpers import mended, refusal

HEAD = "import pandas as pd\n\ndf = pd.read_csv('a.csv')\n"


def test_a_plain_name_gets_the_result() -> None:
    call = "df.rename(\n    columns={}  # names\n)"
    source = f"{HEAD}{call}  # clean\nmodel.fit(df)\n"

    assert mended(source, "COD208", call) == source.replace(call, f"df = {call}")


def test_in_functions_and_loops() -> None:
    source = HEAD + "def clean(data):\n    data.dropna()\n    return data\n"
    assert "    data = data.dropna()\n" in mended(source, "COD208", "data.dropna")

    loop = HEAD + "def clean(data):\n    for _ in range(2):\n        print(data); data.dropna()\n"
    assert "print(data); data = data.dropna()\n" in mended(loop, "COD208", "data.dropna")

    shared = HEAD + "def clean():\n    global df\n    df.dropna()\n    use(df)\n"
    assert "    df = df.dropna()\n" in mended(shared, "COD208", "df.dropna()\n    use")


@pytest.mark.parametrize(
    ("source", "needle", "why"),
    [
        ("df['age'].fillna(0)\n", "df['age']", "no plain name"),
        ("df.drop('id').rename({})\n", "df.drop", "no plain name"),
        ("pd.concat([df, df])\n", "pd.concat", "is a library"),
        ("def clean():\n    df.dropna()\n    use(df)\n", "df.dropna", "around the function"),
        ("def clean(data):\n    use(data)\n    data.dropna()\n", "data.dropna", "not used after"),
        ("class A:\n    df.dropna()\n", "df.dropna", "class body"),
        ("x = df.dropna()\n", "df.dropna", "no statement"),
    ],
)
def test_what_is_left_alone(source: str, needle: str, why: str) -> None:
    assert why in refusal(f"import pandas as pd\n{source}", "COD208", needle)
