"""scikit-learn's random calls are seeded."""

from __future__ import annotations

import pytest

from tests.debt.fixes.helpers import by_hand, mended, refusal

HEAD = (
    "from sklearn.ensemble import RandomForestClassifier\nfrom sklearn.model_selection import train_test_split\n"
    "import torch\n"
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("train_test_split(X, y)", "train_test_split(X, y, random_state=0)"),
        ("train_test_split(X, y, shuffle=True,)", "train_test_split(X, y, shuffle=True, random_state=0,)"),
        (
            "train_test_split(\n    X,\n    y,  # labels\n)",
            "train_test_split(\n    X,\n    y,\n    random_state=0,  # labels\n)",
        ),
        (
            "train_test_split(\n    X,  # rows\n    y\n)",
            "train_test_split(\n    X,  # rows\n    y,\n    random_state=0\n)",
        ),
        ("train_test_split(\n    X,\n)", "train_test_split(\n    X,\n    random_state=0,\n)"),
        ("train_test_split(X, random_state=None, shuffle=True)", "train_test_split(X, random_state=0, shuffle=True)"),
        ("RandomForestClassifier()", "RandomForestClassifier(random_state=0)"),
    ],
)
def test_the_layout_of_the_call_is_kept(before: str, after: str) -> None:
    assert mended(f"{HEAD}a = {before}\n", "MOD403", before) == f"{HEAD}a = {after}\n"


def test_all_such_calls_of_the_file() -> None:
    source = (
        f"{HEAD}a = train_test_split(X)\nm = RandomForestClassifier(n_estimators=3).fit(X)\n"
        "b = train_test_split(X, random_state=SEED)\nc = train_test_split(X, shuffle=False)\n"
        "d = RandomForestClassifier(**settings)\ne = other.train_test_split(X)\n"
    )

    changed, refused = by_hand(source, "MOD403", "train_test_split(X)", times=2)

    assert refused == []
    assert changed == source.replace("split(X)\nm", "split(X, random_state=0)\nm").replace(
        "n_estimators=3", "n_estimators=3, random_state=0"
    )


def test_other_libraries_are_left_alone() -> None:
    source = f"{HEAD}a = train_test_split(X)\nb = torch.randperm(3)\n"

    assert "by hand" in refusal(source, "MOD403", "torch.randperm")
