"""No feature of one test is left for the next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from solvent.data.features.registered import registry

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    registry.clear()
    yield
    registry.clear()
