"""``solvent data profile`` and ``solvent data diff`` on real files."""

from __future__ import annotations

import json
from pathlib import Path

import click
import duckdb
import msgspec
import pandas as pd
import pytest

from solvent.backend.resolve import connect
from solvent.cli import data_output
from solvent.cli.data_output import Output, written_diff
from solvent.data.profile.draw import columns
from solvent.data.profile.make import profile
from solvent.data.profile.model import Profile
from solvent.errors import InvalidInput
from solvent.wire.datasets import Dataset
from solvent.wire.experiments import CreateExperiment
from solvent.wire.ingest import EndRecord, Ingest, InputRecord, RunRecord
from tests.cli.conftest import Solvent


@pytest.fixture
def old(work: Path) -> Path:
    frame = pd.DataFrame({"price": [1.0, 2.0, 3.0, None], "city": ["a", "b", "a", "名前"], "gone": [1, 2, 3, 4]})
    frame.to_parquet(work / "old.parquet")
    return work / "old.parquet"


@pytest.fixture
def new(work: Path) -> Path:
    frame = pd.DataFrame({"price": [2.0, 3.0, 9.0], "city": ["a", "c", "a"], "came": [1, 2, 3]})
    frame.to_parquet(work / "new.parquet")
    return work / "new.parquet"


def test_a_profile_in_the_terminal(solvent: Solvent, old: Path) -> None:
    done = solvent("data", "profile", "old.parquet", PYTHONUTF8="1")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "old.parquet: 4 rows, 3 columns"
    price = next(line for line in lines if line.startswith("price"))
    assert price.split()[:7] == ["price", "number", "25.0%", "3", "1", "2", "3"]
    assert "█" in price
    assert "名前 25.0%" in done.stdout


