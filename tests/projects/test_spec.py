"""Reading MLproject files."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.errors import SolventError
from solvent.projects.errors import InvalidProject
from solvent.projects.spec import load_project

EXAMPLES = Path(__file__).parents[2] / "examples"


def write(folder: Path, text: str, name: str = "MLproject") -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize("name", ["MLproject", "mlproject", "MLPROJECT"])
def test_the_file_is_found_in_any_case(tmp_path: Path, name: str) -> None:
    project = load_project(write(tmp_path, "name: iris\nentry_points:\n  main:\n    command: python train.py\n", name))
    assert (project.name, list(project.entry_points), project.environment) == ("iris", ["main"], "")


def test_parameters_have_types_and_defaults(tmp_path: Path) -> None:
    text = """
entry_points:
  main:
    parameters:
      data: path
      alpha: {type: float, default: 0.5}
      rate: {default: 1e-3}
      model: {type: choice, choices: [ridge, lasso], default: ridge}
      empty: {type: string, default: ""}
      epochs: {type: integer, default: null}
    command: "python train.py {data} {alpha} {rate} {model} {empty} {epochs}"
"""
    parameters = load_project(write(tmp_path, text)).entry_point("main").parameters
    assert {name: (one.type, one.default) for name, one in parameters.items()} == {
        "data": ("path", None),
        "alpha": ("float", "0.5"),
        "rate": ("string", "1e-3"),
        "model": ("choice", "ridge"),
        "empty": ("string", ""),
        "epochs": ("int", None),
    }
    assert parameters["model"].choices == ("ridge", "lasso")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("entry_point:\n  main: {}", "unknown key 'entry_point'.*did you mean 'entry_points'"),
        ("name: [a", "line 1, column 9: not valid YAML"),
        ("name: a\nname: b", "line 2, column 1: not valid YAML: 'name' stands here twice"),
        ("- a", "expected 'key: value' lines, found a list"),
        ("? [a]\n: b", "a key must be a plain word"),
        ("!!python/object/apply:os.system ['true']", "not valid YAML"),
        ("[" * 100_000, "not usable YAML"),
        ("x: 2020-99-99", "not usable YAML|unknown key"),
        ("name: {a: b}", "name must be a text, found a block"),
        ("python_env: a\nconda_env: b", "found python_env and conda_env: keep one"),
        ("python_env: nope.yaml", "python_env names nope.yaml, which is not there"),
        ("python_env: [a]", "python_env must be the path of a file, found a list"),
        ("entry_points: [a]", "entry_points must hold"),
        ("entry_points: {main: python train.py}", "entry point 'main' must have a command, found a text"),
        ("entry_points: {main: {}}", "entry point 'main' needs a command"),
        ("entry_points: {main: {comand: x}}", "unknown key 'comand'.*did you mean 'command'"),
        ("entry_points: {main: {command: x, parameters: [a]}}", "parameters must be 'name: type' lines"),
        ("entry_points: {main: {command: x, parameters: {a: flaot}}}", "'flaot' is no type.*did you mean 'float'"),
        ("entry_points: {main: {command: x, parameters: {a: {typ: int}}}}", "unknown key 'typ'.*did you mean 'type'"),
        ("entry_points: {main: {command: x, parameters: {a: {default: [1]}}}}", "default must be a single value"),
        ("entry_points: {main: {command: x, parameters: {a: choice}}}", "type choice goes with choices"),
        ("entry_points: {main: {command: 'x {b}', parameters: {a: int}}}", "{b} is not a declared parameter"),
    ],
)
def test_what_is_wrong_is_said_on_one_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InvalidProject, match=message) as caught:
        load_project(write(tmp_path, text))
    assert "\n" not in str(caught.value)


@given(st.text(max_size=200))
def test_any_text_is_a_project_or_an_error_of_ours(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.getbasetemp() / "any"
    folder.mkdir(exist_ok=True)
    (folder / "MLproject").write_text(text, "utf-8")
    with suppress(SolventError):
        assert load_project(folder).folder == folder


def test_a_folder_without_mlproject_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(InvalidProject, match=r"no MLproject file in .*solvent run FOLDER"):
        load_project(tmp_path)
    with pytest.raises(InvalidProject, match="is not there"):
        load_project(tmp_path / "nowhere")
    with pytest.raises(InvalidProject, match="is a file"):
        load_project(write(tmp_path, "") / "MLproject")


def test_an_unknown_entry_point_names_the_known_ones(tmp_path: Path) -> None:
    text = "entry_points: {main: {command: a}, validate: {command: b}}"
    project = load_project(write(tmp_path, text))
    with pytest.raises(
        InvalidProject, match=r"no entry point 'valdate'.*it has: main, validate.*did you mean 'validate'"
    ):
        project.entry_point("valdate")


def test_a_script_in_the_folder_is_an_entry_point(tmp_path: Path) -> None:
    (tmp_path / "it's.py").write_text("")
    (tmp_path / "go.sh").write_text("")
    project = load_project(tmp_path, "it's.py")
    assert project.entry_point("it's.py").command.fill({}) == "python 'it'\"'\"'s.py'"
    assert project.entry_point("go.sh").command.fill({}) == "bash go.sh"
    for outside in ("../x.py", "missing.py"):
        with pytest.raises(InvalidProject, match="no entry point"):
            project.entry_point(outside)


def test_an_environment_file_of_the_usual_name_is_found(tmp_path: Path) -> None:
    write(tmp_path, "name: a")
    (tmp_path / "conda.yaml").write_text("dependencies: []")
    assert load_project(tmp_path).environment == "conda_env"
    (tmp_path / "python_env.yaml").write_text("dependencies: []")
    assert load_project(tmp_path).environment_file == tmp_path / "python_env.yaml"


@pytest.mark.parametrize("example", sorted(path.parent.name for path in EXAMPLES.glob("*/MLproject")))
def test_the_examples_are_valid(example: str) -> None:
    assert "main" in load_project(EXAMPLES / example).entry_points


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "MLproject").write_bytes(b"name: \xff\xfe")
    with pytest.raises(InvalidProject, match="is not UTF-8 text"):
        load_project(tmp_path)
    (tmp_path / "MLproject").write_bytes(b"#" * 1_000_001)
    with pytest.raises(InvalidProject, match="is larger than 1,000,000 bytes"):
        load_project(tmp_path)


def test_merge_keys_that_unfold_without_end_are_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 {x: 1, y: 2}"] + [
        f"a{level}: &a{level} {{<<: [{', '.join([f'*a{level - 1}'] * 9)}]}}" for level in range(1, 12)
    ]
    (tmp_path / "MLproject").write_text("\n".join(lines))
    with pytest.raises(InvalidProject, match="aliases unfold to more than"):
        load_project(tmp_path)
