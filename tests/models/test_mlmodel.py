from __future__ import annotations

import pytest

from solvent.models.errors import NotAModel
from solvent.models.mlmodel import MAX_BYTES, MLmodel, columns, read_mlmodel, write_mlmodel

WRITTEN = b"""\
artifact_path: model
auth_policy: null
flavors:
  python_function:
    env: {conda: conda.yaml, virtualenv: python_env.yaml}
    loader_module: mlflow.sklearn
    python_version: 3.11.7
  sklearn:
    code: null
    pickled_model: model.skops
    sklearn_version: 1.10
is_signature_from_type_hint: false
mlflow_version: 3.17.2
model_id: null
model_size_bytes: 4711
model_uuid: 907593f727f34e94aa6e0ca5d9b802ae
run_id: 5a0f
signature:
  inputs: '[{"type": "double", "name": "a", "required": true}]'
  outputs: null
  params: null
utc_time_created: '2026-11-24 20:53:05.673454'
"""


def test_what_is_read_is_written_again() -> None:
    model = read_mlmodel(WRITTEN)
    assert model.flavors["sklearn"]["pickled_model"] == "model.skops"
    assert model.run_id == "5a0f"
    assert model.other == {"auth_policy": None, "is_signature_from_type_hint": False}
    assert read_mlmodel(write_mlmodel(model)) == model


def test_unknown_keys_are_kept() -> None:
    model = read_mlmodel(b"flavors: {x: {a: 1}}\nfrom_tomorrow: [1, {b: 2}]\n")
    assert model.other == {"from_tomorrow": [1, {"b": 2}]}
    assert b"from_tomorrow" in write_mlmodel(model)


def test_a_flavour_without_settings() -> None:
    assert read_mlmodel(b"flavors:\n  x:\n").flavors == {"x": {}}


BOMB = b"flavors: {x: {}}\na: &a [1,1,1,1,1,1,1,1,1,1]\n" + b"".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n".encode() for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", "no 'flavors'"),
        (b"a: 1", "no 'flavors'"),
        (b"flavors: []", "no 'flavors'"),
        (b"flavors: {x: 3}", "does not hold what it should"),
        (b"flavors: {x: {}}\nsignature: 7", "does not hold what it should"),
        (b"flavors: {x: {}}\nmodel_size_bytes: many", "does not hold what it should"),
        (b"flavors: {", "not valid YAML"),
        (b"flavors: !!python/object/apply:os.system [id]", "YAML"),
        (b"\xff\xfe", "not UTF-8"),
        (BOMB, "unfold to more than"),
        (b"[" * 5000, "nest"),
        (b"a: " + b"[" * 100 + b"]" * 100, "nested deeper"),
        (b" " * (MAX_BYTES + 1), "larger than"),
    ],
    ids=range(13),
)
def test_what_is_no_mlmodel_file_is_said_in_one_line(text: bytes, expected: str) -> None:
    with pytest.raises(NotAModel, match=expected) as raised:
        read_mlmodel(text)
    assert "\n" not in str(raised.value)


def test_columns_of_a_schema() -> None:
    assert columns(None) == []
    assert columns('[{"type": "double"}]') == [{"type": "double"}]
    for wrong in ("{", "3", "[3]"):
        with pytest.raises(NotAModel):
            columns(wrong)


def test_nothing_that_is_not_set_is_written() -> None:
    assert write_mlmodel(MLmodel(flavors={"x": {"a": 1}})) == b"flavors:\n  x:\n    a: 1\n"
