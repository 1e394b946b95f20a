"""Signatures inferred and enforced as the real MLflow does, but for a written list of differences."""

from __future__ import annotations

import json
import subprocess
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from solvent.errors import InvalidInput
from solvent.models.errors import BadInput
from solvent.models.signature.enforce import enforce, enforce_params
from solvent.models.signature.infer import infer_signature
from solvent.models.signature.signature import Signature
from tests.oracle import environments
from tests.oracle.signatures.cases import ENFORCE, INFER, PARAMS, TOLD, told
from tests.oracle.signatures.differences import DIFFERENT
from tests.processes import bare_environment

pytestmark = [pytest.mark.oracle, pytest.mark.xdist_group("oracle")]

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    output = tmp_path_factory.mktemp("signatures") / "said.json"
    command: list[str | Path] = [
        environments.executable("mlflow-3.17"),
        "-m",
        "tests.oracle.signatures.mlflow_says",
        output,
    ]
    ended = subprocess.run(command, cwd=ROOT, env=bare_environment(), capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr[-4000:]
    said: dict[str, Any] = json.loads(output.read_text())
    return said


def agree(part: str, name: str, theirs: dict[str, Any], ask: Callable[[], Any]) -> None:
    """Both say the same or both refuse; the opposite where a difference is written down."""
    try:
        with warnings.catch_warnings(action="ignore"):
            ours = {"said": json.loads(json.dumps(ask(), default=str))}
    except (InvalidInput, BadInput):
        ours = {}
    expected = {key: value for key, value in theirs[part][name].items() if key == "said"}
    if (part, name) in DIFFERENT:
        assert ours != expected, "no difference any more: take it off the list"
    else:
        assert ours == expected, theirs[part][name]


@pytest.mark.parametrize("name", INFER)
def test_inferred(name: str, theirs: dict[str, Any]) -> None:
    agree("infer", name, theirs, lambda: infer_signature(INFER[name]()).to_dict())


@pytest.mark.parametrize("name", PARAMS)
def test_inferred_params(name: str, theirs: dict[str, Any]) -> None:
    agree("params", name, theirs, lambda: infer_signature(params=PARAMS[name]).to_dict())


@pytest.mark.parametrize("name", ENFORCE)
def test_enforced(name: str, theirs: dict[str, Any]) -> None:
    known, data = ENFORCE[name]
    agree("enforce", name, theirs, lambda: told(enforce(data(), infer_signature(known()))))


@pytest.mark.parametrize("name", TOLD)
def test_enforced_params(name: str, theirs: dict[str, Any]) -> None:
    known, given = TOLD[name]
    agree("told", name, theirs, lambda: told(enforce_params(given, infer_signature(params=known))))


def test_what_mlflow_writes_is_read_and_written_again(theirs: dict[str, Any]) -> None:
    said = [one["said"] for part in ("infer", "params") for one in theirs[part].values() if "said" in one]
    assert len(said) > 70
    for one in said:
        if '["a", 1]' in (one["inputs"] or ""):
            continue  # levels of names, a difference
        assert Signature.from_dict(one).to_dict() == one


def test_each_difference_is_of_a_case() -> None:
    cases = {"infer": INFER, "params": PARAMS, "enforce": ENFORCE, "told": TOLD}
    assert [key for key in DIFFERENT if key[1] not in cases[key[0]]] == []
