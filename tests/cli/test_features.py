"""``solvent features``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from solvent.backend.resolve import open_embedded
from solvent.wire.datasets import Dataset, DatasetInput
from solvent.wire.runs import CreateRun, LogInputs
from tests.cli.conftest import Solvent
from tests.data.features.test_columns import CONTRACT

FEATURES = '''
import solvent
raise SystemExit("no code is run")

@solvent.feature(owner="risk", inputs=["debt", "income"])
def ratio(df):
    """Debt per income."""
    return df["debt"] / df["income"]
'''


@pytest.fixture
def folder(work: Path) -> Path:
    (work / "features.py").write_text(FEATURES)
    (work / "features.yaml").write_text("- {name: young, description: below 25, owner: risk, inputs: [age]}\n")
    (work / "loans.odcs.yaml").write_text(CONTRACT)
    return work


def run_with(work: Path, schema: object) -> str:
    backend = open_embedded(str(work / ".solvent"))
    try:
        run_id = backend.call(CreateRun(experiment_id="0", start_time=1)).run.info.run_id
        text = json.dumps(schema)
        dataset = Dataset(name="train", digest=str(len(text)), source_type="local", source="{}", schema=text)
        backend.call(LogInputs(run_id=run_id, datasets=[DatasetInput(dataset=dataset)]))
    finally:
        backend.close()
    return run_id


def test_features_are_listed(solvent: Solvent, folder: Path) -> None:
    lines = solvent("features", "list").stdout.splitlines()
    assert lines[0].split() == ["Name", "Owner", "Inputs", "Version", "Place", "Description"]
    assert lines[2].startswith("ratio  risk   debt, income  ")
    assert lines[2].endswith("features.py:6    Debt per income.")
    assert lines[3].split()[-3:] == ["features.yaml:1", "below", "25"]
    ratio, young = json.loads(solvent("features", "list", "--json").stdout)
    assert (ratio["symbol"], ratio["inputs"], len(ratio["version"])) == ("ratio", ["debt", "income"], 16)
    assert (young["file"], young["line"]) == ("features.yaml", 1)


def test_a_notebook_is_read_by_its_cells(solvent: Solvent, work: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": "text"},
        {"cell_type": "code", "source": "%matplotlib inline\nimport solvent\nLIMIT = 25", "outputs": []},
        {"cell_type": "code", "source": "\n@solvent.feature\ndef young(age):\n    return age < LIMIT", "outputs": []},
    ]
    (work / "train.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4, "metadata": {}}))
    (found,) = json.loads(solvent("features", "list", "--json").stdout)
    assert (found["name"], found["cell"], found["line"]) == ("young", 2, 3)


def test_nothing_is_said_how_to_begin(solvent: Solvent) -> None:
    answer = solvent("features", "list")
    assert (answer.returncode, answer.stdout) == (0, "")
    assert answer.stderr.startswith("No features here. Declare one:")
    assert json.loads(solvent("features", "list", "--json").stdout) == []


def test_files_that_are_not_read_are_told_without_moving_the_cursor(solvent: Solvent, folder: Path) -> None:
    (folder / "bad\x1b[31m.py").write_text("import solvent\ndef (:\n")
    answer = solvent("features", "list")
    assert (answer.returncode, len(answer.stdout.splitlines())) == (0, 4)
    assert answer.stderr == "Not read: bad\\x1b[31m.py: not Python 3: invalid syntax on line 2\n"


def test_a_clean_project_passes(solvent: Solvent, folder: Path) -> None:
    answer = solvent("features", "check")
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "2 features: nothing is wrong\n")
    found = json.loads(solvent("features", "check", "--json").stdout)
    assert (found["features"], found["problems"]) == (2, [])
    assert [Path(each).name for each in found["contracts"]] == ["loans.odcs.yaml"]


def test_problems_end_with_1(solvent: Solvent, folder: Path) -> None:
    (folder / "features.yaml").write_text("- {name: young, inputs: [aeg]}\n")
    answer = solvent("features", "check")
    assert answer.returncode == 1
    assert [line.split()[2] for line in answer.stdout.splitlines()[2:]] == [
        "missing-description",
        "missing-owner",
        "unknown-input",
    ]
    (folder / "features.yaml").write_text("- {nmae: young, owner: me}\n")
    (folder / "broken.py").write_text("import solvent\ndef (:\n")
    found = json.loads(solvent("features", "check", "--json").stdout)["problems"]
    assert [(each["kind"], each["place"]) for each in found] == [
        ("invalid-file", "broken.py"),
        ("invalid-file", "features.yaml"),
    ]
    assert "did you mean 'name'?" in found[1]["message"]


def test_without_a_contract_it_is_said_that_inputs_were_not_looked_at(solvent: Solvent, folder: Path) -> None:
    (folder / "loans.odcs.yaml").rename(folder / "loans.txt")
    answer = solvent("features", "check")
    assert answer.returncode == 0
    assert "No contract" in answer.stderr
    assert solvent("features", "check", "--contract", "loans.txt").stderr == "2 features: nothing is wrong\n"
    (folder / "loans.txt").write_text("schema: 3\n")
    answer = solvent("features", "check", "--contract", "loans.txt")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.startswith("Error: loans.txt, line 1, schema: expected array, came 3")
    (folder / "loans.txt").write_text(CONTRACT.partition("schema:")[0])
    answer = solvent("features", "check", "--contract", "loans.txt")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "no column found" in answer.stderr


def test_columns_of_a_run_that_nobody_documented(solvent: Solvent, folder: Path) -> None:
    columns = [{"name": name, "type": "double"} for name in ("debt", "ratio", "young", "raito")]
    answer = solvent("features", "check", "--run", run_with(folder, {"mlflow_colspec": columns}))
    assert answer.returncode == 1
    assert answer.stdout.splitlines()[2].split()[:2] == ["raito", "undocumented-column"]
    assert "did you mean 'ratio'?" in answer.stdout
    known = run_with(folder, {"mlflow_colspec": columns[:3]})
    assert solvent("features", "check", "--run", known).returncode == 0
    without = run_with(folder, {"mlflow_tensorspec": {"features": []}})
    answer = solvent("features", "check", "--run", without)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "logged no data set with named columns" in answer.stderr
    assert solvent("features", "check", "--run", "0" * 32).returncode == 2


def test_features_on_record_with_a_run_document_its_columns_too(solvent: Solvent, folder: Path) -> None:
    run_id = run_with(folder, {"mlflow_colspec": [{"name": "raito", "type": "double"}]})
    entry: dict[str, object] = {
        "name": "raito",
        "description": "As it was called then.",
        "owner": "",
        "inputs": None,
        "version": "",
    }
    entry |= {"outputs": ["raito"], "symbol": "raito", "file": "old.py", "line": 3, "source": None}
    for version, code in ((1, 0), (2, 2)):
        (folder / "features.json").write_text(json.dumps({"version": version, "features": [entry]}))
        log = solvent("artifacts", "log", "-r", run_id, "-a", "solvent", "features.json")
        assert log.returncode == 0, log.stderr
        answer = solvent("features", "check", "--run", run_id)
        assert answer.returncode == code, answer.stderr
    assert "has version 2, and this Solvent reads 1" in answer.stderr


def test_the_page_is_written(solvent: Solvent, folder: Path) -> None:
    page = solvent("features", "docs").stdout
    assert page.startswith("# Features\n")
    assert "## ratio\n\nDebt per income." in page
    assert solvent("features", "docs", "-o", "FEATURES.md", "--title", "Loans").returncode == 0
    assert solvent("features", "docs", "-o", "new/folder/FEATURES.md").stderr == (
        "Wrote 2 features to new/folder/FEATURES.md\n"
    )
    refused = solvent("features", "docs", "-o", "FEATURES.md/page.md")
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "FEATURES.md/page.md can't be written" in refused.stderr
    assert (folder / "FEATURES.md").read_text() == page.replace("# Features", "# Loans", 1)


def test_no_features_are_no_page(solvent: Solvent) -> None:
    assert solvent("features", "docs").returncode == 1
