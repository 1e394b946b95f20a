"""A cache of their own, and small models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression


@pytest.fixture(autouse=True)
def cache(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the cached models."""
    monkeypatch.setenv("SOLVENT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "models"


@pytest.fixture
def frame() -> pd.DataFrame:
    """20 rows: ``a`` of floats, ``b`` of whole numbers."""
    return pd.DataFrame({"a": [float(n) for n in range(20)], "b": [n % 3 for n in range(20)]})


@pytest.fixture
def model(frame: pd.DataFrame) -> Any:
    return LogisticRegression().fit(frame, [0] * 10 + [1] * 10)
