"""Where bad rows may be written: never over the data, another file, or into what will be read as data."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from solvent.data.contract.check.source import Checked, check_source
from solvent.data.contract.read import contract_of
from solvent.errors import InvalidInput

CONTRACT = contract_of(
    {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": "people",
        "version": "1.0.0",
        "status": "active",
        "schema": [
            {
                "name": "people",
                "properties": [
                    {"name": "age", "logicalType": "integer", "logicalTypeOptions": {"minimum": 0}},
                    {"name": "Solvent_Row"},
                ],
            }
        ],
    }
)


def put_aside(source: object, bad: Path) -> Checked:
    return check_source(source, CONTRACT, bad=bad)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "people.parquet"
    pd.DataFrame({"age": [1, -4], "Solvent_Row": [7, 7]}).to_parquet(path)
    return path


def test_the_data_is_never_replaced(data: Path, tmp_path: Path) -> None:
    before = data.read_bytes()
    link = tmp_path / "link.parquet"
    link.symlink_to(data)
    for source, bad in [
        (data, data),
        (data, link),
        (link, data),
        (data.parent, data),
        (data.parent, data.parent / "bad.parquet"),
        (f"{data.parent}/*.parquet", data.parent / "bad.parquet"),
        (f"{tmp_path}/**/*.parquet", tmp_path / "new.parquet"),
    ]:
        with pytest.raises(InvalidInput, match="would be part of the data"):
            put_aside(source, bad)
    assert data.read_bytes() == before
    assert [file.name for file in data.parent.iterdir()] == ["people.parquet"]


def test_only_the_bad_rows_of_an_earlier_check_are_replaced(data: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.parquet"
    assert put_aside(data, bad).bad == 1
    assert put_aside(data, bad).bad == 1
    assert pd.read_parquet(bad)["age"].to_list() == [-4]
    with pytest.raises(InvalidInput, match="would be part of the data"):
        put_aside(bad, bad)
    for other in ("model.pkl", "other.parquet"):
        path = tmp_path / other
        path.write_bytes(b"worth keeping")
        with pytest.raises(InvalidInput, match="it exists, and is not of an earlier check"):
            put_aside(data, path)
        assert path.read_bytes() == b"worth keeping"


def test_a_place_that_is_not_there_is_said_before_anything_is_checked(data: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="its folder does not exist"):
        put_aside(data, tmp_path / "nowhere" / "bad.parquet")
    with pytest.raises(InvalidInput, match="it exists"):
        put_aside(data, tmp_path)


def test_bad_rows_beside_the_files_of_a_pattern_are_allowed(data: Path) -> None:
    assert put_aside(f"{data.parent}/p*.parquet", data.parent / "bad.parquet").bad == 1
