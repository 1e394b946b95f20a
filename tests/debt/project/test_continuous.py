"""What CI files come to."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.debt.project.continuous import Continuous, continuous_of
from solvent.debt.project.project import Project
from tests.debt.helpers import check_files


def continuous(folder: Path, files: dict[str, str]) -> Continuous:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return continuous_of(Project(folder, {}, sorted(files)))


@pytest.mark.parametrize(
    ("command", "tests"),
    [
        ("pytest -q", True),
        ("python -m unittest", True),
        ("tox -e py", True),
        ("make test", True),
        ("uv run pytest", True),
        ("hatch run cov", True),
        ("python src/train_model.py --fast", True),
        ("mlflow run . -P epochs=1", True),
        ("pip install pytest", False),
        ("uv pip install -r requirements-test.txt", False),
        ("ruff check tests", False),
        ("docker build .", False),
        ("make image", False),
    ],
)
def test_commands(tmp_path: Path, command: str, tests: bool) -> None:
    found = continuous(tmp_path, {".github/workflows/a.yml": f"steps:\n  - run: {command}\n"})

    assert found == Continuous([".github/workflows/a.yml"], tests)


@pytest.mark.parametrize(
    "path", ["Jenkinsfile", "azure-pipelines.yml", ".travis.yml", ".gitlab-ci.yml", "buildspec.yml"]
)
def test_services(tmp_path: Path, path: str) -> None:
    assert continuous(tmp_path, {path: "pytest"}).files == [path]


def test_targets_and_scripts_are_followed(tmp_path: Path) -> None:
    files = {".travis.yml": "script: make all", "Makefile": "all:\n\tpython -m pytest\nother:\n\techo\n"}

    assert continuous(tmp_path / "target", files).may_test
    assert continuous(tmp_path / "script", {".travis.yml": "script: ./ci/run.sh", "ci/run.sh": "pytest"}).may_test
    assert not continuous(tmp_path / "none", {**files, "Makefile": "all:\n\techo\ntest:\n\tpytest\n"}).may_test


def test_dot_files_in_an_archive_say_that_ci_would_be_there(tmp_path: Path) -> None:
    files = {"train.py": "from sklearn.svm import SVC\nSVC().fit(X, y)\n"}

    assert check_files(tmp_path / "a", files, select="TST802").findings == []
    report = check_files(tmp_path / "b", {**files, ".gitignore": "*.pyc\n"}, select="TST802")
    assert [(each.path, each.line) for each in report.findings] == [(".", 0)]


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    project = Project(Path("/nowhere"), {}, [".travis.yml"])
    project._texts[".travis.yml"] = text
    assert continuous_of(project).files == [".travis.yml"]
