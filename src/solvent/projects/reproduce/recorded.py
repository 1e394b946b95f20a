"""What a run has kept of what it came from. It may come from anybody's client: any shape is taken."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from solvent.artifacts.protocol import ArtifactStore
from solvent.backend.protocol import Backend
from solvent.errors import InvalidInput, NotFound
from solvent.projects.reproduce.errors import CannotRepeat
from solvent.provenance.kinds import Kind, kind_of
from solvent.wire.runs import GetRun, Run

_MOST_BYTES = 32 * 1024 * 1024
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_CACHES = frozenset(
    {
        *(".venv", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".idea", ".vscode", "node_modules"),
        *("mlruns", "mlartifacts", "wandb", "dist", "build"),
    }
)
_PACKAGE = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s#;]+)\s*(?:#\s*(?P<origin>.*))?")


@dataclass(frozen=True)
class Package:
    """``origin`` says where it came from if not from an index: ``git+https://...@commit``, ``editable, file:///...``."""

    name: str
    version: str
    origin: str = ""


@dataclass(frozen=True)
class Recorded:
    """A run, with its provenance read when it is asked for."""

    run: Run
    files: ArtifactStore

    @cached_property
    def tags(self) -> Mapping[str, str]:
        return {tag.key: tag.value for tag in self.run.data.tags}

    @cached_property
    def summary(self) -> Mapping[str, Any]:
        """``solvent/provenance.json``."""
        return _mapping(self.json("solvent/provenance.json"))

    @property
    def run_id(self) -> str:
        return self.run.info.run_id

    @property
    def entry_point(self) -> str:
        return self.tags["mlflow.project.entryPoint"]

    @property
    def host(self) -> Mapping[str, Any]:
        return _mapping(self.summary.get("host"))

    @property
    def python(self) -> str:
        return _text(self.host.get("python")) or self.tags.get("solvent.python", "")

    @property
    def git(self) -> Mapping[str, Any]:
        return _mapping(self.summary.get("git"))

    @property
    def commit(self) -> str | None:
        commit = _text(self.git.get("commit")) or self.tags.get("mlflow.source.git.commit", "")
        return commit if _COMMIT.fullmatch(commit) else None

    @property
    def root(self) -> Path | None:
        """Where the code lay: the repository's top, or the project's folder."""
        root = _text(self.summary.get("root"))
        return Path(root) if root and Path(root).is_absolute() else None

    @property
    def subfolder(self) -> str:
        """The project's folder from ``root``."""
        return _text(self.git.get("subfolder"))

    @property
    def variables(self) -> dict[str, str]:
        """Environment variables that were recorded as deciding results."""
        found = _mapping(self.summary.get("variables"))
        return {key: value for key, value in found.items() if isinstance(value, str)}

    @cached_property
    def packages(self) -> dict[str, Package]:
        lines = self.bytes("solvent/packages.txt").decode("utf-8", "replace").splitlines()
        found = (_PACKAGE.fullmatch(line.strip()) for line in lines)
        return {each["name"]: Package(each["name"], each["version"], each["origin"] or "") for each in found if each}

    @cached_property
    def lock(self) -> str:
        """``solvent/environment.lock``."""
        return self.bytes("solvent/environment.lock").decode("utf-8", "replace")

    @cached_property
    def parameters(self) -> dict[str, str]:
        """What the command was given."""
        try:
            given = json.loads(self.tags["solvent.project.parameters"])
        except (KeyError, ValueError):
            given = None
        if isinstance(given, dict):
            return {str(key): str(value) for key, value in given.items()}
        declared = _mapping(_mapping(self.json("solvent/project.json")).get("parameters"))
        if declared:
            return {key: str(_mapping(value).get("value", "")) for key, value in declared.items()}
        return {param.key: param.value for param in self.run.data.params}

    def code_not_kept(self) -> list[str]:
        """What of the code was not kept, in words."""
        untracked = _mapping(self.summary.get("untracked"))
        reasons = _mapping(untracked.get("left_out"))
        left_out = [path for path in reasons if kind_of(path) is Kind.CODE]
        cut = self.git.get("patch_left_out")
        missing = [*(str(path) for path in cut if path)] if isinstance(cut, list) else []
        missing += [path for path in left_out if not path.endswith("/")]
        missing += [path for path, reason in reasons.items() if path.endswith("/") and "repository" in str(reason)]
        if untracked.get("listing_cut"):
            missing.append("what lies beyond the first files of its folder, which has very many,")
        elif untracked.get("left_out_unnamed"):
            missing.append(f"{untracked['left_out_unnamed']} files more")
        notes = self.summary.get("notes")
        masked = [note for note in notes if "masked" in str(note)] if isinstance(notes, list) else []
        return [*(f"{path} was not kept" for path in missing), *(str(note) for note in masked)]

    def not_looked_into(self) -> list[str]:
        """Hidden, built or installed folders beside its code: usually caches, but code may lie in them."""
        reasons = _mapping(_mapping(self.summary.get("untracked")).get("left_out"))
        folders = (path for path, reason in reasons.items() if path.endswith("/") and "repository" not in str(reason))
        return sorted(path for path in folders if path.split("/")[-2] not in _CACHES)

    def json(self, path: str) -> Any:
        try:
            return json.loads(self.bytes(path))
        except (ValueError, RecursionError):
            return None

    def bytes(self, path: str) -> bytes:
        """The content of an artifact; empty if it is not there.

        Raises:
            CannotRepeat: it is larger than anything that we have ever written.
        """
        try:
            if self.files.size(path) > _MOST_BYTES:
                raise CannotRepeat(f"{path} is larger than {_MOST_BYTES:,} bytes: it is none of ours", "code")
            return b"".join(self.files.read(path))
        except (NotFound, InvalidInput):
            return b""


def read_recorded(backend: Backend, run_id: str) -> Recorded:
    """The run, if it is one that can be repeated in principle.

    Raises:
        NotFound: there is no such run.
        CannotRepeat: it has not ended by itself, or was not started by ``solvent run``.
    """
    run = backend.call(GetRun(run_id=run_id)).run
    recorded = Recorded(run, backend.artifacts(run.info.artifact_uri))
    if run.info.lifecycle_stage == "deleted":
        raise CannotRepeat(f"it is deleted: bring it back with solvent runs restore --run-id {run_id}")
    if run.info.status not in ("FINISHED", "FAILED"):
        raise CannotRepeat(f"it has not ended by itself (its status is {run.info.status})")
    if "mlflow.project.entryPoint" not in recorded.tags:
        raise CannotRepeat(
            "it was not started by 'solvent run', so which command made it is not known for sure: write an MLproject, or"
            " run the script with solvent run FOLDER -e SCRIPT"
        )
    if "solvent.sweep" in recorded.tags:
        raise CannotRepeat(
            "it is a sweep, which only holds its runs: reproduce each of them (solvent runs list --filter"
            f" \"tags.`mlflow.parentRunId` = '{run_id}'\")"
        )
    if not recorded.summary:
        raise CannotRepeat("it has no record of its code (solvent/provenance.json)", "code")
    return recorded


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
