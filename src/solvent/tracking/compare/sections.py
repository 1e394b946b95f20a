"""What one run shows in each section of a comparison."""

from __future__ import annotations

from typing import Any

import msgspec

from solvent.provenance.unkept import unkept_in
from solvent.tracking.compare.patches import FilePatch
from solvent.tracking.compare.recorded import DIGITS, PATCHES, Recorded, items, leaf
from solvent.tracking.compare.rows import Column, Numbers
from solvent.wire.base import to_number
from solvent.wire.contracts import INPUT_TAG, RUN_TAG
from solvent.wire.datasets import DatasetInput

COMMIT = "mlflow.source.git.commit"
NAMES_ALONE = frozenset({"branch", "repository", "source"})
"""What of the code are names only: the same code may have others."""
STATE = frozenset({"commit", "state", "uncommitted changes"})
"""What tells the state of the repository."""
UNKEPT = "code that is not kept"
CODE = (
    *(
        "commit",
        "state",
        "uncommitted changes",
        UNKEPT,
        "left out of the record",
        "program",
        "subfolder",
        "entry point",
    ),
    *("notebook cells", "working folder", "working folder's changes", "branch", "repository", "source"),
)
_SYSTEM_METRICS = "system/"


class _Profile(msgspec.Struct):
    num_rows: int | None = None


class _Contract(msgspec.Struct):
    id: str
    version: str = ""
    digest: str = ""
    outcome: str = ""


def code(run: Recorded) -> Column:
    subfolder = leaf(run.provenance, "git", "subfolder")
    return {
        "commit": run.tag(COMMIT),
        "state": run.tag("solvent.code"),
        "uncommitted changes": _changes(run),
        UNKEPT: _unkept(run),
        "left out of the record": run.tag("solvent.code.note"),
        "program": _program(run.provenance),
        "subfolder": subfolder or None,
        "entry point": run.tag("mlflow.project.entryPoint"),
        "notebook cells": _digest(run, "cells.py"),
        "working folder": leaf(run.provenance, "working_folder", "commit"),
        "working folder's changes": _digest(run, *(f"working-folder/{name}" for name in PATCHES)),
        "branch": run.tag("mlflow.source.git.branch"),
        "repository": run.tag("mlflow.source.git.repoURL"),
        "source": run.tag("mlflow.source.name"),
    }


def has_unseen(run: Recorded) -> bool:
    """Whether the run used code of which nothing tells whether it was the same."""
    return any(one.digest is None for one in unkept_in(run.provenance))


def _unkept(run: Recorded) -> str | None:
    """Digests stand for code that the run did not keep; without one it may have been anything."""
    return ", ".join(f"{one.path} ({one.digest or 'not known'})" for one in unkept_in(run.provenance)) or None


def _changes(run: Recorded) -> str | None:
    digest = _digest(run, *PATCHES)
    if run.patch is None or digest is None:
        return digest
    added, removed = (sum(getattr(file, what) for file in run.patch.values()) for what in ("added", "removed"))
    return f"{_files(run.patch)}, +{added} −{removed} ({digest})"  # noqa: RUF001 - a minus as the page writes it


def _files(patch: dict[str, FilePatch]) -> str:
    return "1 file" if len(patch) == 1 else f"{len(patch)} files"


def _digest(run: Recorded, *names: str) -> str | None:
    """The digests of these files, as far as they are there."""
    return " ".join(run.digests[name] for name in names if name in run.digests) or None


def _program(provenance: Any) -> str | None:
    """The main file within its repository: where that lies differs from machine to machine."""
    program, root = leaf(provenance, "program"), leaf(provenance, "root")
    if program is None or root is None:
        return program
    return program.removeprefix(f"{root.rstrip('/')}/")


def environment(run: Recorded) -> Column:
    """Tags are there for every run; of what only the file says, nothing is known without it (``host``)."""
    return {"python": run.tag("solvent.python"), "manager": run.tag("mlflow.project.env")}


