"""What manifests of each kind ask for."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.debt.project import manifest_readers as readers
from solvent.debt.project.manifests import Manifests, installs, manifests_of
from solvent.debt.project.project import Project


def manifests(folder: Path, files: dict[str, str | bytes]) -> Manifests:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return manifests_of(Project(folder, {}, sorted(files)))


def asked(folder: Path, name: str, text: str) -> tuple[list[tuple[str, bool, int]], list[str]]:
    (manifest,) = manifests(folder, {name: text}).manifests
    return (
        [(each.name, each.is_bounded, each.line) for each in manifest.requirements],
        [each.name for each in manifest.others],
    )


def test_requirements_txt(tmp_path: Path) -> None:
    text = (
        "# what we need\n-r base.txt\npandas\nnumpy==1.2 \\\n  --hash=sha256:ab\nPillow>=9; python_version<'3.9'  # old\n"
        "-e git+https://example.org/tool.git#egg=the_tool\nhttps://example.org/a/wheel-1.0-py3-none-any.whl\n./local\n"
    )

    assert asked(tmp_path, "requirements.txt", text) == (
        [
            ("pandas", False, 3),
            ("numpy", True, 4),
            ("pillow", False, 6),
            ("the-tool", False, 7),
            ("wheel", True, 8),
        ],
        [],
    )


def test_pyproject_of_each_tool(tmp_path: Path) -> None:
    text = """
[build-system]
requires = ["hatchling"]
[project]
name = "app"
requires-python = ">=3.9,<3.12"
dependencies = [
  "pandas>=2",
  "scikit-learn==1.4.0",
]
[project.scripts]
train = "app:train"
[project.optional-dependencies]
plots = ["matplotlib"]
[dependency-groups]
dev = ["pytest", {include-group = "lint"}]
[tool.poetry.dependencies]
python = "^3.9"
torch = "^2.1"
xgboost = "*"
lightgbm = "4.1"
tool = {git = "https://example.org/tool.git", rev = "ab12"}
own = {path = "../own"}
[tool.poetry.group.test.dependencies]
hypothesis = "*"
"""
    (manifest,) = manifests(tmp_path, {"pyproject.toml": text}).manifests

    assert (manifest.distribution, manifest.scripts, manifest.complete) == ("app", True, True)
    assert manifest.python is not None
    assert manifest.python.newest == ((3, 12), False)
    assert [(each.name, each.is_bounded) for each in manifest.requirements] == [
        ("pandas", False),
        ("scikit-learn", True),
        ("torch", True),
        ("xgboost", False),
        ("lightgbm", True),
        ("tool", True),
    ]
    assert manifest.requirements[0].line == 8
    assert [each.name for each in manifest.others] == ["matplotlib", "pytest", "hypothesis"]


def test_setup_py_is_read_and_not_run(tmp_path: Path) -> None:
    text = """
