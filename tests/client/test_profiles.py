"""Which profile goes with a data set, and what happens if there is none."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas
import pytest

from solvent.client import profiles
from solvent.client.datasets import describe
from solvent.data.errors import UnreadableData
from solvent.data.profile.model import ColumnProfile, Profile
from solvent.errors import InvalidInput

FRAME = pandas.DataFrame({"a": [1, 2]})


class Maker:
    """Stands for the module that makes profiles; ``asked`` is what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, int | None]] = []

    def profile(self, source: object, table: str | None = None, sample: int | None = None) -> Profile:
        self.asked.append((source, sample))
        if "broken" in str(source):
            raise UnreadableData("the file is cut off")
        return Profile(1, 7, [ColumnProfile("a", "integer", "BIGINT"), ColumnProfile("b", "text", "VARCHAR")], "test")


@pytest.fixture
def maker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Maker:
    made = Maker()
    monkeypatch.setattr(profiles, "import_module", lambda _: made)
    monkeypatch.setattr(profiles, "find_spec", lambda _: SimpleNamespace())
    monkeypatch.setenv("SOLVENT_CACHE", str(tmp_path / "cache"))
    return made


def profile_of(dataset: object, choice: profiles.Choice = None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(describe(dataset, "x", choice).profile or "")
    return found


def test_mlflows_keys_stand_beside_ours(maker: Maker, tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    file.write_bytes(b"12345")
    found = describe(file, profile=None)
    profile = json.loads(found.profile or "")
    assert {key: profile[key] for key in ("num_bytes", "num_rows", "num_elements")} == {
        "num_bytes": 5, "num_rows": 7, "num_elements": 14,
    }  # fmt: skip
    assert profile["solvent"]["columns"][0] == {"name": "a", "kind": "integer", "type": "BIGINT"}
    columns = json.loads(found.schema or "")["mlflow_colspec"]
    assert [(column["name"], column["type"]) for column in columns] == [("a", "long"), ("b", "string")]
    assert profile_of(FRAME)["solvent"]["rows"] == 7
    assert profile_of(FRAME)["num_rows"] == 2


def test_an_unchanged_file_is_profiled_once(maker: Maker, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("1")
    first = profile_of(file)
    assert profile_of(file) == first
    assert profile_of(file, "sample") == first
    assert maker.asked == [(file, None), (file, profiles.SAMPLE)]
    file.write_text("2")
    profile_of(file)
    assert len(maker.asked) == 3
    for kept in (tmp_path / "cache" / "profiles").iterdir():
        kept.write_bytes(b"{")
    assert profile_of(file) == first


def test_what_is_profiled_by_itself(maker: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.png", "b.CSV"):
        (tmp_path / name).write_text("1")
    assert "solvent" not in profile_of(tmp_path / "a.png")
    assert "solvent" not in profile_of(tmp_path)
    assert "solvent" not in profile_of(tmp_path / "b.CSV", False)
    assert "solvent" not in profile_of(FRAME, False)
    assert maker.asked == []
    monkeypatch.setattr(profiles, "LARGE", 0)
    profile_of(tmp_path / "b.CSV")
    profile_of(tmp_path / "b.CSV", True)
    profile_of(tmp_path / "a.png", True)
    assert [rows for _, rows in maker.asked] == [profiles.SAMPLE, None, None]


def test_a_failure_is_said_and_kept_and_ends_only_who_insists(
    maker: Maker, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "broken.csv"
    file.write_text("1")
    assert profile_of(file)["solvent"] == {"failed": "the file is cut off"}
    assert capsys.readouterr().err == "solvent: no profile of the data was made: the file is cut off\n"
    with pytest.raises(UnreadableData, match="cut off"):
        profile_of(file, True)


def test_without_the_extra_there_is_none_and_who_insists_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def missing(_: str) -> None:
        raise ModuleNotFoundError("no duckdb", name="duckdb")

    monkeypatch.setattr(profiles, "find_spec", lambda _: None)
    monkeypatch.setattr(profiles, "import_module", missing)
    assert profile_of(FRAME) == {"num_rows": 2, "num_elements": 2}
    with pytest.raises(InvalidInput, match=r"need duckdb.*pip install 'solvent\[data\]'"):
        profile_of(FRAME, True)
