"""``solvent models``, as people use it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from solvent.cli import models_find, models_history
from solvent.cli.models import COMMANDS, models
from solvent.server.loopback import Loopback
from solvent.wire.datasets import Dataset, DatasetInput
from solvent.wire.gates import GateCheck, GateReport
from solvent.wire.model_history import ModelEvent
from solvent.wire.registry import (
    CreateModelVersion,
    CreateRegisteredModel,
    GetModelVersion,
    SetRegisteredModelAlias,
    TransitionModelVersionStage,
)
from solvent.wire.runs import CreateRun, LogInputs
from tests.cli.conftest import Solvent
from tests.cli.stores import embedded
from tests.registry.model_folders import folder_of, write_model


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with version 1 in Production and 2 in Staging of 'fraud'; 'empty' has no versions."""
    monkeypatch.chdir(tmp_path)
    for name in ("SOLVENT_TRACKING_URI", "MLFLOW_TRACKING_URI", "SOLVENT_HOME"):
        monkeypatch.delenv(name, raising=False)
    with embedded(tmp_path) as backend:
        run = backend.call(CreateRun(experiment_id="0", run_name="train", start_time=1)).run.info
        data = Dataset(name="claims", digest="d1g3st", source_type="local", source="x", schema="{}")
        backend.call(LogInputs(run_id=run.run_id, datasets=[DatasetInput(dataset=data, tags=[])]))
        write_model(folder_of(backend, run.artifact_uri, "model"))
        for name in ("fraud", "empty"):
            backend.call(CreateRegisteredModel(name=name))
        for number, stage in (("1", "Production"), ("2", "Staging")):
            source = f"runs:/{run.run_id}/model"
            backend.call(CreateModelVersion(name="fraud", source=source, run_id=run.run_id))
            backend.call(TransitionModelVersionStage(name="fraud", version=number, stage=stage))
        backend.call(SetRegisteredModelAlias(name="fraud", alias="champion", version="1"))
    return tmp_path


class Said:
    def __init__(self, *arguments: str) -> None:
        answer = CliRunner().invoke(models, arguments)
        self.error = "" if answer.exception is None else str(answer.exception)
        self.text, self.stdout = answer.output, answer.stdout

    @property
    def json(self) -> Any:
        assert not self.error, self.error
        return json.loads(self.stdout)


def stage_of(store: Path, number: str) -> str:
    with embedded(store) as backend:
        return backend.call(GetModelVersion(name="fraud", version=number)).model_version.current_stage


def test_every_command_says_what_the_group_says() -> None:
    for name, (_, _, said) in COMMANDS.items():
        command = models.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        assert (command.help or "").split("\n\n")[0].replace("\n", " ").strip() == said


def test_models_are_listed(store: Path) -> None:
    lines = Said("list").stdout.splitlines()
    assert lines[0].split() == ["Name", "Newest", "Production", "Staging", "Aliases", "Changed"]
    assert [line.split()[:4] for line in lines[2:]][1] == ["fraud", "2", "1", "2"]
    assert [model["name"] for model in Said("list", "--json").json] == ["empty", "fraud"]


def test_versions_and_their_stages_on_one_line(store: Path) -> None:
    expected = "[{'version': '1', 'stage': 'Production'}, {'version': '2', 'stage': 'Staging'}]\n"
    assert Said("list-versions", "--model-name", "fraud").text == expected
    assert Said("list-versions", "--model-name", "empty").text == "No versions registered\n"


def test_versions_in_other_forms(store: Path) -> None:
    expected = [{"version": "1", "stage": "Production"}, {"version": "2", "stage": "Staging"}]
    assert Said("list-versions", "--model-name", "fraud", "--output", "json").json == expected
    assert Said("list-versions", "--model-name", "fraud", "--json").json == expected
    assert Said("list-versions", "--model-name", "empty", "--output", "json").json == []
    lines = Said("list-versions", "--model-name", "fraud", "--output", "table").stdout.splitlines()
    assert lines[0].split() == ["Version", "Stage", "Aliases", "Since", "Run", "Source"]
    assert lines[2].split()[:3] == ["1", "Production", "champion"]
    assert Said("list-versions", "--model-name", "empty", "--output", "table").text == "No versions registered\n"


