"""Notes: one text for our clients and MLflow's, and the second of two editors is told."""

from __future__ import annotations

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import Conflict, InvalidInput, NotFound
from solvent.wire.experiments import CreateExperiment, DeleteExperimentTag, GetExperiment, SetExperimentTag
from solvent.wire.notes import (
    GetExperimentNote,
    GetRunNote,
    Note,
    NoteResponse,
    SaveExperimentNote,
    SaveRunNote,
)
from solvent.wire.runs import DeleteRun, DeleteTag, GetRun, SetTag

TAG = "mlflow.note.content"
EMPTY = Note(text="", version="")


class Notes:
    """The note of one thing, by our requests and as MLflow's tag."""

    def __init__(self, backend: EmbeddedBackend, kind: str, of: str) -> None:
        self.backend, self.kind, self.of = backend, kind, of

    def get(self) -> Note:
        asked = GetRunNote(run_id=self.of) if self.kind == "run" else GetExperimentNote(experiment_id=self.of)
        answer: NoteResponse = self.backend.call(asked)
        return answer.note

    def save(self, text: str | None, version: str | None) -> Note:
        if self.kind == "run":
            return self.backend.call(SaveRunNote(run_id=self.of, text=text, version=version)).note
        return self.backend.call(SaveExperimentNote(experiment_id=self.of, text=text, version=version)).note

    def tag(self) -> str | None:
        if self.kind == "run":
            tags = self.backend.call(GetRun(run_id=self.of)).run.data.tags
        else:
            tags = self.backend.call(GetExperiment(experiment_id=self.of)).experiment.tags
        return next((tag.value for tag in tags if tag.key == TAG), None)

    def set_tag(self, text: str) -> None:
        if self.kind == "run":
            self.backend.call(SetTag(run_id=self.of, key=TAG, value=text))
        else:
            self.backend.call(SetExperimentTag(experiment_id=self.of, key=TAG, value=text))

    def delete_tag(self) -> None:
        if self.kind == "run":
            self.backend.call(DeleteTag(run_id=self.of, key=TAG))
        else:
            self.backend.call(DeleteExperimentTag(experiment_id=self.of, key=TAG))


@pytest.fixture(params=["run", "experiment"])
def notes(request: pytest.FixtureRequest, backend: EmbeddedBackend, run_id: str) -> Notes:
    if request.param == "run":
        return Notes(backend, "run", run_id)
    return Notes(backend, "experiment", backend.call(CreateExperiment(name="noted")).experiment_id)


def test_a_note_is_the_tag_that_mlflow_shows(notes: Notes) -> None:
    assert notes.get() == EMPTY
    first = notes.save("# Plan\n\nfind *the* rate", "")
    assert (first, notes.tag()) == (notes.get(), "# Plan\n\nfind *the* rate")
    second = notes.save("done", first.version)
    assert second.version != first.version
    assert (notes.get(), notes.tag()) == (second, "done")
    assert notes.save("", second.version) == EMPTY
    assert (notes.get(), notes.tag()) == (EMPTY, None)


def test_the_second_of_two_editors_is_told_what_is_there(notes: Notes) -> None:
    base = notes.save("base", "")
    hers = notes.save("hers", base.version)
    with pytest.raises(Conflict, match="merge your text") as caught:
        notes.save("his", base.version)
    assert caught.value.details == {"note": {"text": "hers", "version": hers.version}}
    assert notes.get() == hers
    assert notes.save("hers and his", hers.version).text == "hers and his"


def test_saving_what_is_there_already_is_no_conflict(notes: Notes) -> None:
    saved = notes.save("same", "")
    assert notes.save("same", "") == saved


def test_an_edit_by_mlflows_clients_counts(notes: Notes) -> None:
    ours = notes.save("ours", "")
    notes.set_tag("theirs")
    assert notes.get().text == "theirs"
    with pytest.raises(Conflict):
        notes.save("ours again", ours.version)
    notes.delete_tag()
    with pytest.raises(Conflict) as caught:
        notes.save("ours again", ours.version)
    assert caught.value.details == {"note": {"text": "", "version": ""}}


def test_bad_notes_are_refused(notes: Notes) -> None:
    with pytest.raises(InvalidInput, match="'text' exceeds the maximum length of 20000"):
        notes.save("x" * 20_001, "")
    with pytest.raises(InvalidInput, match="required parameter 'version'"):
        notes.save("x", None)
    with pytest.raises(InvalidInput, match="required parameter 'text'"):
        notes.save(None, "")
    with pytest.raises(InvalidInput, match="not valid Unicode"):
        notes.save("\ud800", "")


def test_only_what_is_there_has_a_note(backend: EmbeddedBackend, run_id: str) -> None:
    with pytest.raises(NotFound):
        backend.call(GetRunNote(run_id="nobody"))
    with pytest.raises(NotFound):
        backend.call(GetExperimentNote(experiment_id="77"))
    backend.call(DeleteRun(run_id=run_id))
    with pytest.raises(InvalidInput, match="must be in the 'active' state"):
        backend.call(SaveRunNote(run_id=run_id, text="late", version=""))
