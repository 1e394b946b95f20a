"""A comparison's code, told from the repository at hand: whole trees, also between different commits."""

from __future__ import annotations

from pathlib import Path

from solvent.backend.protocol import Backend
from solvent.errors import InvalidInput, NotFound, SolventError
from solvent.tracking.compare import trees
from solvent.tracking.compare.compare import differing
from solvent.tracking.compare.recorded import PATCHES
from solvent.tracking.compare.sections import COMMIT
from solvent.tracking.compare.trees import State
from solvent.wire.compare import CodeChange, CompareRunsResponse
from solvent.wire.runs import GetRun, Run


def look_into_repository(backend: Backend, found: CompareRunsResponse, folder: Path, *, with_text: bool) -> None:
    """Tell the code's changes from the repository that ``folder`` lies in, if it has the runs' commits.

    They are then those of the whole trees, also between different commits. For whoever sits before the
    repository: a server has none.
    """
    first, *others = (backend.call(GetRun(run_id=run.run_id)).run for run in found.runs)
    base = _commit(first)
    for place, run in enumerate(others):
        commit = _commit(run)
        if base is None or commit is None or not trees.holds(folder, [base, commit]):
            continue
        try:
            states = [State(of, _patches(backend, one)) for of, one in ((base, first), (commit, run))]
            told = trees.tree_changes(folder, states[0], states[1], with_text=with_text)
        except SolventError as error:
            told = str(error)
        if not isinstance(told, str):
            found.code_changes[place] = CodeChange(run_id=run.info.run_id, source="repository", files=told)
        elif found.code_changes[place].source == "none":
            found.code_changes[place].note = told
    found.differing = differing(found)


def _commit(run: Run) -> str | None:
    return next((tag.value for tag in run.data.tags if tag.key == COMMIT), None)


def _patches(backend: Backend, run: Run) -> list[bytes]:
    """What the run recorded beside its commit."""
    store = backend.artifacts(run.info.artifact_uri)
    found = []
    for name in PATCHES:
        try:
            size = store.size(f"solvent/{name}")
            if size > trees.MAX_PATCH:
                raise InvalidInput(f"{name} of {run.info.run_name} has {size:,} bytes, more than is read")
            found.append(b"".join(store.read(f"solvent/{name}", 0, size)))
        except NotFound:
            continue
    return found
