"""Checking and filling in parameters."""

from __future__ import annotations

from pathlib import Path

import pytest

from solvent.projects.errors import InvalidParameters
from solvent.projects.parameters import command_line, extra_warning, parse_pairs, resolve
from solvent.projects.spec import EntryPoint, Parameter
from solvent.projects.template import Template


def entry(*parameters: Parameter, command: str = "go") -> EntryPoint:
    declared = {one.name: one for one in parameters}
    return EntryPoint("main", declared, Template(command, declared, "test"))


def test_defaults_are_filled_in_and_given_values_win(tmp_path: Path) -> None:
    point = entry(Parameter("alpha", "float", "0.5"), Parameter("seed", "int", "7"), command="go {alpha} {seed}")
    values = resolve(point, {"alpha": "1e-3"}, tmp_path)
    assert values.all == {"alpha": "1e-3", "seed": "7"}
    assert command_line(point, values) == "go 1e-3 7"


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("float", ["0.5", "-1", "1e-3", "nan", "inf"], ["abc", "", "1,5", "0x10", "1_000", " 1 "]),
        ("int", ["0", "-3", "+12"], ["1.5", "1e3", "", "ten", "1_0"]),
        ("bool", ["true", "False", "0", "yes"], ["2", "", "maybe"]),
        ("uri", ["https://a/b", "s3://b/k", "runs:/1/model"], ["plain", "", "://x"]),
        ("string", ["", "any thing; at $(all)"], []),
    ],
)
def test_values_are_of_their_type(tmp_path: Path, kind: str, good: list[str], bad: list[str]) -> None:
    point = entry(Parameter("x", kind))
    for value in good:
        assert resolve(point, {"x": value}, tmp_path).all == {"x": value}
    for value in bad:
        with pytest.raises(InvalidParameters, match=rf"parameter 'x' \({kind}\): expected .*, found '"):
            resolve(point, {"x": value}, tmp_path)


def test_a_default_of_the_wrong_type_is_refused_too(tmp_path: Path) -> None:
    with pytest.raises(InvalidParameters, match="expected a number"):
        resolve(entry(Parameter("x", "float", "abc")), {}, tmp_path)


def test_a_choice_names_the_nearest(tmp_path: Path) -> None:
    point = entry(Parameter("model", "choice", None, ("ridge", "lasso")))
    assert resolve(point, {"model": "lasso"}, tmp_path).all == {"model": "lasso"}
    with pytest.raises(InvalidParameters, match="one of ridge, lasso; did you mean 'lasso'"):
        resolve(point, {"model": "laso"}, tmp_path)


def test_paths_become_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project, here = tmp_path / "project", tmp_path / "here"
    for folder in (project, here):
        folder.mkdir()
        (folder / "data.csv").write_text("")
    monkeypatch.chdir(here)
    point = entry(Parameter("data", "path", "data.csv"))
    assert resolve(point, {}, project).all == {"data": str(project / "data.csv")}
    assert resolve(point, {"data": "data.csv"}, project).all == {"data": str(here / "data.csv")}
    assert resolve(point, {"data": (here / "data.csv").as_uri()}, project).all == {"data": str(here / "data.csv")}
    for value in ("nope.csv", "", "s3://bucket/data.csv", "runs:/1/data.csv"):
        with pytest.raises(InvalidParameters, match=r"parameter 'data' \(path\): expected a (file|path)"):
            resolve(point, {"data": value}, project)


def test_missing_ones_are_all_named(tmp_path: Path) -> None:
    point = entry(Parameter("data", "path"), Parameter("alpha", "float"), Parameter("seed", "int", "7"))
    with pytest.raises(InvalidParameters) as caught:
        resolve(point, {"alhpa": "1"}, tmp_path)
    message = str(caught.value)
    assert "needs 'data' (path), 'alpha' (float): add -P data=... -P alpha=..." in message
    assert "'alhpa' is given; did you mean 'alpha'?" in message


def test_undeclared_ones_are_passed_on_with_a_warning(tmp_path: Path) -> None:
    point = entry(Parameter("alpha", "float", "1"), command="go {alpha}")
    values = resolve(point, {"alfa": "2 3", "b c": "; rm"}, tmp_path)
    assert command_line(point, values) == "go 1 --alfa '2 3' '--b c' '; rm'"
    assert values.all == {"alpha": "1", "alfa": "2 3", "b c": "; rm"}
    warning = extra_warning(point, values) or ""
    assert "passed on unchecked as --alfa, --b c; did you mean 'alpha'?" in warning
    assert extra_warning(point, resolve(point, {}, tmp_path)) is None


def test_what_could_not_be_recorded_is_refused_before_the_start(tmp_path: Path) -> None:
    point = entry(Parameter("x", "string"))
    for given in ({"x": "a" * 6001}, {"x": "a\0b"}, {"x": "\udcff"}, {"x": "", "a;b": "1"}, {"x": "", "k" * 251: ""}):
        with pytest.raises(InvalidParameters):
            resolve(point, given, tmp_path)


def test_pairs_are_split_at_the_first_equals_sign() -> None:
    assert parse_pairs(["a=1", "b=x=y", "c="]) == {"a": "1", "b": "x=y", "c": ""}
    for pairs in (["a"], ["=1"], ["a=1", "a=2"]):
        with pytest.raises(InvalidParameters):
            parse_pairs(pairs)