def test_a_terminal_without_unicode(solvent: Solvent, old: Path) -> None:
    done = solvent("data", "profile", "old.parquet", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()
    assert "#" in done.stdout
    assert "\\u540d\\u524d" in done.stdout


def test_json_is_what_is_saved_and_can_be_shown_and_compared_again(solvent: Solvent, work: Path, old: Path) -> None:
    printed = solvent("data", "profile", "old.parquet", "-o", "old.profile", "--json")
    assert json.loads(printed.stdout) == json.loads((work / "old.profile").read_text("utf-8"))
    assert [column["name"] for column in json.loads(printed.stdout)["columns"]] == ["price", "city", "gone"]
    assert "4 rows" in solvent("data", "profile", "old.profile").stdout
    same = solvent("data", "diff", "old.profile", "old.parquet", "--exit-code")
    assert (same.returncode, same.stdout.splitlines()[-1]) == (0, "Nothing differs.")


def test_a_difference_in_all_forms(solvent: Solvent, work: Path, old: Path, new: Path) -> None:
    outputs = ["-o", "text", "-o", "html=d.html", "-o", "markdown=d.md", "-o", "json=d.json"]
    done = solvent("data", "diff", "old.parquet", "new.parquet", *outputs)
    assert done.returncode == 0, done.stderr
    assert "3 -> 3 columns: 1 removed, 1 added, 2 with other values" in done.stdout
    assert "city: new values: c (1)" in done.stdout
    assert (work / "d.html").read_text("utf-8").startswith("<!doctype html>")
    assert "| price | changed |" in (work / "d.md").read_text("utf-8")
    columns = {column["name"]: column for column in json.loads((work / "d.json").read_text("utf-8"))["columns"]}
    assert columns["came"]["state"] == "added"
    assert "approximate" not in columns["price"]["distance"]


def test_exit_codes(solvent: Solvent, old: Path, new: Path) -> None:
    assert solvent("data", "diff", "old.parquet", "new.parquet", "--exit-code").returncode == 1
    missing = solvent("data", "diff", "old.parquet", "nowhere.parquet", "--exit-code")
    assert missing.returncode == 2
    assert "nowhere.parquet" in missing.stderr
    assert "Traceback" not in missing.stderr


def test_a_profile_of_a_newer_version_is_refused(solvent: Solvent, work: Path) -> None:
    (work / "p.json").write_text('{"version": 99, "rows": 1, "columns": []}')
    done = solvent("data", "profile", "p.json")
    assert done.returncode == 1
    assert "a newer Solvent wrote it" in done.stderr


def test_json_lines_are_data_although_they_begin_like_a_profile(solvent: Solvent, work: Path) -> None:
    (work / "rows.jsonl").write_text('{"version": 1, "rows": 2}\n{"version": 1, "rows": 3}\n')
    done = solvent("data", "profile", "rows.jsonl")
    assert done.returncode == 0, done.stderr
    assert "2 rows, 2 columns" in done.stdout


def test_the_profile_that_a_run_keeps(solvent: Solvent, work: Path, old: Path, new: Path) -> None:
    backend = connect(f"sqlite:///{work / 'runs.db'}")
    experiment = backend.call(CreateExperiment(name="e")).experiment_id
    kept = msgspec.json.encode({"num_rows": 4, "solvent": msgspec.to_builtins(profile(str(old)))}).decode()
    dataset = Dataset(name="customers", digest="1", source_type="local", source="{}", profile=kept)
    fewer = msgspec.json.encode({"solvent": msgspec.to_builtins(profile(str(new)))}).decode()
    one = Dataset(name="twice", digest="aa", source_type="local", source="{}", profile=kept)
    other = Dataset(name="twice", digest="bb", source_type="local", source="{}", profile=fewer)
    bare = Dataset(name="bare", digest="2", source_type="local", source="{}", profile='{"num_rows": 4}')
    records = [RunRecord(run_id="r1", experiment_id=experiment, name="r", start_time=1)]
    backend.call(
        Ingest(
            spool="s",
            offset=0,
            records=[
                *records,
                InputRecord(run_id="r1", dataset=dataset),
                InputRecord(run_id="r1", dataset=bare),
                InputRecord(run_id="r1", dataset=one),
                InputRecord(run_id="r1", dataset=other),
                EndRecord(run_id="r1", status="FINISHED", end_time=2),
            ],
        )
    )
    backend.close()
    uri = ["--tracking-uri", f"sqlite:///{work / 'runs.db'}"]
    same = solvent("data", "diff", "runs:/r1/customers", "old.parquet", *uri, "--exit-code")
    assert same.returncode == 0, same.stdout + same.stderr
    unknown = solvent("data", "profile", "runs:/r1/custmers", *uri)
    assert "has read no data set 'custmers'; it has read: bare, customers, twice" in unknown.stderr
    assert solvent("data", "profile", "runs:/r1/customers@1", *uri).returncode == 0
    several = solvent("data", "profile", "runs:/r1/twice", *uri).stderr
    assert "several versions of 'twice': expected one of them, twice@aa, twice@bb" in several
    assert "4 rows" in solvent("data", "profile", "runs:/r1/twice@a", *uri).stdout
    assert "no profile of 'bare' is kept" in solvent("data", "profile", "runs:/r1/bare", *uri).stderr


def test_outputs_are_refused_before_anything_is_read() -> None:
    assert written_diff([]) == [Output("text", None)]
    for given, said in (
        (["htm=x"], "did you mean html"),
        (["diff.html"], "to write that file, give -o html=diff.html"),
        (["html="], "names no file"),
        (["text", "json"], "only one format"),
        (["html=a", "json=a"], "two formats would be written"),
    ):
        with pytest.raises(InvalidInput, match=said):
            written_diff(given)


def test_progress_is_told_once_it_lasts(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with data_output.shown_progress("a.csv") as progress:
        progress("statistics", 1, 5)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(data_output, "LOGGED_SECONDS", 0.0)
    with data_output.shown_progress("a.csv") as progress:
        progress("statistics", 1, 5)
        progress("edges", 3, 5)
    assert capsys.readouterr().err == "Looking at a.csv: statistics (1 of 5) ...\n"


def test_a_database_is_compared_with_a_file(solvent: Solvent, work: Path, old: Path, new: Path) -> None:
    with duckdb.connect(str(work / "shop.duckdb")) as connection:
        connection.execute(f"CREATE TABLE orders AS FROM '{old}'")
        connection.execute("CREATE TABLE others AS SELECT 1 AS x")
    for sides in (("shop.duckdb", "old.parquet"), ("old.parquet", "shop.duckdb"), ("shop.duckdb", "shop.duckdb")):
        same = solvent("data", "diff", *sides, "--table", "orders", "--exit-code")
        assert "with other values" not in same.stdout
        assert same.stdout.splitlines()[2].startswith("3 -> 3 columns: 3 ")
    neither = solvent("data", "diff", "old.parquet", "new.parquet", "--table", "orders")
    assert neither.returncode == 2
    assert "neither 'old.parquet' nor 'new.parquet' is one" in neither.stderr


def test_the_table_of_a_saved_profile_is_not_passed_over(solvent: Solvent, work: Path, old: Path) -> None:
    solvent("data", "profile", "old.parquet", "-o", "old.json")
    done = solvent("data", "profile", "old.json", "--table", "orders")
    assert (done.returncode, done.stdout) == (1, "")
    assert "leave --table orders out" in done.stderr


def test_a_profile_of_eighty_columns_keeps_the_names(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    moment = "2025-01-01 00:00:56"
    rows = [["last_seen", "timestamp", "0% +1 inf", "~200,000", moment, moment, moment, "█" * 20, "no value twice"]]
    monkeypatch.setattr(columns, "rows", lambda *_, **__: rows)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    data_output.show_profile(Profile(1, 1, []), "a.csv", as_json=False)
    printed = click.unstyle(capsys.readouterr().out)
    assert all(word in printed for word in ("last_seen", "2025-01-01", "00:00:56", "█" * 20))
    assert max(map(len, printed.splitlines())) <= 80
    assert "No room for: most frequent, kind, mean" in printed


@pytest.mark.parametrize("width", [50, 60, 100])
def test_a_narrow_terminal_loses_columns_and_says_so_but_breaks_no_drawing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    rows = [["a name", "integer", "█" * 20, "x " * 10]]
    data_output._rich_table(["column", "kind", "histogram", "top"], rows, (), folded=(0, 3), spare=(1,))
    printed = capsys.readouterr().out
    assert "█" * 20 in printed
    assert max(map(len, printed.splitlines()[:6])) <= width
    assert ("No room for: kind" in printed) == ("integer" not in printed) == (width < 60)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["profile", "old.paruqet"], "'old.paruqet', which does not exist; did you mean 'old.parquet'?"),
        (["profile", "quite.other"], "which does not exist; correct the name, or the folder you are in"),
        (["profile", "selct * from 'old.parquet'"], "found none; a query begins with SELECT, WITH or FROM"),
        (["profile", "https://example.org/a.csv"], "got the address 'https://example.org/a.csv'; fetch it"),
        (["profile", "empty.csv"], "expected csv, got 0 bytes; write it anew"),
        (["profile", "ragged.csv"], "Expected Number of Columns: 2 Found: 3; mend that line"),
        (
            ["profile", "broken.json"],
            "missing required field `name` - at `$.columns[0]`; make it anew by 'solvent data",
        ),
        (["profile", "runs:/nothing/data"], "expected runs:/RUN_ID/NAME, and there is no run 'nothing' in "),
        (["profile", "old.json", "--sample", "2"], "--sample 2 is for data, and 'old.json' is a saved profile"),
        (["diff", "old.json", "runs:/a/b", "--sample", "2"], "and both are saved profiles: leave it out"),
    ],
)
def test_wrong_input_is_told_with_what_to_do(
    solvent: Solvent, work: Path, old: Path, arguments: list[str], said: str
) -> None:
    (work / "empty.csv").write_text("")
    (work / "ragged.csv").write_text("a,b\n1,2,3\n")
    (work / "broken.json").write_text('{"version": 1, "rows": 1, "columns": [{"nme": 1}]}')
    (work / "old.json").write_text('{"version": 1, "rows": 1, "columns": []}')
    answer = solvent("data", *arguments)
    assert (answer.returncode, answer.stdout) == (1 if arguments[0] == "profile" else 2, "")
    assert answer.stderr.startswith("Error: ")
    assert answer.stderr.count("\n") == 1
    assert said in answer.stderr