from setuptools import setup
raise SystemExit("it was run")
REQUIRED = ["pandas", "numpy<2"]
settings = {"name": "app", "install_requires": REQUIRED + ["click"], "extras_require": {"dev": ["pytest"]}}
setup(python_requires=">=3.8", **settings)
"""
    assert asked(tmp_path, "setup.py", text) == (
        [("pandas", False, 4), ("numpy", True, 4), ("click", False, 5)],
        ["pytest"],
    )


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        ("from setuptools import setup\nsetup(name='a')", True),
        ("from setuptools import setup\nsetup(install_requires=compute())", False),
        ("from setuptools import setup\nsetup(install_requires=open('requirements.txt').readlines())", False),
        ("from setuptools import setup\nsetup(**compute())", False),
        ("print 'two'", False),
    ],
)
def test_what_a_setup_py_computes_is_unknown(tmp_path: Path, text: str, complete: bool) -> None:
    assert manifests(tmp_path, {"setup.py": text}).complete is complete


def test_setup_cfg_pipfile_and_conda(tmp_path: Path) -> None:
    found = manifests(
        tmp_path,
        {
            "setup.cfg": "[metadata]\nname = app\n[options]\ninstall_requires =\n    pandas\n    numpy>=1,<2\n",
            "Pipfile": '[packages]\nflask = "*"\n[dev-packages]\npytest = "*"\n[requires]\npython_version = "3.8"\n',
            "environment.yml": "dependencies:\n - python=3.7\n - conda-forge::numpy=1.2=py_0\n - pip\n - pip:\n   - mlflow\n",
            "python_env.yaml": "python: 3.8.15\ndependencies:\n - -r requirements.txt\n",
            "env.yaml": "name: not an environment\n",
        },
    )

    by_path = {each.path: each for each in found.manifests}
    assert sorted(by_path) == ["Pipfile", "environment.yml", "python_env.yaml", "setup.cfg"]
    assert [each.name for each in by_path["setup.cfg"].requirements] == ["pandas", "numpy"]
    assert [each.name for each in by_path["environment.yml"].requirements] == ["numpy", "pip", "mlflow"]
    assert {name: each.python.newest for name, each in by_path.items() if each.python is not None} == {
        "Pipfile": ((3, 9), False),
        "environment.yml": ((3, 8), False),
        "python_env.yaml": ((3, 8, 15), True),
    }


def test_development_files_and_groups_are_others(tmp_path: Path) -> None:
    found = manifests(tmp_path, {"requirements-dev.txt": "pytest\n", "docs/requirements.txt": "sphinx\n"})

    assert [each.requirements for each in found.manifests] == [[], []]
    assert found.declared == {"pytest", "sphinx"}


def test_a_lock_is_found_and_pins_what_lies_beside_it(tmp_path: Path) -> None:
    found = manifests(
        tmp_path,
        {
            "pyproject.toml": '[project]\nname = "a"\ndependencies = ["pandas"]\n',
            "uv.lock": "",
            "api/requirements.txt": "flask\n",
            "job/requirements.in": "torch\n",
            "job/requirements.txt": "torch==2.4.0\nsympy==1.2\n",
        },
    )

    assert {each.path: found.lock_of(each) for each in found.manifests if not each.is_pinned} == {
        "pyproject.toml": "uv.lock",
        "api/requirements.txt": None,
        "job/requirements.in": "job/requirements.txt",
    }


def test_text_in_utf16_and_what_images_install(tmp_path: Path) -> None:
    found = manifests(
        tmp_path,
        {
            "requirements.txt": "pandas==2.0\n".encode("utf-16"),
            "Dockerfile": "FROM python:3.11\nRUN apt-get update && pip install --no-cache-dir 'flask>=2' \\\n  gunicorn\n",
        },
    )

    assert found.declared == {"pandas", "flask", "gunicorn"}
    assert found.complete


@given(st.text(), st.sampled_from([name for name in dir(readers) if name.startswith("read_")]))
def test_any_text_has_an_answer(text: str, reader: str) -> None:
    manifest = getattr(readers, reader)("file", text)

    assert manifest is None or manifest.path == "file"


@pytest.mark.parametrize(
    "hostile",
    ["pandas" + " " * 200_000 + "x", "https://x/" + "#" * 200_000, "\\\n" * 400_000, " #" * 200_000, "-" * 400_000],
    ids=["spaces", "hashes", "continued", "comments", "dashes"],
)
def test_hostile_lines_don_t_hang(tmp_path: Path, hostile: str) -> None:
    start = time.monotonic()
    found = manifests(tmp_path, {"requirements.txt": f"numpy==1.0\n{hostile}\nscipy --hash=sha256:ab\n"})

    assert "numpy" in found.declared
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    "hostile", ["pip " * 100_000, "pip install-" * 50_000, "uv pip " * 50_000 + "add-"], ids=["pip", "install", "uv"]
)
def test_hostile_commands_don_t_hang(hostile: str) -> None:
    start = time.monotonic()

    assert "pandas" in set(installs(f"{hostile}\npip install pandas && conda -q install x\n"))
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    "odd",
    ["!!bool maybe", '!!int ""', "!!timestamp foo", "!!binary é", "{<<: {a: 1}}", "[" * 50_000, "!!python/name:os.x"],
    ids=["bool", "int", "timestamp", "binary", "merge", "deep", "python"],
)
def test_odd_yaml_is_unreadable_and_no_more(odd: str) -> None:
    assert readers.read_conda("environment.yml", f"dependencies: [numpy]\nx: {odd}\n") is None
