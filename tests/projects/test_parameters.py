"""Checking and filling in parameters."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies as st

from solvent.projects.errors import InvalidParameters
from solvent.projects.parameters import command_line, extra_warning, parse_pairs, resolve
from solvent.projects.plan import plan_run
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
        ("float", ["0.5", "-1", "1e-3", "nan", "inf"], ["abc", "", "1,5", "0x10", "1_000", " 1 ", "١٢", "\uff11.5"]),
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
    for value in ("nope.csv", "", "s3://bucket/data.csv", "file://elsewhere/data.csv"):
        with pytest.raises(InvalidParameters, match=r"parameter 'data' \(path\): expected a (file|path)"):
            resolve(point, {"data": value}, project)


@pytest.mark.parametrize("address", ["https://host/d.csv", "runs:/1/data.csv", "models:/m/3", "mlflow-artifacts:/0/a"])
def test_the_address_of_data_stays_until_it_is_downloaded(tmp_path: Path, address: str) -> None:
    point = entry(Parameter("data", "path"), command="go {data}")
    values = resolve(point, {"data": address}, tmp_path)
    assert values.all == {"data": address}
    here = replace(values, local={"data": "/here/d.csv"})
    assert (command_line(point, here), here.all) == ("go /here/d.csv", {"data": address})


def test_a_default_within_a_copy_is_recorded_as_it_is_written(tmp_path: Path) -> None:
    """The copy's folder is another one each time."""
    (tmp_path / "data.csv").write_text("")
    point = entry(Parameter("data", "path", "data.csv"), command="go {data}")
    values = resolve(point, {}, tmp_path, copied=True)
    assert values.all == {"data": "data.csv"}
    assert command_line(point, values) == f"go {tmp_path / 'data.csv'}"
    told = resolve(point, {"data": str(tmp_path / "data.csv")}, tmp_path, copied=True)
    assert told.all == {"data": str(tmp_path / "data.csv")}


_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
_NASTY = st.text(st.sampled_from(list("'\"\\$`!#;&|<>(){}[]*?~ \n\tax=-")), max_size=12)
_NAMES = st.text(st.sampled_from("abcXYZ019_-. :/"), min_size=1, max_size=12)
_SHOW = f"{sys.executable} -c 'import sys; sys.stdout.buffer.write(repr(sys.argv[1:]).encode())'"


@hypothesis.settings(max_examples=40, deadline=None)
@hypothesis.given(
    st.one_of(_TEXT, _NASTY), st.one_of(_TEXT, _NASTY), st.dictionaries(_NAMES, st.one_of(_TEXT, _NASTY), max_size=3)
)
def test_every_value_is_one_argument_of_the_command(one: str, two: str, extra: dict[str, str]) -> None:
    point = entry(Parameter("one"), Parameter("two", default=two), command=f"{_SHOW} {{one}} --two={{two}}")
    asked = {**{name: value for name, value in extra.items() if name not in ("one", "two")}, "one": one}
    values = resolve(point, asked, Path("/"))
    shown = subprocess.run(["bash", "-c", command_line(point, values)], capture_output=True, check=True, timeout=30)
    passed = [word for name, value in values.extra.items() for word in (f"--{name}", value)]
    assert (ast.literal_eval(shown.stdout.decode()), shown.stderr) == ([one, f"--two={two}", *passed], b"")


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


def test_a_command_that_bash_can_not_be_given_makes_no_run(tmp_path: Path) -> None:
    from solvent.projects.plan import plan_in

    (tmp_path / "MLproject").write_text("entry_points:\n  main: {command: 'true'}\n")
    given = {f"p{number}": "x" * 5990 for number in range(30)}
    with pytest.raises(InvalidParameters, match="at most 131,071 can be given to bash"):
        plan_in(tmp_path, ".", given=given)


def test_secrets_are_masked_in_commands_that_are_kept(tmp_path: Path) -> None:
    (tmp_path / "MLproject").write_text(
        "entry_points:\n  main: {command: 'train --pass {password} --lr {lr}', parameters: {password: string, lr: float}}\n"
    )
    plan = plan_run(str(tmp_path), given={"password": "hunter2", "lr": "0.5", "api_key": "zzz"})
    assert "hunter2" in plan.command
    assert plan.kept_command == "train --pass '[redacted]' --lr 0.5 --api_key '[redacted]'"
    assert plan.values.secret == ["password", "api_key"]
