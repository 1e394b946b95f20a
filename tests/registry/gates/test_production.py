"""Under strict no version stands in Production that was not in Staging before, and that its gate did not let pass."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import SolventError
from solvent.store.store import Store
from solvent.wire.base import Request
from solvent.wire.gates import ApplyGatePolicies, ListEvidence, RecordEvidence
from solvent.wire.registry import (
    CreateModelVersion,
    CreateRegisteredModel,
    DeleteModelVersion,
    DeleteRegisteredModel,
    DeleteRegisteredModelAlias,
    ModelVersion,
    RenameRegisteredModel,
    SearchModelVersions,
    SetRegisteredModelAlias,
    SetRegisteredModelTag,
    TransitionModelVersionStage,
)
from solvent.wire.registry_moves import RollbackModel
from tests.registry.gates.helpers import keep_known

NAMES = st.sampled_from(["a", "a", "a", "b"])
NUMBERS = st.sampled_from(["1", "2"])
RARELY = st.integers(0, 7).map(lambda number: number == 7)
STAGES = st.sampled_from(["None", "Staging", "Production", "production", "Archived"])
ALIASES = st.sampled_from(["production", "Production", "champion"])
POLICY = {
    "level": "strict",
    "stage": {"Production": {"monitor": True}},
    "models": {"a": {"stage": {"Production": {"signature": True}}}},
}


class Registry(RuleBasedStateMachine):
    """Whatever is asked for in whatever order; what is refused is refused.

    Each version has a description of its own, by which it is known again under other names. ``staged`` are those
    that were seen in Staging, ``overridden`` those that an override has let pass.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name)
        self.backend = EmbeddedBackend(str(path), Store(path / "solvent.db", synchronous="NORMAL"), path / "artifacts")
        self.staged: set[str] = set()
        self.overridden: set[str] = set()
        self.made = 0
        self.backend.call(ApplyGatePolicies(document=POLICY))
        for name in ("a", "b"):
            self.create(name)
            for _ in range(2):
                self.register(name, "whole")

    def ask(self, request: Request[Any]) -> bool:
        try:
            self.backend.call(request)
        except SolventError:
            return False
        self.look()
        return True

    def look(self) -> None:
        for version in self.versions():
            if version.current_stage == "Staging":
                self.staged.add(key(version))

    def versions(self) -> list[ModelVersion]:
        return self.backend.call(SearchModelVersions(max_results=1_000)).model_versions

    @rule(name=NAMES)
    def create(self, name: str) -> None:
        self.ask(CreateRegisteredModel(name=name))

    @rule(name=NAMES, signature=st.sampled_from(["none", "whole"]))
    def register(self, name: str, signature: str) -> None:
        self.made += 1
        request = CreateModelVersion(name=name, source=f"s3://b/{self.made}", description=f"{self.made}")
        try:
            number = self.backend.call(request).model_version.version
        except SolventError:
            return
        keep_known(self.backend, name, number, str(self.made), signature=signature, input_example=False)

    @rule(name=NAMES, number=NUMBERS, to=NAMES)
    def copy(self, name: str, number: str, to: str) -> None:
        self.made += 1
        self.ask(CreateModelVersion(name=to, source=f"models:/{name}/{number}", description=f"{self.made}"))

    @rule(name=NAMES, number=NUMBERS, stage=STAGES, archive=st.booleans())
    def move(self, name: str, number: str, stage: str, archive: bool) -> None:
        self.ask(TransitionModelVersionStage(name=name, version=number, stage=stage, archive_existing_versions=archive))

    @rule(name=NAMES, number=NUMBERS)
    def override(self, name: str, number: str) -> None:
        """Past what is missing, but not around Staging."""
        before = {key(one) for one in self.versions() if in_production(one)}
        self.ask(TransitionModelVersionStage(name=name, version=number, stage="Production", override="why"))
        self.overridden |= {key(one) for one in self.versions() if in_production(one)} - before

    @rule(name=NAMES, number=NUMBERS)
    def walk(self, name: str, number: str) -> None:
        """The way that is meant."""
        self.move(name, number, "Staging", archive=False)
        self.watch(name, number, active=True)
        self.move(name, number, "Production", archive=True)

    @rule(name=NAMES)
    def walk_and_return(self, name: str) -> None:
        for number in ("1", "2"):
            self.walk(name, number)
        self.roll_back(name, None)

    @rule(name=NAMES, number=st.none() | NUMBERS)
    def roll_back(self, name: str, number: str | None) -> None:
        self.ask(RollbackModel(name=name, version=number))

    @rule(name=NAMES, number=NUMBERS, alias=ALIASES)
    def point(self, name: str, number: str, alias: str) -> None:
        self.ask(SetRegisteredModelAlias(name=name, version=number, alias=alias))

    @rule(name=NAMES, alias=ALIASES)
    def unpoint(self, name: str, alias: str) -> None:
        self.ask(DeleteRegisteredModelAlias(name=name, alias=alias))

    @rule(name=NAMES, to=st.sampled_from(["a", "b", "c"]))
    def rename(self, name: str, to: str) -> None:
        self.ask(RenameRegisteredModel(name=name, new_name=to))

    @rule(name=NAMES, number=NUMBERS, really=RARELY)
    def delete_version(self, name: str, number: str, really: bool) -> None:
        if really:
            self.ask(DeleteModelVersion(name=name, version=number))

    @rule(name=NAMES, really=RARELY)
    def delete(self, name: str, really: bool) -> None:
        if really:
            self.ask(DeleteRegisteredModel(name=name))
            self.create(name)
            self.register(name, "whole")

    @rule(name=NAMES, really=RARELY)
    def call_it_a_prompt(self, name: str, really: bool) -> None:
        if really:
            self.ask(SetRegisteredModelTag(name=name, key="mlflow.prompt.is_prompt", value="true"))

    @rule(name=NAMES, number=NUMBERS, active=st.booleans())
    def watch(self, name: str, number: str, active: bool) -> None:
        body = {"name": "drift", "active": active}
        self.ask(RecordEvidence(name=name, version=number, kind="monitor", body=body))

    @invariant()
    def what_is_in_production_was_in_staging_and_has_passed(self) -> None:
        for version in self.versions():
            if not in_production(version):
                continue
            assert key(version) in self.staged, version
            if key(version) not in self.overridden:
                kept = self.backend.call(ListEvidence(name=version.name, version=version.version, kind="monitor"))
                assert any(one.body["active"] and one.digest for one in kept.evidence), version

    def teardown(self) -> None:
        self.backend.close()
        self.folder.cleanup()


def key(version: ModelVersion) -> str:
    """What only this version has, whatever its model is called."""
    return version.description or ""


def in_production(version: ModelVersion) -> bool:
    return version.current_stage == "Production" or any(alias.lower() == "production" for alias in version.aliases)


TestRegistry = Registry.TestCase
TestRegistry.settings = settings(
    max_examples=30, stateful_step_count=60, suppress_health_check=list(HealthCheck), deadline=None
)
