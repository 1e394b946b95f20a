"""Which data of a project is fingerprinted before it runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from solvent.projects.errors import InvalidProject
from solvent.projects.inputs import Input, read_inputs
from solvent.projects.spec import load_project

MLPROJECT = """
inputs: [data/shared.csv]
entry_points:
  main:
    parameters:
      train: {type: path, default: data/train.csv}
      year: {type: int, default: 2024}
    inputs: ["data/{year}", data/train.csv]
    command: "true {train} {year}"
"""


def found(folder: Path, values: dict[str, str], said: list[str]) -> dict[str, Input]:
    project = load_project(folder)
    return {one.why: one for one in read_inputs(project, project.entry_point("main"), values, said.append)}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOLVENT_CACHE", str(tmp_path / "cache"))
    (tmp_path / "MLproject").write_text(MLPROJECT)
    (tmp_path / "data" / "2024").mkdir(parents=True)
    for name in ("shared.csv", "train.csv", "2024/a.csv"):
        (tmp_path / "data" / name).write_text(name)
    return tmp_path


def test_parameters_and_declarations_each_once(folder: Path) -> None:
    said: list[str] = []
    inputs = found(folder, {"train": str(folder / "data" / "train.csv"), "year": "2024"}, said)
    assert list(inputs) == ["parameter train", "declared data/shared.csv", "declared data/{year}"]
    assert inputs["declared data/{year}"].path == folder / "data" / "2024"
    assert all(one.fingerprint for one in inputs.values())
    assert said == []


def test_what_is_declared_and_missing_is_said(folder: Path) -> None:
    said: list[str] = []
    inputs = found(folder, {"train": str(folder / "data" / "train.csv"), "year": "2023"}, said)
    assert inputs["declared data/{year}"].fingerprint is None
    assert len(said) == 1
    assert "2023' (declared data/{year}) is not recorded: " in said[0]


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ("data/a.csv", "inputs must be a list of paths, such as"),
        ("[1]", "inputs must be a list of paths, such as"),
        ('["{yaer}"]', r"\{yaer\} is not a declared parameter \(declared: year\); did you mean 'year'"),
        ('["{"]', "write a literal brace"),
    ],
)
def test_a_malformed_declaration_is_told_when_the_project_is_read(tmp_path: Path, inputs: str, message: str) -> None:
    text = f"entry_points:\n  main: {{parameters: {{year: int}}, inputs: {inputs}, command: 'true'}}\n"
    (tmp_path / "MLproject").write_text(text)
    with pytest.raises(InvalidProject, match=message):
        load_project(tmp_path)


def test_what_is_not_read_is_no_input_that_is_not_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLVENT_PROVENANCE_INPUTS", "false")
    said: list[str] = []
    inputs = found(folder, {"train": str(folder / "data" / "train.csv"), "year": "2024"}, said)
    assert inputs["parameter train"].problem == "not read: SOLVENT_PROVENANCE_INPUTS is off"
    assert (inputs["parameter train"].fingerprint, said) == (None, [])
