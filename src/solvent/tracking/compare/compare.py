"""Runs with what they kept, laid side by side."""

from __future__ import annotations

from collections.abc import Sequence

from solvent.tracking.compare import patches, sections
from solvent.tracking.compare.recorded import Recorded
from solvent.tracking.compare.rows import metrics_of, rows_of
from solvent.wire.compare import CodeChange, ComparedMetric, ComparedRow, ComparedRun, CompareRunsResponse

MAX_ROWS = 5_000
"""Rows of a section."""


def compare(runs: Sequence[Recorded], *, with_text: bool = False) -> CompareRunsResponse:
    """What differs between the runs, and what does not. ``with_text``: with the lines of code that differ."""
    params = rows_of([sections.params(run) for run in runs])
    for row in params:
        origins = [sections.origin(run, row.key) for run in runs]
        row.origins = origins if any(origins) else None
    environment = [
        *rows_of([sections.environment(run) for run in runs], ("python", "manager")),
        *rows_of([sections.host(run) for run in runs]),
        *rows_of([sections.variables(run) for run in runs]),
    ]
    found = CompareRunsResponse(
        runs=[_described(run) for run in runs],
        differing=[],
        code=_code_rows(runs),
        code_changes=[_code_change(runs[0], run, with_text=with_text) for run in runs[1:]],
        environment=sorted(environment, key=lambda row: not row.differs),
        packages=rows_of([run.packages for run in runs]),
        data=rows_of([sections.data(run) for run in runs]),
        params=params,
        metrics=metrics_of([sections.metrics(run, system=False) for run in runs]),
        system=metrics_of([sections.metrics(run, system=True) for run in runs]),
        tags=rows_of([sections.tags(run) for run in runs]),
        run=rows_of([sections.facts(run) for run in runs], ("status", "experiment", "user", "host", "command")),
    )
    found.differing = differing(found)
    for name in ("environment", "packages", "data", "params", "metrics", "system", "tags"):
        rows = getattr(found, name)
        found.left_out += max(len(rows) - MAX_ROWS, 0)
        setattr(found, name, rows[:MAX_ROWS])
    return found


def _code_rows(runs: Sequence[Recorded]) -> list[ComparedRow]:
    """What is not known is never taken for equal."""
    rows = rows_of([sections.code(run) for run in runs], sections.CODE)
    for row in rows:
        if row.key == sections.UNKEPT and len(runs) > 1:
            row.differs = row.differs or any(map(sections.has_unseen, runs))
    return sorted(rows, key=lambda row: not row.differs)


def differing(found: CompareRunsResponse) -> list[str]:
    """The sections that hold a difference (``CompareRunsResponse``)."""
    names = sections.NAMES_ALONE | (sections.STATE if _same_trees(found) else frozenset())
    rows: dict[str, Sequence[ComparedRow | ComparedMetric]] = {
        "code": [row for row in found.code if row.key not in names],
        "environment": [*found.environment, *found.packages],
        "data": found.data,
        "params": found.params,
        "metrics": found.metrics,
        "tags": found.tags,
    }
    return [name for name, of_section in rows.items() if any(row.differs for row in of_section)]


def _same_trees(found: CompareRunsResponse) -> bool:
    """Whether the repository says that the code is the same: what one run had beside its commit, another committed."""
    return all(change.source == "repository" and not change.files for change in found.code_changes)


def _described(run: Recorded) -> ComparedRun:
    info = run.run.info
    return ComparedRun(
        run_id=info.run_id,
        run_name=info.run_name,
        experiment_id=info.experiment_id,
        status=info.status,
        start_time=info.start_time,
        end_time=info.end_time,
        unread=run.unread,
    )


def _code_change(first: Recorded, run: Recorded, *, with_text: bool) -> CodeChange:
    """What the patches tell; without a common commit they tell nothing of what lies between."""
    run_id = run.run.info.run_id
    commits = first.tag(sections.COMMIT), run.tag(sections.COMMIT)
    if first.tag("solvent.code") is None or run.tag("solvent.code") is None:
        return CodeChange(run_id=run_id, source="none", files=[], note="the code of one of the runs was not recorded")
    if commits[0] != commits[1]:
        shown = " and ".join(commit[:8] if commit else "no commit" for commit in commits)
        note = f"what lies between {shown} is known to the repository: 'solvent diff' in its folder tells it"
        return CodeChange(run_id=run_id, source="none", files=[], note=note)
    if first.patch is None or run.patch is None:
        return CodeChange(
            run_id=run_id, source="none", files=[], note="what a run recorded of its code could not be read"
        )
    changed = patches.changes(first.patch, run.patch, with_text=with_text)
    return CodeChange(run_id=run_id, source="patches", files=changed)
