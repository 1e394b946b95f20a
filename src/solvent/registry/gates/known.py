"""What is known of a version, looked up when a need asks for it."""

from __future__ import annotations

from functools import cached_property

from solvent.registry.files_digest import files_digest
from solvent.store import evidence, model_files, model_versions, run_parts, runs
from solvent.store.model_versions import STAGES, VersionRow
from solvent.store.registered_models import ModelRow, aliases
from solvent.store.runs import RunRef
from solvent.store.transaction import Transaction
from solvent.wire.gates import Evidence
from solvent.wire.model_files import ModelFacts

PRODUCTION = "production"
_STAGE = STAGES.index("Production")


class Known:
    """A version before a gate, in the transaction that would let it pass.

    ``target`` is a stage, or ``@`` and an alias.
    """

    def __init__(self, tx: Transaction, model: ModelRow, version: VersionRow, target: str) -> None:
        self.tx = tx
        self.model = model
        self.version = version
        self.target = target

    @property
    def address(self) -> str:
        """As commands take it."""
        return f"{self.model.name}/{self.version.version}"

    @property
    def stage(self) -> str:
        """Where it is now."""
        return STAGES[self.version.stage]

    @cached_property
    def facts(self) -> ModelFacts:
        found = model_files.facts(self.tx, model_files.owner_of(self.version))
        return found or ModelFacts(problem="its files were never looked at: it was registered before Solvent did so")

    @cached_property
    def digest(self) -> str | None:
        return files_digest(self.tx, self.version)

    @cached_property
    def run(self) -> RunRef | None:
        """The run that it comes from."""
        return runs.find(self.tx, self.version.run_uuid) if self.version.run_uuid else None

    @cached_property
    def tags(self) -> dict[str, str]:
        """Those of the run."""
        if self.run is None:
            return {}
        found = run_parts.tags(self.tx, f"[{self.run.id}]").get(self.run.id, [])
        return {tag.key: tag.value for tag in found}

    @cached_property
    def current(self) -> VersionRow | None:
        """The version in Production now, if it is another one; without one, that of the alias production."""
        numbers = [number for _, number in model_versions.in_stage(self.tx, self.model.id, _STAGE)]
        named = aliases(self.tx, [self.model.id]).get(self.model.id, [])
        numbers = numbers or [int(one.version) for one in named if one.alias.lower() == PRODUCTION]
        others = [number for number in numbers if number != self.version.version]
        return model_versions.find(self.tx, self.model.id, max(others)) if others else None

    def evidence(self, kind: str) -> Evidence | None:
        """The newest of a kind that is about the files that the version has."""
        return evidence.newest(self.tx, self.version.id, kind, self.digest) if self.digest else None

    def approvals(self) -> list[Evidence]:
        """The last word of each person on these files."""
        return evidence.last_of_each(self.tx, self.version.id, "approval", self.digest) if self.digest else []

    def no_evidence(self, what: str) -> str:
        """What to say where there is none."""
        if self.digest is None:
            return f"nothing can be said of its files: {self.facts.problem or 'they were not recorded'}"
        others = evidence.page(self.tx, self.version.id, what, None, 1)
        return f"no {what} of these files" + (": what there is is of other files" if others else "")
