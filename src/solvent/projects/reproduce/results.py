"""What a run came to: metrics, artifacts and inputs, its child runs' included."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from itertools import count
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile

from solvent.artifacts.protocol import ArtifactStore
from solvent.backend.protocol import Backend
from solvent.projects.closing import EXIT_CODE, FAILURE
from solvent.projects.recording import REPRODUCES
from solvent.projects.reproduce.archives import contents_digest
from solvent.wire.runs import GetRun, Run, SearchRuns

NOT_COMPARED = ("solvent/*", "*.log", "logs/*", "MLmodel")
"""Artifacts that tell of the run itself: where and when it was, what it printed. ``*`` stands for any text; a pattern
without ``/`` is held against the file's name."""
NOT_MEASURED = ("system/*", "*seconds", "*_ms", "*_time", "time", "duration", "*_duration", "*per_second")
"""Metrics that tell how fast it was."""

_IN_MEMORY = 32 * 1024 * 1024
_MOST_CHILDREN = 1_000
_MOST_LEVELS = 5


@dataclass(frozen=True)
class Artifact:
    """``digest`` is the file's SHA-256, ``entries`` that of an archive's contents ('' of others): see ``contents_digest``."""

    digest: str
    entries: str = ""

    def equals(self, other: Artifact) -> bool:
        return self.digest == other.digest or (self.entries != "" and self.entries == other.entries)


@dataclass(frozen=True)
class Results:
    """Keys of child runs begin with ``NAME/``, of the second of that name with ``NAME#2/``.

    ``params`` are those that the command logged by itself, ``failure`` is why it failed, ``exit_code`` '' if unknown.
    ``ignored`` counts what the user's patterns left out. ``held`` is whether an experiment has got hold of its program.
    """

    run_id: str
    status: str
    metrics: dict[str, float] = field(default_factory=dict)
    artifacts: dict[str, Artifact] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)
    failure: str = ""
    exit_code: str = ""
    ignored: set[str] = field(default_factory=set)
    held: bool = True


def gather(backend: Backend, run_id: str, ignore: Collection[str] = ()) -> Results:
    """The results of a run and of the runs that it started.

    Args:
        ignore: patterns of metrics, params and artifacts that are left out, beside ``NOT_COMPARED`` and ``NOT_MEASURED``;
            those of a child run with its name or without.
    """
    run = backend.call(GetRun(run_id=run_id)).run
    tags = {tag.key: tag.value for tag in run.data.tags}
    results = Results(run_id, run.info.status, failure=tags.get(FAILURE, ""), exit_code=tags.get(EXIT_CODE, ""))
    _add(backend, run, "", results, ignore, level=0)
    return results


def _add(backend: Backend, run: Run, prefix: str, results: Results, ignore: Collection[str], level: int) -> None:
    def taken(key: str, never: Collection[str] = ()) -> bool:
        if matches(key, never):
            return False
        if matches(key, ignore) or matches(prefix + key, ignore):
            results.ignored.add(prefix + key)
            return False
        return True

    for metric in run.data.metrics:
        if taken(metric.key, NOT_MEASURED):
            results.metrics[prefix + metric.key] = float(metric.value or 0.0)
    given = _given(run)
    for param in run.data.params:
        if param.key not in given and not _passing(param.value) and taken(param.key):
            results.params[prefix + param.key] = param.value
    numbers: dict[str, int] = {}
    for item in run.inputs.dataset_inputs if run.inputs else []:
        if item.dataset is not None:
            context = next((tag.value for tag in item.tags if tag.key == "mlflow.data.context"), "")
            label = f"{item.dataset.name} ({context})" if context else item.dataset.name
            numbers[label] = numbers.get(label, 0) + 1
            suffix = f"#{numbers[label]}" if numbers[label] > 1 else ""
            results.inputs[prefix + label + suffix] = item.dataset.digest
    store = backend.artifacts(run.info.artifact_uri)
    for path in _files(store, ""):
        if taken(path, NOT_COMPARED):
            results.artifacts[prefix + path] = _artifact(store, path)
    if level < _MOST_LEVELS:
        for name, child in _named(_children(backend, run)):
            _add(backend, child, f"{prefix}{name}/", results, ignore, level + 1)


def matches(key: str, patterns: Collection[str]) -> bool:
    """
    >>> matches("model/MLmodel", NOT_COMPARED), matches("model/weights.npz", NOT_COMPARED)
    (True, False)
    """
    name = PurePosixPath(key).name
    return any(fnmatch(key, pattern) or ("/" not in pattern and fnmatch(name, pattern)) for pattern in patterns)


def _children(backend: Backend, run: Run) -> list[Run]:
    if not run.info.run_id.isalnum():
        return []
    request = SearchRuns(
        experiment_ids=[run.info.experiment_id],
        filter=f"tags.`mlflow.parentRunId` = '{run.info.run_id}'",
        order_by=["attributes.start_time ASC"],
        max_results=_MOST_CHILDREN,
    )
    found = backend.call(request).runs
    return [child for child in found if all(tag.key != REPRODUCES for tag in child.data.tags)]


def _named(children: list[Run]) -> Iterator[tuple[str, Run]]:
    """Each child with a name that it has in every repetition: its entry point, and a number if there are several.

    Those of one entry point are told apart by their parameters first: they may have run side by side.
    """
    labelled = sorted(((_label(child), _settings(child), number), child) for number, child in enumerate(children))
    counters: dict[str, Iterator[int]] = {}
    for (label, _, _), child in labelled:
        number = next(counters.setdefault(label, count(1)))
        yield (label if number == 1 else f"{label}#{number}"), child


def _given(run: Run) -> Collection[str]:
    """The parameters that the command was given; all of them if that is not known."""
    text = next((tag.value for tag in run.data.tags if tag.key == "solvent.project.parameters"), "")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    return found if isinstance(found, dict) else {param.key for param in run.data.params}


def _label(run: Run) -> str:
    return next((tag.value for tag in run.data.tags if tag.key == "mlflow.project.entryPoint"), "child")


def _settings(run: Run) -> list[tuple[str, str]]:
    """The parameters but paths and run ids, which are others in each repetition."""
    return sorted((param.key, param.value) for param in run.data.params if not _passing(param.value))


def _passing(value: str) -> bool:
    return value.startswith("/") or (len(value) == 32 and all(letter in "0123456789abcdef" for letter in value))


def _files(store: ArtifactStore, folder: str) -> Iterator[str]:
    for entry in store.list(folder):
        if entry.is_dir:
            yield from _files(store, entry.path)
        else:
            yield entry.path


def _artifact(store: ArtifactStore, path: str) -> Artifact:
    digest = hashlib.sha256()
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as kept:
        is_archive: bool | None = None
        for chunk in store.read(path):
            digest.update(chunk)
            if is_archive is None and chunk:
                is_archive = chunk.startswith(b"PK\x03\x04")
            if is_archive:
                kept.write(chunk)
        return Artifact(digest.hexdigest(), contents_digest(kept) if is_archive else "")
