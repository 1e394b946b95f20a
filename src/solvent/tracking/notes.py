"""Notes on runs and experiments. The tag is the note, so that MLflow's clients read and write the same."""

from __future__ import annotations

import hashlib

import msgspec

from solvent.errors import Conflict
from solvent.store import experiments, tags
from solvent.store.operations import reads, writes
from solvent.store.transaction import Transaction
from solvent.tracking.lookup import active_experiment, active_run, any_experiment, any_run
from solvent.tracking.runs import put_tags
from solvent.tracking.validation import check_length, missing
from solvent.wire.experiments import Experiment, Tag
from solvent.wire.notes import (
    GetExperimentNote,
    GetRunNote,
    Note,
    NoteResponse,
    SaveExperimentNote,
    SaveRunNote,
)

NOTE = "mlflow.note.content"
MAX_NOTE = 20_000
"""Characters; MLflow's own limit is 8,000 on runs when its clients write the tag."""


class NoteChanged(Conflict):
    """Somebody else has saved the note meanwhile; ``details`` holds what is there now."""

    def __init__(self, note: Note) -> None:
        super().__init__(
            "the note was changed after you had read it: merge your text with what is there now, "
            "and save it with that version"
        )
        self.details = {"note": msgspec.to_builtins(note)}


@reads(GetRunNote)
def get_run_note(tx: Transaction, request: GetRunNote) -> NoteResponse:
    return NoteResponse(note=_note(tags.get(tx, any_run(tx, request.run_id), NOTE)))


@writes(SaveRunNote)
def save_run_note(tx: Transaction, request: SaveRunNote) -> NoteResponse:
    run = active_run(tx, request.run_id)
    text = _checked(request, _note(tags.get(tx, run, NOTE)))
    if text:
        put_tags(tx, run, {NOTE: text})
    else:
        tags.delete(tx, run, NOTE)
    return NoteResponse(note=_note(text))


@reads(GetExperimentNote)
def get_experiment_note(tx: Transaction, request: GetExperimentNote) -> NoteResponse:
    return NoteResponse(note=_note_of(any_experiment(tx, request.experiment_id)))


@writes(SaveExperimentNote)
def save_experiment_note(tx: Transaction, request: SaveExperimentNote) -> NoteResponse:
    experiment = active_experiment(tx, request.experiment_id)
    text = _checked(request, _note_of(experiment))
    number = int(experiment.experiment_id)
    if text:
        experiments.set_tags(tx, number, [Tag(key=NOTE, value=text)])
    else:
        experiments.delete_tag(tx, number, NOTE)
    return NoteResponse(note=_note(text))


def _checked(request: SaveRunNote | SaveExperimentNote, there: Note) -> str:
    """The text to keep; the same text as is there is no conflict."""
    if request.text is None or request.version is None:
        raise missing("text" if request.text is None else "version")
    text = check_length("text", request.text, MAX_NOTE)
    if request.version != there.version and text != there.text:
        raise NoteChanged(there)
    return text


def _note_of(experiment: Experiment) -> Note:
    return _note(next((tag.value for tag in experiment.tags if tag.key == NOTE), None))


def _note(text: str | None) -> Note:
    """The version is made from the text: an edit by MLflow's clients changes it too."""
    if not text:
        return Note()
    return Note(text=text, version=hashlib.blake2b(text.encode(), digest_size=12).hexdigest())
