from __future__ import annotations

import pickle
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

from solvent.models import requirements
from solvent.models.requirements import inferred, pins, requirement_of


def test_modules_of_pickles_are_found_with_the_versions_of_this_environment(tmp_path: Path) -> None:
    (tmp_path / "model.pkl").write_bytes(pickle.dumps({"a": np.arange(3), "b": "a text that is no module"}))
    (tmp_path / "other.txt").write_text("pandas")
    assert inferred(["PyYAML"], tmp_path) == [f"numpy=={np.__version__}", f"PyYAML=={metadata.version('pyyaml')}"]


def test_a_file_that_is_no_pickle_tells_nothing(tmp_path: Path) -> None:
    (tmp_path / "model.pkl").write_bytes(b"\xff not a pickle")
    assert inferred([], tmp_path) == []


def test_versions_that_no_index_has_lose_their_local_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirements, "_version", {"torch": "2.9.1+cpu"}.get)
    assert inferred(["torch", "not-installed"], tmp_path) == ["not-installed", "torch==2.9.1"]


def test_pins_are_exact_versions_only(tmp_path: Path) -> None:
    assert pins(tmp_path) == {}
    (tmp_path / "requirements.txt").write_bytes(
        b"# all\nScikit_Learn==1.9.1\nnumpy>=2\n\nmlflow[extras]==3.17.2 ; python_version > '3'\n-r more\n\xff\n"
    )
    assert pins(tmp_path) == {"scikit-learn": "1.9.1", "mlflow": "3.17.2"}
    assert requirement_of("sklearn.base", tmp_path) == "scikit-learn==1.9.1"
    assert requirement_of("numpy", tmp_path) == "numpy"
