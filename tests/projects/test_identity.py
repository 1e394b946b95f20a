"""Each part of an identity counts, and only its own part changes with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from solvent.data.fingerprint.paths import of_path
from solvent.projects.contracts import ContractUse
from solvent.projects.environment import Environment
from solvent.projects.identity import PARTS, Identity, identity_of
from solvent.projects.inputs import Input
from solvent.projects.plan import Plan, plan_run
from solvent.projects.recording import capture_project
from solvent.provenance.capture import Provenance
from solvent.provenance.packages import Package
from solvent.provenance.unkept import Unkept


class Subject:
    def __init__(self, folder: Path) -> None:
        (folder / "MLproject").write_text(
            "entry_points:\n  main: {command: echo, parameters: {alpha: {default: 1}}}\n  other: {command: echo}\n"
        )
        (folder / "data.csv").write_text("a\n1\n")
        self.folder = folder
        self.plan: Plan = plan_run(str(folder))
        self.provenance: Provenance = capture_project(self.plan)
        self.environment = Environment("local")
        self.inputs = [self.read()]

    def read(self) -> Input:
        return Input(self.folder / "data.csv", "parameter data", of_path(self.folder / "data.csv"))

    def identity(self) -> Identity:
        return identity_of(self.plan, self.provenance, self.environment, self.inputs)


@pytest.fixture
def subject(tmp_path: Path) -> Subject:
    return Subject(tmp_path)


def changed(before: Identity, after: Identity) -> set[str]:
    return {part for part in PARTS if before.digests[part] != after.digests[part]}


def test_the_same_is_identical(subject: Subject) -> None:
    assert subject.identity() == subject.identity()
    assert subject.identity().comparable
    assert subject.identity().unknown == ()


def test_the_entry_point(subject: Subject) -> None:
    before = subject.identity()
    subject.plan = replace(subject.plan, entry=subject.plan.project.entry_point("other"))
    assert changed(before, subject.identity()) == {"entry_point"}


def test_a_parameter(subject: Subject) -> None:
    before = subject.identity()
    subject.plan = plan_run(str(subject.folder), given={"alpha": "2"})
    assert changed(before, subject.identity()) == {"parameters"}


def test_a_file_of_the_code(subject: Subject) -> None:
    before = subject.identity()
    (subject.folder / "helper.py").write_text("x = 1\n")
    subject.provenance = capture_project(subject.plan)
    assert changed(before, subject.identity()) == {"code"}


def test_a_package_a_variable_and_the_environment(subject: Subject) -> None:
    before, provenance = subject.identity(), subject.provenance
    subject.provenance = provenance._replace(packages=[*provenance.packages, Package("new", "1.0")])
    assert changed(before, subject.identity()) == {"environment"}
    subject.provenance = provenance._replace(variables={"PYTHONHASHSEED": "77"})
    assert changed(before, subject.identity()) == {"environment"}
    subject.provenance, subject.environment = provenance, Environment("local", key="abc")
    assert changed(before, subject.identity()) == {"environment"}


def test_the_data(subject: Subject) -> None:
    before = subject.identity()
    (subject.folder / "data.csv").write_text("a\n2\n")
    subject.inputs = [subject.read()]
    assert changed(before, subject.identity()) == {"data"}


def test_unknown_data_is_said_and_unreadable_data_is_identical_to_none(subject: Subject) -> None:
    subject.inputs = []
    assert subject.identity().unknown[0].startswith("no data is known to be read")
    subject.inputs = [Input(subject.folder / "gone.csv", "parameter data", problem="not there")]
    assert not subject.identity().comparable


def test_code_that_no_run_keeps_counts_by_its_digest(subject: Subject) -> None:
    before = subject.identity()
    subject.provenance = subject.provenance._replace(unkept=(Unkept("local.py", "ignored by git", "ab"),))
    with_digest = subject.identity()
    assert (changed(before, with_digest), with_digest.comparable) == ({"code"}, True)
    subject.provenance = subject.provenance._replace(unkept=(Unkept("local.py", "ignored by git"),))
    assert subject.identity().unseen == ("local.py: ignored by git",)


def test_contracts_and_whether_they_were_looked_at(subject: Subject) -> None:
    (subject.folder / "c.yaml").write_text("a\n")
    use = ContractUse("data.csv", "c.yaml", "MLproject")
    subject.plan = replace(subject.plan, project=replace(subject.plan.project, contracts=(use,)))
    before = subject.identity()
    given = (subject.plan, subject.provenance, subject.environment, subject.inputs)
    assert changed(before, identity_of(*given, skip_contracts=True)) == {"data"}
    (subject.folder / "c.yaml").write_text("b\n")
    assert changed(before, subject.identity()) == {"data"}
