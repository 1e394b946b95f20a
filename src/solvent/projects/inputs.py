"""The data that a project run reads: found by its parameters, contracts and declarations, fingerprinted before it starts."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solvent.backend.protocol import Backend
from solvent.data.fingerprint.model import Fingerprint
from solvent.projects.spec import EntryPoint, Project
from solvent.wire.datasets import Dataset, DatasetInput
from solvent.wire.experiments import Tag
from solvent.wire.runs import LogInputs, Run

INPUT_TAG = "solvent.input"
"""Tag of an input that was found by us: ``parameter NAME``, ``contract FILE`` or ``declared PATH``."""
SETTING = "SOLVENT_PROVENANCE_INPUTS"
MOST = 200
_LONGEST_NAME = 500
_TELL_SECONDS = 1.0
_TELL_AGAIN_SECONDS = 10.0

Say = Callable[[str], None]


@dataclass(frozen=True)
class Input:
    """``fingerprint`` is None if it could not be read; ``problem`` says why. ``address`` is what it was downloaded from."""

    path: Path
    why: str
    fingerprint: Fingerprint | None = None
    problem: str = ""
    address: str = ""

    def plain(self) -> dict[str, Any]:
        """As ``project.json`` holds it."""
        head = {"name": self.path.name, "path": str(self.path), "why": self.why}
        if self.address:
            head["address"] = self.address
        found = self.fingerprint
        if found is None:
            return {**head, "problem": self.problem}
        return {**head, "kind": found.kind, "digest": found.digest, "size": found.size, "files": found.files}


def read_inputs(project: Project, entry: EntryPoint, values: Mapping[str, str], say: Say) -> list[Input]:
    """The fingerprints of all that is on this machine. ``values`` are those of the declared parameters.

    What can't be read is an input with a problem, and said. What has not changed since it was last read is not read
    again. If the setting is off nothing is read, and that is the problem.
    """
    off = os.environ.get(SETTING, "true").strip().lower() in ("false", "0", "no", "off")
    found: dict[str, Input] = {}
    for path, why in _places(project, entry, values):
        key = os.path.realpath(path)
        if key not in found and len(found) < MOST:
            found[key] = Input(path, why, problem=f"not read: {SETTING} is off") if off else _read(path, why, say)
    return list(found.values())


def record_inputs(backend: Backend, run: Run, inputs: Sequence[Input], others: Sequence[str] = ()) -> None:
    """Keep them as the run's inputs, called as ``log_input`` calls a file or folder. ``others`` are kept elsewhere."""
    known = {os.path.realpath(path) for path in others}
    datasets = [
        _dataset(one, one.fingerprint)
        for one in inputs
        if one.fingerprint is not None and os.path.realpath(one.path) not in known
    ]
    if datasets:
        backend.call(LogInputs(run_id=run.info.run_id, datasets=datasets))


def _places(project: Project, entry: EntryPoint, values: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
    folder = project.folder.absolute()
    for name, parameter in entry.parameters.items():
        if parameter.type == "path" and name in values:
            yield folder / values[name], f"parameter {name}"
    for declared in (*project.inputs, *entry.inputs):
        yield folder / declared.path_for(values), f"declared {declared.data}"
    for use in project.contracts_for(entry):
        data = use.data_for(values)
        if "://" not in data and "::" not in data and (folder / data).exists():
            yield folder / data, f"contract {use.contract}"


def _read(path: Path, why: str, say: Say) -> Input:
    from solvent.data.errors import UnreadableData
    from solvent.data.fingerprint.paths import of_path

    try:
        return Input(path, why, of_path(path, progress=_Progress(path, say)))
    except UnreadableData as error:
        say(f"Warning: the input '{path}' ({why}) is not recorded: {error}")
        return Input(path, why, problem=str(error))


class _Progress:
    """Says how far the reading of something large has come."""

    def __init__(self, path: Path, say: Say) -> None:
        self._path, self._say = path, say
        self._tell_at = time.monotonic() + _TELL_SECONDS

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() >= self._tell_at and done < total:
            self._tell_at = time.monotonic() + _TELL_AGAIN_SECONDS
            self._say(f"Reading '{self._path}' for its fingerprint: {done / 1e9:.1f} of {total / 1e9:.1f} GB")


def _dataset(one: Input, found: Fingerprint) -> DatasetInput:
    facts: dict[str, Any] = {"num_bytes": found.size}
    if found.kind == "folder":
        facts["num_files"] = found.files
    dataset = Dataset(
        name=one.path.name[:_LONGEST_NAME].encode("utf-8", "backslashreplace").decode(),
        digest=found.short,
        source_type="local",
        source=json.dumps({"uri": one.address or str(one.path)}),
        profile=json.dumps(facts),
    )
    return DatasetInput(dataset=dataset, tags=[Tag(key=INPUT_TAG, value=one.why[:_LONGEST_NAME])])
