"""Saved views."""

from __future__ import annotations

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import AlreadyExists, InvalidInput, NotFound, PermissionDenied
from solvent.tracking import views
from solvent.wire.experiments import CreateExperiment
from solvent.wire.views import CreateView, DeleteView, GetView, ListViews, UpdateView, View

STATE = {"columns": ["metrics.loss"], "filter": "params.model = 'tree'", "width": 3, "nested": {"ü": [None, 1.5]}}


def create(backend: EmbeddedBackend, name: str, experiment_id: str = "0", owner: str = "") -> View:
    return backend.call(CreateView(name=name, experiment_id=experiment_id, state=STATE, owner=owner)).view


def test_a_view_lives_from_creation_to_deletion(backend: EmbeddedBackend) -> None:
    made = create(backend, "best trees", owner="ada")
    assert (made.name, made.experiment_id, made.owner, made.state) == ("best trees", "0", "ada", STATE)
    assert made.creation_time == made.last_update_time > 0
    renamed = backend.call(UpdateView(view_id=made.view_id, name="trees")).view
    assert (renamed.name, renamed.state) == ("trees", STATE)
    changed = backend.call(UpdateView(view_id=made.view_id, state={"a": 1})).view
    assert (changed.name, changed.state) == ("trees", {"a": 1})
    assert backend.call(GetView(view_id=made.view_id)).view == changed
    backend.call(DeleteView(view_id=made.view_id))
    with pytest.raises(NotFound):
        backend.call(GetView(view_id=made.view_id))


def test_views_are_listed_by_name_and_experiment(backend: EmbeddedBackend) -> None:
    other = backend.call(CreateExperiment(name="other")).experiment_id
    create(backend, "b")
    create(backend, "a")
    create(backend, "c", other)
    backend.call(CreateView(name="everywhere"))
    assert [view.name for view in backend.call(ListViews(experiment_id="0")).views] == ["a", "b"]
    assert [view.name for view in backend.call(ListViews(experiment_id=other)).views] == ["c"]
    assert [view.name for view in backend.call(ListViews()).views] == ["a", "b", "c", "everywhere"]


def test_a_name_is_taken_once_per_experiment_and_owner(backend: EmbeddedBackend) -> None:
    first = create(backend, "a", owner="ada")
    create(backend, "a", owner="bob")
    second = create(backend, "b", owner="ada")
    with pytest.raises(AlreadyExists, match="'a' is there already"):
        create(backend, "a", owner="ada")
    with pytest.raises(AlreadyExists):
        backend.call(UpdateView(view_id=second.view_id, name="a"))
    assert backend.call(UpdateView(view_id=first.view_id, name="a")).view.name == "a"


def test_a_known_person_owns_their_views(backend: EmbeddedBackend) -> None:
    made = backend.store.write(views.create_view, CreateView(name="a", owner="bob"), "ada").view
    assert made.owner == "ada"
    with pytest.raises(PermissionDenied, match="is ada's"):
        backend.store.write(views.update_view, UpdateView(view_id=made.view_id, name="b"), "bob")
    with pytest.raises(PermissionDenied):
        backend.store.write(views.delete_view, DeleteView(view_id=made.view_id), "bob")
    assert backend.store.write(views.update_view, UpdateView(view_id=made.view_id, name="b"), "ada").view.name == "b"


def test_bad_views_are_refused(backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidInput, match="'name'"):
        backend.call(CreateView())
    with pytest.raises(InvalidInput, match="exceeds the maximum length of 250"):
        create(backend, "x" * 251)
    with pytest.raises(InvalidInput, match="keep it within 100000"):
        backend.call(CreateView(name="a", state={"a": "x" * 100_001}))
    with pytest.raises(InvalidInput, match="can't be kept"):
        backend.call(CreateView(name="a", state={"a": "\ud800"}))
    with pytest.raises(NotFound):
        create(backend, "a", "77")
    with pytest.raises(NotFound):
        backend.call(UpdateView(view_id="nothing", name="x"))
    create(backend, "a")
    monkeypatch.setattr(views, "MAX_VIEWS", 1)
    with pytest.raises(InvalidInput, match="delete some first"):
        create(backend, "b")
