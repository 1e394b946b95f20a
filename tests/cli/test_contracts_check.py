"""``solvent contracts check``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from solvent.cli.contracts import contracts
from tests.client.test_check import CONTRACT

Check = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    monkeypatch.chdir(tmp_path)
    Path("people.odcs.yaml").write_text(CONTRACT)
    Path("good.csv").write_text("age\n1\n2\n")
    Path("bad.csv").write_text("age\n1\n-4\n200\n")
    return lambda *arguments: CliRunner().invoke(contracts, ["check", *arguments])


def test_good_data_ends_with_0(run: Check) -> None:
    answer = run("good.csv", "people.odcs.yaml")
    assert (answer.exit_code, answer.stdout) == (0, "good.csv keeps the contract people 1.2.0: 5 checks, 2 rows\n")


def test_bad_data_ends_with_1_and_a_table(run: Check) -> None:
    answer = run("bad.csv", "people.odcs.yaml")
    assert answer.exit_code == 1
    assert answer.stdout.splitlines()[0] == "bad.csv breaks the contract people 1.2.0: 1 of 5 checks failed"
    assert "row 1: -4; row 2: 200" in answer.stdout


def test_json_is_the_whole_report(run: Check) -> None:
    report = json.loads(run("bad.csv", "people.odcs.yaml", "--json").stdout)
    assert (report["verdict"], report["rows"], len(report["checks"])) == ("failed", 3, 5)


def test_several_outputs_go_to_files(run: Check) -> None:
    answer = run("bad.csv", "people.odcs.yaml", "-o", "text", "-o", "markdown=report.md", "-o", "json=report.json")
    assert "| failed | error | age |" in Path("report.md").read_text()
    assert json.loads(Path("report.json").read_text())["verdict"] == "failed"
    assert "breaks the contract" in answer.stdout


def test_json_may_be_asked_for_twice_and_folders_are_made(run: Check) -> None:
    assert json.loads(run("bad.csv", "people.odcs.yaml", "-o", "json", "--json").stdout)["rows"] == 3
    run("bad.csv", "people.odcs.yaml", "-o", "markdown=reports/today/report.md")
    assert "| failed | error | age |" in Path("reports/today/report.md").read_text()
    answer = run("bad.csv", "people.odcs.yaml", "-o", "markdown=good.csv/report.md")
    assert (answer.exit_code, "good.csv/report.md can't be written" in answer.stderr) == (2, True)


def test_no_examples_are_shown_if_none_are_wanted(run: Check) -> None:
    assert "-4" not in run("bad.csv", "people.odcs.yaml", "--examples", "0").stdout


def test_bad_rows_are_put_aside(run: Check) -> None:
    answer = run("bad.csv", "people.odcs.yaml", "--quarantine", "bad.parquet")
    assert answer.stderr == "Wrote 2 rows that break the contract to bad.parquet.\n"
    assert pq.read_table("bad.parquet").column("age").to_pylist() == [-4, 200]
    answer = run("good.csv", "people.odcs.yaml", "--quarantine", "none.parquet")
    assert (answer.exit_code, Path("none.parquet").exists()) == (0, False)


@pytest.mark.parametrize(
    "arguments",
    [
        ("nobody.csv", "people.odcs.yaml"),
        ("good.csv", "nobody.odcs.yaml"),
        ("good.csv", "people.odcs.yaml", "--table", "nobody"),
        ("good.csv", "people.odcs.yaml", "-o", "pdf"),
        ("good.csv", "people.odcs.yaml", "-o", "text", "--json"),
        ("good.csv", "people.odcs.yaml", "-o", "json="),
        ("bad.csv", "people.odcs.yaml", "--quarantine", "bad.csv"),
    ],
    ids=" ".join,
)
def test_what_could_not_be_checked_ends_with_2(run: Check, arguments: tuple[str, ...]) -> None:
    answer = run(*arguments)
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert answer.stderr
