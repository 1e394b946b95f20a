"""Notes: Markdown on runs and experiments, the same text as MLflow's tag ``mlflow.note.content``."""

from __future__ import annotations

import msgspec

from solvent.wire.base import Request, Wire, route


class Note(Wire):
    """``version`` stands for this very text; it is empty where there is no note."""

    text: str = msgspec.field(default_factory=str)
    version: str = msgspec.field(default_factory=str)


class NoteResponse(Wire):
    note: Note


@route("GET", "solvent/v1/runs/{run_id}/note")
class GetRunNote(Request[NoteResponse]):
    run_id: str | None = None


@route("PUT", "solvent/v1/runs/{run_id}/note")
class SaveRunNote(Request[NoteResponse]):
    """``version`` is that of the text that was edited: if another one is there now, the answer is 409 and holds it.

    An empty text takes the note away.
    """

    run_id: str | None = None
    text: str | None = None
    version: str | None = None


@route("GET", "solvent/v1/experiments/{experiment_id}/note")
class GetExperimentNote(Request[NoteResponse]):
    experiment_id: str | None = None


@route("PUT", "solvent/v1/experiments/{experiment_id}/note")
class SaveExperimentNote(Request[NoteResponse]):
    """As ``SaveRunNote``."""

    experiment_id: str | None = None
    text: str | None = None
    version: str | None = None