def test_an_unknown_model_is_told_with_the_nearest_names(solvent: Solvent, work: Path) -> None:
    with embedded(work) as backend:
        backend.call(CreateRegisteredModel(name="fraud"))
    answer = solvent("models", "list-versions", "--model-name", "frued")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr == "Error: model 'frued' not found; did you mean 'fraud'?\n"
    answer = solvent("models", "list-versions", "--model-name", "x")
    assert (answer.returncode, answer.stderr) == (1, "Error: model 'x' not found\n")


def test_names_with_quotes(store: Path) -> None:
    for name in ("it's", 'a "b"', "'\""):
        with embedded(store) as backend:
            backend.call(CreateRegisteredModel(name=name))
            backend.call(CreateModelVersion(name=name, source="s3://bucket/x"))
        assert Said("list-versions", "--model-name", name, "--json").json == [{"version": "1", "stage": "None"}]


def test_a_model_is_shown_with_its_versions(store: Path) -> None:
    text = Said("show", "fraud").text
    assert "Name        : fraud" in text
    assert ["1", "Production", "champion"] in [line.split()[:3] for line in text.splitlines()]
    assert [each["version"] for each in Said("show", "fraud", "--json").json["versions"]] == ["1", "2"]


def test_a_version_is_shown_with_its_files_and_data(store: Path) -> None:
    text = Said("show", "fraud", "1").text
    for line in (
        "Stage       : Production",
        "Flavours    : sklearn",
        "Signature   : whole",
        "Runs code   : no",
        "Data        : claims (d1g3st)",
    ):
        assert line in text.splitlines()
    told = Said("show", "fraud", "1", "--json").json
    assert (told["data"][0]["name"], told["files"]["files"][0]["path"]) == ("claims", "MLmodel")


def test_a_changed_file_is_shown(store: Path) -> None:
    (file,) = store.glob("**/model.skops")
    file.write_bytes(b"TREES")
    assert "Files       : 'model.skops' of version 1 of 'fraud' was changed" in Said("show", "fraud", "1").text


def test_promotion_archives_what_was_in_production(store: Path) -> None:
    said = Said("promote", "fraud", "2", "--to", "production", "--reason", "better")
    assert said.stdout == "Version 2 of 'fraud' is in Production (was in Staging); version 1 is archived\n"
    assert [stage_of(store, number) for number in "12"] == ["Archived", "Production"]
    newest = Said("history", "fraud", "--json").json[0]
    assert (newest["version"], newest["reason"]) == ("1", "better")
    assert newest["origin"].startswith("solvent models promote, ")


def test_promotion_keeps_what_is_there_if_told(store: Path) -> None:
    said = Said("promote", "fraud", "2", "--to", "Production", "--keep-existing")
    assert said.stdout == "Version 2 of 'fraud' is in Production (was in Staging)\n"
    assert [stage_of(store, number) for number in "12"] == ["Production", "Production"]


def test_to_staging_nothing_is_archived(store: Path) -> None:
    told = Said("promote", "fraud", "1", "--to", "staging", "--json").json
    assert (told["version"]["current_stage"], told["archived"]) == ("Staging", [])
    assert stage_of(store, "2") == "Staging"


def test_a_version_in_one_word(store: Path) -> None:
    assert "Stage       : Staging" in Said("show", "fraud/2").text.splitlines()
    assert Said("promote", "fraud/2", "--to", "staging").stdout.startswith(
        "Version 2 of 'fraud' is in Staging (was there"
    )
    assert "Missing argument 'VERSION'" in Said("promote", "fraud", "--to", "staging").text


def test_promoting_what_is_not_there(store: Path) -> None:
    assert Said("promote", "frau", "1", "--to", "staging").error == "model 'frau' not found; did you mean 'fraud'?"
    assert Said("promote", "fraud", "7", "--to", "staging").error == "version 7 of 'fraud' not found: there is 1, 2"


