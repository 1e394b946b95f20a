"""What becomes of the things that log_input takes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy
import pandas
import polars
import pytest

from solvent.client import datasets
from solvent.client.datasets import describe
from solvent.errors import InvalidInput


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLVENT_CACHE", str(tmp_path_factory.mktemp("cache")))


def test_a_file_is_known_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("1")
    (tmp_path / "b.csv").write_text("1")
    first, second = describe(tmp_path / "a.csv"), describe(tmp_path / "b.csv", name="other")
    assert (first.name, second.name) == ("a.csv", "other")
    assert first.digest == second.digest
    assert json.loads(first.source) == {"uri": str(tmp_path / "a.csv")}


def test_a_frame_is_known_by_its_values_and_types() -> None:
    frame = pandas.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    found = describe(frame, name="train")
    assert found.digest == describe(frame.copy()).digest
    assert found.digest != describe(frame.assign(a=[1, 3])).digest
    assert found.digest != describe(frame.astype({"a": "float64"})).digest
    assert json.loads(found.profile or "") == {"num_rows": 2, "num_elements": 4}
    assert [column["name"] for column in json.loads(found.schema or "")["mlflow_colspec"]] == ["a", "b"]


def test_an_array_is_known_by_its_values_shape_and_type() -> None:
    array = numpy.arange(6)
    assert describe(array).digest != describe(array.reshape(2, 3)).digest
    assert describe(array).digest != describe(array.astype("int8")).digest


def test_a_folder_is_known_by_its_files(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("1")
    (tmp_path / "b.csv").write_text("12")
    found = describe(tmp_path)
    assert (found.name, found.source_type) == (tmp_path.name, "local")
    assert json.loads(found.profile or "") == {"num_bytes": 3, "num_files": 2}
    (tmp_path / "c.csv").write_text("")
    assert describe(tmp_path).digest != found.digest


def test_long_reading_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.csv").write_text("1")
    describe(tmp_path / "a.csv")
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(datasets, "LONG", 1)
    describe(tmp_path / "a.csv")
    assert capsys.readouterr().err == f"solvent: reading 0.0 GB of '{tmp_path / 'a.csv'}' for its fingerprint, once\n"


def test_a_class_made_from_a_frame_is_one() -> None:
    class Own(pandas.DataFrame):  # type: ignore[misc]
        pass

    assert describe(Own({"a": [1]})).digest == describe(pandas.DataFrame({"a": [1]})).digest


def test_the_same_frame_is_the_same_in_every_library() -> None:
    frame = polars.DataFrame({"a": [1, 2], "b": ["x", None]})
    found = [describe(each, name="train") for each in (frame, frame.to_arrow(), frame.to_pandas())]
    assert len({one.digest for one in found}) == 1
    assert {one.profile for one in found} == {'{"num_rows":2,"num_elements":4}'}
    assert len({one.schema for one in found}) == 1
    assert json.loads(found[0].schema or "")["mlflow_colspec"] == [
        {"name": "a", "type": "long", "required": True},
        {"name": "b", "type": "string", "required": False},
    ]


def test_an_array_of_objects_is_known_by_what_they_are() -> None:
    array = numpy.array(["a", None], dtype=object)
    assert describe(array).digest == describe(numpy.array(["a", None], dtype=object)).digest
    assert describe(array).digest != describe(numpy.array(["b", None], dtype=object)).digest
    assert describe(numpy.arange(4).reshape(2, 2).T).digest == describe(numpy.array([[0, 2], [1, 3]])).digest
    assert describe(numpy.arange(3, dtype=">i4")).digest == describe(numpy.arange(3, dtype="<i4")).digest


def test_anything_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="not int"):
        describe(5)
    with pytest.raises(InvalidInput, match="not Series"):
        describe(pandas.Series([1]))
    with pytest.raises(InvalidInput, match="can't be read"):
        describe(tmp_path / "missing")
