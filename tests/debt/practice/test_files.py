"""Names of files that modules read and write."""

from __future__ import annotations

import pytest

from solvent.debt.practice.files import files_used
from tests.debt.helpers import module_of


@pytest.mark.parametrize(
    ("code", "used"),
    [
        ("pd.read_csv('data/a.csv')", (False, "data/a.csv")),
        ("pd.read_csv(filepath_or_buffer='a.csv')", (False, "a.csv")),
        ("pd.read_csv(os.path.join(DIR, 'x', 'a.csv'))", (False, "x/a.csv")),
        ("pd.read_csv(Path(DIR) / 'a.csv')", (False, "a.csv")),
        ("pd.read_csv(f'{DIR}/a.csv')", (False, "a.csv")),
        ("pd.read_csv(f'{DIR}/part_{n}.csv')", (False, None)),
        ("pd.read_csv(f'part_{n}.csv')", (False, None)),
        ("pd.read_csv(DIR + '/a.csv')", (False, "a.csv")),
        ("pd.read_csv(stem + '.csv')", (False, None)),
        ("pd.read_csv(NAME)", (False, "out/b.csv")),
        ("pd.read_csv(argument)", (False, None)),
        ("frame.to_csv('a.csv', index=False)", (True, "a.csv")),
        ("np.save('a.npy', values)", (True, "a.npy")),
        ("joblib.dump(model, 'm.pkl')", (True, "m.pkl")),
        ("pickle.dump(model, open('m.pkl', 'wb'))", (True, "m.pkl")),
        ("open('a.txt').read()", (False, "a.txt")),
        ("open('a.txt', mode='a')", (True, "a.txt")),
    ],
)
def test_files_by_their_names(code: str, used: tuple[bool, str | None]) -> None:
    module = module_of(
        "import os, joblib, pickle\nimport numpy as np\nimport pandas as pd\nfrom pathlib import Path\n"
        f"NAME = 'out/b.csv'\ndef work(DIR, argument, stem, n, frame, model, values):\n    {code}\n"
    )

    assert (used[0], used[1]) in [(each.writes, each.path) for each in files_used(module)]