def test_somebody_else_was_first(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = models_find.all_versions

    def then_moved(backend: Any, name: str) -> Any:
        versions = seen(backend, name)
        made = backend.call(CreateModelVersion(name="fraud", source="s3://bucket/3")).model_version
        backend.call(TransitionModelVersionStage(name="fraud", version=made.version, stage="Production"))
        return versions

    monkeypatch.setattr("solvent.cli.models_moves.all_versions", then_moved)
    said = Said("promote", "fraud", "2", "--to", "Production")
    assert said.error.startswith("version 3 of 'fraud' is in Production now, not version 1: somebody was first")
    assert stage_of(store, "2") == "Staging"
    assert Said("rollback", "fraud").error.startswith("version 4 of 'fraud' is in Production now, not version 3")


def test_what_the_gate_says_is_shown(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checks = [
        GateCheck(need="signature", met=True, found="whole"),
        GateCheck(need="card", met=False, found="there is none", next="solvent models card fraud 2"),
    ]
    report = GateReport(name="fraud", version="2", target="Production", level="record", passes=False, checks=checks)
    monkeypatch.setattr("solvent.cli.models_moves._gate", lambda *_: report)
    lines = Said("promote", "fraud", "2", "--to", "Production").text.splitlines()
    assert lines == [
        "Gate before Production (record): 1 of 2 met, records what is missing",
        "  missing: card: there is none; next: solvent models card fraud 2",
        "Version 2 of 'fraud' is in Production (was in Staging); version 1 is archived",
    ]
    told = Said("promote", "fraud", "1", "--to", "Production", "--json").json
    assert (told["gate"]["level"], told["archived"]) == ("record", ["2"])


def test_rollback(store: Path) -> None:
    Said("promote", "fraud", "2", "--to", "Production")
    said = Said("rollback", "fraud", "--reason", "it fails")
    assert said.text == "Version 1 of 'fraud' is back in Production; version 2 is archived\n"
    assert [stage_of(store, number) for number in "12"] == ["Production", "Archived"]
    assert "no version of 'fraud' was in Production before" in Said("rollback", "fraud").error
    told = Said("rollback", "fraud", "--to", "2", "--json").json
    assert (told["version"]["version"], told["archived"]) == ("2", ["1"])


def test_history(store: Path) -> None:
    lines = Said("history", "fraud", "--max-results", "2").stdout.splitlines()
    assert lines[0].startswith("When ")
    assert "@champion: none -> 1" in lines[2]
    assert "None -> Staging" in lines[3]
    assert lines[4] == "... and older ones: --max-results 20"
    told = Said("history", "fraud", "--version", "2", "--json").json
    assert [event["kind"] for event in told] == ["model_version.stage", "gate.missing", "model_version.created"]


def test_over_http_and_from_where(store: Path) -> None:
    with embedded(store) as backend, Loopback(backend) as loopback:
        uri = ("--tracking-uri", loopback.url)
        assert "is in Production" in Said("promote", "fraud", "2", "--to", "Production", *uri).stdout
        assert "back in Production" in Said("rollback", "fraud", *uri).stdout
        assert Said("show", "fraud", "1", "--json", *uri).json["files"]["version"] == "1"
        assert "Staging -> Production" in Said("history", "fraud", *uri).stdout


@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        ("model_version.stage", {"from": "Production", "to": "Archived", "replaced_by": "3"}, "Production -> Archived (by 3)"),
        ("model_version.stage", {"from": "Production", "to": "Archived", "because": "rollback"}, "Production -> Archived (rollback)"),
        ("alias.deleted", {"alias": "a", "from": "1"}, "@a: 1 -> none"),
        ("registered_model.renamed", {"from": "a", "to": "b"}, "renamed: a -> b"),
        ("model_version.deleted", {"stage": "None"}, "deleted, was in None"),
        ("model_version.created", {"source": "s"}, "registered from s"),
        ("gate.refused", {"target": "Production", "missing": ["card", "tests"]}, "gate.refused before Production: card, tests"),
        ("registered_model.created", {}, "the model is made"),
    ],
)  # fmt: skip
def test_what_events_say(kind: str, body: dict[str, Any], said: str) -> None:
    assert models_history.said(ModelEvent(id=1, time=1, kind=kind, body=body)) == said
