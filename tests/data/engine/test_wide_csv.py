"""A header may be longer than what the csv module takes for one cell."""

from __future__ import annotations

from pathlib import Path

from solvent.data.engine.duck.csv import _delimiter


def test_a_header_longer_than_a_cell_may_be_is_still_divided(tmp_path: Path) -> None:
    file = tmp_path / "wide.csv"
    file.write_text(";".join(f"column_{number}" for number in range(20_000)) + "\n")
    assert _delimiter(file) == ";"
