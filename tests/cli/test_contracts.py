"""``solvent contracts``: exit codes, JSON, and one line for what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import click

from solvent.cli.contracts import COMMANDS, contracts
from tests.cli.conftest import Solvent


def test_the_table_says_what_the_commands_say() -> None:
    for name, (_, _, description) in COMMANDS.items():
        command = contracts.get_command(click.Context(contracts), name)
        assert command is not None
        assert (command.name, command.get_short_help_str(limit=200)) == (name, description)


def test_from_a_file_to_a_changed_contract(solvent: Solvent, work: Path) -> None:
    (work / "a.csv").write_text("id,x\n" + "".join(f"{number},{number % 7}\n" for number in range(200)))
    draft = json.loads(solvent("contracts", "infer", "a.csv", "--json").stdout)
    assert draft["document"]["status"] == "draft"
    assert draft["not_inferred"]
    answer = solvent("contracts", "infer", "a.csv", "-o", "a.odcs.yaml")
    assert (answer.returncode, answer.stdout) == (0, "")
    again = solvent("contracts", "infer", "a.csv", "-o", "a.odcs.yaml")
    assert again.returncode == 1
    assert "is there already" in again.stderr
    assert "did you mean 'x'?" not in solvent("contracts", "infer", "a.csv", "--label", "id").stderr
    assert "there is no column 'ix'" in solvent("contracts", "infer", "a.csv", "--label", "ix").stderr

    lacks = solvent("contracts", "lint", "a.odcs.yaml", "--json")
    assert lacks.returncode == 1
    assert {lack["code"] for lack in json.loads(lacks.stdout)} >= {"no-owner", "draft"}

    done = json.loads(solvent("contracts", "accept", "a.odcs.yaml", "--json").stdout)
    assert (done["version"], done["written"], done["compared_with"]) == ("1.0.0", True, None)
    (work / "b.odcs.yaml").write_text((work / "a.odcs.yaml").read_text().replace("unique: true", "unique: false"))
    found = solvent("contracts", "diff", "a.odcs.yaml", "b.odcs.yaml", "--json")
    said = json.loads(found.stdout)
    assert (found.returncode, said["needed"], said["smallest_version"]) == (1, "minor", "1.1.0")
    assert solvent("contracts", "accept", "b.odcs.yaml", "--against", "a.odcs.yaml").returncode == 1
    assert solvent("contracts", "accept", "b.odcs.yaml", "--against", "a.odcs.yaml", "--bump").returncode == 0
    assert solvent("contracts", "diff", "a.odcs.yaml", "b.odcs.yaml").returncode == 0
    wrong = solvent("contracts", "diff", "a.odcs.yaml")
    assert (wrong.returncode, len(wrong.stderr.splitlines())) == (1, 1)


def test_a_change_that_nothing_is_compared_with_is_not_called_nothing(solvent: Solvent, work: Path) -> None:
    (work / "a.csv").write_text("id,x\n" + "".join(f"{number},{number % 7}\n" for number in range(200)))
    solvent("contracts", "infer", "a.csv", "-o", "a.odcs.yaml")
    solvent("contracts", "accept", "a.odcs.yaml")
    (work / "a.odcs.yaml").write_text((work / "a.odcs.yaml").read_text().replace("unique: true", "unique: false"))
    again = solvent("contracts", "accept", "a.odcs.yaml")
    assert "nothing was compared" in again.stderr
    assert "Active already, and taken as it is: a 1.0.0" in again.stdout


def test_a_misspelt_key_is_one_line(solvent: Solvent, work: Path) -> None:
    (work / "c.yaml").write_text("apiVersion: v3.1.0\nkind: DataContract\nid: c\nversoin: 1.0.0\n")
    answer = solvent("contracts", "lint", "c.yaml")
    assert answer.returncode == 1
    assert answer.stderr == "Error: c.yaml, line 4, versoin: unknown key 'versoin'; did you mean 'version'?\n"


def test_the_example_s_contract_lacks_nothing(solvent: Solvent) -> None:
    file = Path(__file__).parents[2] / "examples" / "breast-cancer" / "tumours.odcs.yaml"
    answer = solvent("contracts", "lint", file)
    assert (answer.returncode, answer.stdout) == (0, "")