def host(run: Recorded) -> Column | None:
    if run.provenance is None:
        return None
    memory = leaf(run.provenance, "host", "memory_mb")
    cards = items(run.provenance, "host").get("accelerators")
    names = [leaf(card, "name") or "?" for card in cards] if isinstance(cards, list) else []
    return {
        "implementation": leaf(run.provenance, "host", "implementation"),
        "system": leaf(run.provenance, "host", "system"),
        "machine": leaf(run.provenance, "host", "machine"),
        "libc": leaf(run.provenance, "host", "libc"),
        "processors": leaf(run.provenance, "host", "cpus"),
        "memory": f"{int(memory) / 1024:.0f} GiB" if memory and memory.isdecimal() and len(memory) < 16 else None,
        "accelerators": ", ".join(names) or None,
    }


def variables(run: Recorded) -> Column | None:
    """The environment's variables that were recorded."""
    if not isinstance(run.provenance, dict) or "variables" not in run.provenance:
        return None
    return {f"${name}": leaf(value) for name, value in items(run.provenance, "variables").items()}


def data(run: Recorded) -> Column:
    found: dict[str, list[str]] = {}
    for given in run.run.inputs.dataset_inputs if run.run.inputs else []:
        for key, value in _input(given):
            found.setdefault(key, []).append(value)
    return {key: ", ".join(sorted(values)) for key, values in found.items()} | _contracts(run.tag(RUN_TAG))


def _input(given: DatasetInput) -> list[tuple[str, str]]:
    if given.dataset is None:
        return []
    tags = {tag.key: tag.value for tag in given.tags}
    context = tags.get("mlflow.data.context")
    name = f"{given.dataset.name} ({context})" if context else given.dataset.name
    rows = [(name, given.dataset.digest)]
    if (count := _row_count(given.dataset.profile)) is not None:
        rows.append((f"{name}: rows", str(count)))
    if given.dataset.schema:
        rows.append((f"{name}: schema", given.dataset.schema))
    if contract := tags.get(INPUT_TAG):
        rows.append((f"{name}: contract", contract))
    return rows


def _row_count(profile: str | None) -> int | None:
    try:
        return msgspec.json.decode(profile or "{}", type=_Profile).num_rows
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None


def _contracts(tag: str | None) -> dict[str, str]:
    if tag is None:
        return {}
    try:
        held = msgspec.json.decode(tag, type=list[_Contract])
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return {"contracts": tag}
    return {f"contract {one.id}": f"{one.version} {one.digest[:DIGITS]} {one.outcome}".strip() for one in held}


def params(run: Recorded) -> Column:
    return {param.key: param.value for param in run.run.data.params}


def origin(run: Recorded, param: str) -> str | None:
    """Where a parameter's value came from, if that was recorded."""
    return leaf(run.project, "parameters", param, "from")


def metrics(run: Recorded, *, system: bool) -> dict[str, Numbers]:
    """Those that the machine was sampled for, or the others."""
    if run.summaries is not None:
        found = {one.key: (one.last, one.min, one.max) for one in run.summaries}
    else:
        latest = {one.key: one.value if one.value is not None else to_number(0.0) for one in run.run.data.metrics}
        found = {key: (value, value, value) for key, value in latest.items()}
    return {key: value for key, value in found.items() if key.startswith(_SYSTEM_METRICS) == system}


def tags(run: Recorded) -> Column:
    """Those that people set."""
    own = {tag.key: tag.value for tag in run.run.data.tags}
    return {key: value for key, value in own.items() if not key.startswith(("mlflow.", "solvent."))}


def facts(run: Recorded) -> Column:
    return {
        "status": run.run.info.status or None,
        "experiment": run.run.info.experiment_id or None,
        "user": run.run.info.user_id or run.tag("mlflow.user"),
        "host": run.tag("solvent.host"),
        "command": run.tag("solvent.command"),
    }
