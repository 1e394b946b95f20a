"""``register_model``: from an address to a version."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import solvent
from solvent.backend.protocol import Backend
from solvent.errors import InvalidInput, NotFound
from solvent.wire.model_files import ResolveModel
from solvent.wire.registry import GetModelVersion


def test_every_kind_of_address(model: Any, store: Callable[[], Backend], tmp_path: Path) -> None:
    solvent.sklearn.save_model(model, tmp_path / "saved")
    with solvent.start_run() as run:
        info = solvent.sklearn.log_model(model, "m")
        solvent.log_artifacts(tmp_path / "saved", "files")
    first = solvent.register_model(info.model_uri, "a", tags={"team": "x"}, description="the first")
    assert (first.name, first.version, first.current_stage, first.status) == ("a", "1", "None", "READY")
    assert (first.run_id, first.model_id, first.tags) == (run.info.run_id, info.model_id, {"team": "x"})
    assert (first.description, first.model_uri) == ("the first", "models:/a/1")
    second = solvent.register_model(f"runs:/{run.info.run_id}/m", "a")
    assert (second.version, second.model_id) == ("2", info.model_id)
    third = solvent.register_model(f"runs:/{run.info.run_id}/files", "a")
    assert (third.version, third.run_id, third.model_id) == ("3", run.info.run_id, None)
    copy = solvent.register_model("models:/a/latest", "b")
    assert copy.source == "models:/a/3"
    assert store().call(GetModelVersion(name="b", version="1")).model_version.run_id == run.info.run_id
    for version in (first, second, third, copy):
        assert store().call(ResolveModel(uri=version.model_uri)).model.files
        assert solvent.load_model(version.model_uri).n_features_in_ == 2


def test_what_is_not_there_is_not_registered(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="logged model"):
        solvent.register_model("models:/m-" + "0" * 32, "a")
    with pytest.raises(InvalidInput, match="log the model first"):
        solvent.register_model(str(tmp_path), "a")
