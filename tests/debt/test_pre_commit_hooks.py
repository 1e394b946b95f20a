"""The hook definition that other repositories use."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.debt.repositories import commit, git, put
from tests.processes import bare_environment

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
BAD = "import numpy as np\nx == np.nan\n"


def pre_commit(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = bare_environment(
        PATH=f"{BIN}{os.pathsep}{os.environ['PATH']}",
        PRE_COMMIT_HOME=str(folder.parent / "pre-commit"),
        SOLVENT_CACHE=str(folder.parent / "cache"),
    )
    command = [sys.executable, "-m", "pre_commit", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


def test_the_manifest_is_valid(tmp_path: Path) -> None:
    checked = pre_commit(tmp_path, "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml"))

    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository whose hook is ours, run by the Solvent of these tests."""
    root = tmp_path / "project"
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    hook["language"] = "unsupported"  # no environment of its own
    config = {"repos": [{"repo": "local", "hooks": [hook]}]}
    files = {".pre-commit-config.yaml": yaml.safe_dump(config), "solvent.toml": '[debt]\nselect = ["COD207"]\n'}
    commit(root, {**files, "old.py": BAD})
    return root


def test_it_stops_what_the_commit_adds_and_nothing_else(project: Path) -> None:
    put(project, {"old.py": BAD + "y = 1\n", "fine.py": "x = 1\n", "notes.txt": "text\n"})
    git(project, "add", "-A")
    passed = pre_commit(project, "run")
    assert passed.returncode == 0, passed.stdout + passed.stderr

    put(project, {"new.py": BAD})
    git(project, "add", "-A")
    stopped = pre_commit(project, "run")
    assert stopped.returncode == 1
    assert "new.py:2:1: COD207" in stopped.stdout
    assert "old.py" not in stopped.stdout
    assert git(project, "status", "--porcelain").splitlines() == [
        "A  fine.py",
        "A  new.py",
        "A  notes.txt",
        "M  old.py",
    ]


def test_as_a_git_hook(project: Path) -> None:
    """git gives hooks its index and its folder in variables."""
    assert pre_commit(project, "install").returncode == 0
    put(project, {"new.py": BAD})
    git(project, "add", "-A")
    before = git(project, "rev-parse", "HEAD")
    environment = bare_environment(
        PATH=f"{BIN}{os.pathsep}{os.environ['PATH']}", PRE_COMMIT_HOME=str(project.parent / "pre-commit")
    )
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    refused = subprocess.run(
        ["git", *who, "commit", "-am", "new"], cwd=project, env=environment, capture_output=True, text=True, timeout=120
    )

    assert refused.returncode == 1
    assert "new.py:2:1: COD207" in refused.stdout + refused.stderr
    assert git(project, "rev-parse", "HEAD") == before
    assert git(project, "status", "--porcelain") == "A  new.py\n"
