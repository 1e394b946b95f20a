"""Which environment variables are kept, and that secrets never are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.provenance.capture import capture
from solvent.provenance.redact import is_secret_name
from solvent.provenance.variables import LONGEST, MOST, kept_variables


def test_only_names_on_the_list_and_those_of_the_setting() -> None:
    environment = {
        "PYTHONHASHSEED": "0",
        "TF_CUDNN_DETERMINISTIC": "1",
        "LC_ALL": "C",
        "HOME": "/root",
        "APP_MODE": "fast",
        "APP_TOKEN": "abc",
        "SOLVENT_PROVENANCE_VARIABLES": "APP_*, OTHER",
    }
    assert kept_variables(environment) == {
        "APP_MODE": "fast",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "0",
        "TF_CUDNN_DETERMINISTIC": "1",
    }


def test_secrets_in_values_are_masked_and_all_is_bounded() -> None:
    environment = {f"APP_{number}": "x" * 5_000 for number in range(500)} | {"SOLVENT_PROVENANCE_VARIABLES": "*"}
    kept = kept_variables({"SOLVENT_PROVENANCE_VARIABLES": "*", "PROXY": "http://me:pw@host"})
    assert kept == {"PROXY": "http://[redacted]@host"}
    bounded = kept_variables(environment)
    assert len(bounded) == MOST
    assert {len(value) for value in bounded.values()} == {LONGEST}


@given(st.dictionaries(st.sampled_from(["DB_PASSWORD", "API_KEY", "MKL_TOKEN", "OMP_SECRET", "auth"]), st.text()))
def test_no_secret_name_is_ever_kept(environment: dict[str, str]) -> None:
    assert all(is_secret_name(name) for name in environment)
    assert kept_variables(environment | {"SOLVENT_PROVENANCE_VARIABLES": "*"}) == {}


def test_they_are_in_the_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    files = capture(tmp_path).files()
    assert json.loads(files["solvent/provenance.json"])["variables"]["OMP_NUM_THREADS"] == "3"
    assert b"msgspec==" in files["solvent/environment.lock"]
