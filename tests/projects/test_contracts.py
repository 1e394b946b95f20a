"""``contracts:`` of a project."""

from __future__ import annotations

from pathlib import Path

import pytest

from solvent.projects.contracts import ContractUse, contracts_in_settings, contracts_of
from solvent.projects.errors import InvalidProject
from solvent.projects.spec import load_project

PROJECT = """
name: p
contracts:
  - {data: all.csv, contract: all.odcs.yaml}
entry_points:
  main:
    parameters: {train: {type: path, default: train.csv}}
    command: "python train.py {train}"
    contracts:
      - data: "{train}"
        contract: train.odcs.yaml
        severity: warning
        table: rows
        examples: 0
  other: {command: "true"}
"""


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / name.replace("_toml", ".toml")).write_text(text)
    return folder


def test_contracts_hold_for_an_entry_point_or_for_all(tmp_path: Path) -> None:
    project = load_project(write(tmp_path, MLproject=PROJECT))
    main, other = project.entry_point("main"), project.entry_point("other")
    assert [use.contract for use in project.contracts_for(other)] == ["all.odcs.yaml"]
    first, second = project.contracts_for(main)
    assert (first.contract, first.severity, first.examples) == ("all.odcs.yaml", "error", 3)
    assert (second.data, second.table, second.severity, second.examples) == ("{train}", "rows", "warning", 0)


def test_solvent_toml_is_the_other_place(tmp_path: Path) -> None:
    settings = """
[[contracts]]
data = "all.csv"
contract = "one.odcs.yaml"
[[contracts]]
data = "all.csv"
contract = "two.odcs.yaml"
entry_points = ["main"]
"""
    python = '[[tool.solvent.contracts]]\ndata = "b.csv"\ncontract = "three.odcs.yaml"\n'
    plain = "name: p\nentry_points:\n  main: {command: 'true'}\n  other: {command: 'true'}\n"
    project = load_project(write(tmp_path, MLproject=plain, solvent_toml=settings, pyproject_toml=python))
    names = {
        each: [use.contract for use in project.contracts_for(entry)] for each, entry in project.entry_points.items()
    }
    assert names == {
        "main": ["one.odcs.yaml", "two.odcs.yaml", "three.odcs.yaml"],
        "other": ["one.odcs.yaml", "three.odcs.yaml"],
    }


def test_a_script_without_an_mlproject_has_contracts_too(tmp_path: Path) -> None:
    write(tmp_path, solvent_toml='[[contracts]]\ndata = "a.csv"\ncontract = "a.odcs.yaml"\n')
    (tmp_path / "train.py").write_text("")
    project = load_project(tmp_path, "train.py")
    assert [use.data for use in project.contracts_for(project.entry_point("train.py"))] == ["a.csv"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("text", "must be a list"),
        (["text"], r"contracts\[0\] must be a block"),
        ([{"data": "a"}], "contract must be a path, found 'None'"),
        ([{"data": "a", "contract": "b", "severty": "error"}], "unknown key 'severty' .*did you mean 'severity'"),
        ([{"data": "a", "contract": "b", "severity": "fatal"}], "severity must be error or warning"),
        ([{"data": "a", "contract": "b", "examples": -1}], "examples must be a number"),
        ([{"data": "a", "contract": "b", "table": 1}], "table must be the name"),
        ([{"data": "a", "contract": "b", "entry_points": ["main"]}], "unknown key 'entry_points'"),
    ],
)
def test_what_is_not_meant_is_refused(content: object, message: str) -> None:
    with pytest.raises(InvalidProject, match=message):
        contracts_of(content, "MLproject")


def test_a_contract_for_an_entry_point_that_is_not_there_is_refused(tmp_path: Path) -> None:
    settings = '[[contracts]]\ndata = "a.csv"\ncontract = "a.odcs.yaml"\nentry_points = ["mian"]\n'
    write(tmp_path, MLproject="name: p\nentry_points:\n  main: {command: 'true'}\n", solvent_toml=settings)
    with pytest.raises(InvalidProject, match="no entry point 'mian'; did you mean 'main'"):
        load_project(tmp_path)


@pytest.mark.parametrize("text", ["x = ", "contracts = 5", "[contracts]\nx = 1"])
def test_broken_settings_are_refused(tmp_path: Path, text: str) -> None:
    write(tmp_path, solvent_toml=text)
    with pytest.raises(InvalidProject, match=r"solvent\.toml"):
        contracts_in_settings(tmp_path)


def test_parameters_stand_in_the_data_path() -> None:
    use = ContractUse("data/{year}/{{x}}.csv", "c", "here")
    assert use.data_for({"year": "20 26"}) == "data/20 26/{x}.csv"
    for data, message in (("{yaer}", "did you mean 'year'"), ("{year!r}", "not a declared"), ("{", "literal brace")):
        with pytest.raises(InvalidProject, match=message):
            ContractUse(data, "c", "here").data_for({"year": "1"})
