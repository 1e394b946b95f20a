"""What differs between runs: the entity that the command prints as JSON and the page shows."""

from __future__ import annotations

import msgspec

from solvent.wire.base import Number, Request, Wire, route

MAX_COMPARED = 20
"""Runs in one comparison."""


class ComparedRun(Wire):
    """``unread``: what of its records could not be read, or not whole, and why; all else is as recorded."""

    run_id: str
    unread: list[str]
    run_name: str = ""
    experiment_id: str = ""
    status: str = ""
    start_time: int | None = None
    end_time: int | None = None


class ComparedRow(Wire):
    """One thing in all runs. ``values`` are in the runs' order, null where a run has none; long ones are cut.

    ``origins`` says of params where each value came from, as far as that was recorded.
    """

    key: str
    differs: bool
    values: list[str | None]
    origins: list[str | None] | None = None


class ComparedMetric(Wire):
    """One metric in all runs: its latest, smallest and largest value; null where a run has none.

    ``difference`` and ``relative`` are of the latest values, from the first run to each; ``relative`` is divided by
    the first one's absolute value.
    """

    key: str
    differs: bool
    last: list[Number | None]
    min: list[Number | None]
    max: list[Number | None]
    difference: list[Number | None]
    relative: list[Number | None]


class FileChange(Wire):
    """A file that is not the same in both states. ``text`` is a unified diff, without its ``---`` and ``+++`` lines."""

    path: str
    added: int = msgspec.field(default_factory=int)
    removed: int = msgspec.field(default_factory=int)
    text: str | None = None


class CodeChange(Wire):
    """From the first run's code to that of ``run_id``.

    ``source``: ``repository`` compares the whole trees, ``patches`` what the runs recorded beside their common
    commit, ``none`` is told by ``note``.
    """

    run_id: str
    source: str
    files: list[FileChange]
    note: str | None = None


class CompareRunsResponse(Wire):
    """Every list has what differs first, then what is equal; at most 5,000 rows each, ``left_out`` counts the others.

    ``differing`` names those of ``code``, ``environment``, ``data``, ``params``, ``metrics`` and ``tags`` that hold a
    difference. For code, names (branch, repository, source) do not count, nor do commits whose trees the
    repository has told to be the same; packages count as environment. ``system``
    holds the metrics that the machine was sampled for.
    """

    runs: list[ComparedRun]
    differing: list[str]
    code: list[ComparedRow]
    code_changes: list[CodeChange]
    environment: list[ComparedRow]
    packages: list[ComparedRow]
    data: list[ComparedRow]
    params: list[ComparedRow]
    metrics: list[ComparedMetric]
    system: list[ComparedMetric]
    tags: list[ComparedRow]
    run: list[ComparedRow]
    left_out: int = msgspec.field(default_factory=int)


@route("GET", "solvent/v1/runs/compare")
class CompareRuns(Request[CompareRunsResponse]):
    """Lay 2 to 20 runs side by side, what differs first. ``code``: with the text of the files' changes."""

    run_ids: list[str] | None = None
    code: bool | None = None
