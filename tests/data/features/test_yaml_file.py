"""features.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest

from solvent.data.features.errors import InvalidFeatures
from solvent.data.features.yaml_file import read_features


def write(folder: Path, text: str) -> Path:
    (folder / "features.yaml").write_text(text, "utf-8")
    return folder


def test_a_whole_entry(tmp_path: Path) -> None:
    (tmp_path / "ratio.sql").write_text("SELECT debt /\n  income\n")
    text = """
features:
  - name: debt_ratio
    description: Debt per
      yearly income.
    owner: risk
    inputs: [debt, income]
    outputs: [debt_ratio]
    dtype: float
    source: {path: ratio.sql}
  - young: below 25
"""
    ratio, young = read_features(write(tmp_path, text), "features.yaml")
    assert (ratio.name, ratio.description, ratio.owner, ratio.dtype) == (
        "debt_ratio",
        "Debt per yearly income.",
        "risk",
        "float",
    )
    assert (ratio.inputs, ratio.source, ratio.place) == (
        ("debt", "income"),
        "SELECT debt /\n  income",
        "features.yaml:3",
    )
    assert (young.name, young.description, young.version, young.place) == ("young", "below 25", "", "features.yaml:11")
    (tmp_path / "ratio.sql").write_text("SELECT debt / income")
    assert read_features(tmp_path, "features.yaml")[0].version == ratio.version
    (tmp_path / "ratio.sql").write_text("SELECT income / debt")
    assert read_features(tmp_path, "features.yaml")[0].version != ratio.version


@pytest.mark.parametrize("text", ["", "features:\n", "features: []\n"])
def test_nothing_is_no_feature(tmp_path: Path, text: str) -> None:
    assert read_features(write(tmp_path, text), "features.yaml") == []


@pytest.mark.parametrize(
    "text",
    ["- a: x\n- b: y\n", "features: {a: x, b: y}\n", "features:\n  a: {description: x}\n  b: {description: y}\n"],
)
def test_short_forms(tmp_path: Path, text: str) -> None:
    found = read_features(write(tmp_path, text), "features.yaml")
    assert [(each.name, each.description) for each in found] == [("a", "x"), ("b", "y")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- name: a\n  onwer: x\n", r"features.yaml, line 1: unknown key 'onwer' .*; did you mean 'owner'\?"),
        ("feature:\n  - name: a\n", r"unknown key 'feature' .*; did you mean 'features'\?"),
        ("- name: a\n  inputs: age\n", r"inputs must be a list of names, such as \[debt, income\], found a text"),
        ("- name: a\n  owner: [x]\n", "owner must be a text, found a list"),
        ("- owner: x\n  dtype: int\n", "a feature needs a name"),
        ("- 3\n", "expected '- name: ...' with description and owner, found '3'"),
        ("nonsense\n", "expected 'features:' with a list, found a text"),
        ("- name: a\n  source: {path: no.sql}\n", "the source 'no.sql' is not there"),
        ("- name: a\n  source: {path: ../out.sql}\n", "lies outside of the project"),
        ("- name: a\n  source: {path: .}\n", "the source '.' is no file"),
        ("- name: a\n  source: {path: 'a\\0'}\n", "the source 'a.0' is not there"),
        ('- name: a\n  source: {path: "a\\0"}\n', "lies outside of the project"),
        ("- name: a\n  source: {file: a.sql}\n", "source must be a text or {path: file}"),
        ("- name: a\n  source: sql/a.sql\n", "looks like a file: write source: {path: sql/a.sql}"),
        ("- name: a\n  name: b\n", "line 2, column 3: not valid YAML: 'name' stands here twice"),
        ("a: [", r"line \d, column \d: not valid YAML"),
        ("a: &a {x: 1}\nb: {<<: *a}\n", "not valid YAML"),
        ("[" * 100_000, "not valid YAML|nested"),
        ("- !!python/object:os.system {}\n", "not valid YAML"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InvalidFeatures, match=message):
        read_features(write(tmp_path, text), "features.yaml")


def test_files_that_are_no_text_or_too_large_are_refused(tmp_path: Path) -> None:
    (tmp_path / "features.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidFeatures, match="not UTF-8"):
        read_features(tmp_path, "features.yaml")
    (tmp_path / "features.yaml").write_bytes(b"#" * 1_000_001)
    with pytest.raises(InvalidFeatures, match="larger than"):
        read_features(tmp_path, "features.yaml")
