"""A project reproduces; copies of it with one planted cause each get the verdict that names it."""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from tests.projects.reproduce.conftest import Project, git

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("reproduce")]


def test_a_run_reproduces_and_keeps_the_verdict(project: Project) -> None:
    run_id = project.run("-P", "factor=3")
    verdict = project.reproduce(run_id)
    assert (verdict["outcome"], verdict["differences"]) == ("reproduced", [])
    assert verdict["compared"] == {"metrics": 1, "artifacts": 1}
    kept = json.loads(project.tags(run_id)["solvent.reproduction"])
    assert kept["outcome"] == "reproduced"
    assert kept["at"] > 0
    (repetition,) = kept["repetitions"]
    tags = project.tags(repetition)
    assert (tags["solvent.reproduces"], tags["mlflow.parentRunId"]) == (run_id, run_id)
    assert tags["mlflow.source.git.commit"] == git(project.small, "rev-parse", "HEAD")


def test_a_dirty_tree_reproduces_with_its_patch(project: Project) -> None:
    project.replace("OFFSET = 1.0", "from extra import OFFSET")
    (project.small / "extra.py").write_text("OFFSET = 5.0\n")
    run_id = project.run()
    git(project.small, "checkout", "-q", ".")
    (project.small / "extra.py").unlink()
    assert project.reproduce(run_id)["outcome"] == "reproduced"


def test_code_without_git_reproduces_from_the_kept_files(project: Project) -> None:
    (project.small / ".git").rename(project.folder / "elsewhere")
    run_id = project.run()
    (project.small / "train.py").write_text("raise SystemExit('changed since')\n")
    assert project.reproduce(run_id)["outcome"] == "reproduced"


def test_changed_code(project: Project) -> None:
    run_id = project.run()
    project.replace("OFFSET = 1.0", "OFFSET = 1.5")
    assert project.reproduce(run_id)["outcome"] == "reproduced", "it is the recorded code that is run"
    verdict = project.reproduce(run_id, "--code", project.small)
    assert (verdict["outcome"], verdict["causes"]) == ("diverged", ["code"])
    assert verdict["because"] == "train.py was changed"


def test_changed_package(project: Project) -> None:
    wheel(project.small, "1.0")
    project.replace("OFFSET = 1.0", "from shift import OFFSET")
    project.commit()
    run_id = project.run("--env-manager", "uv")
    wheel(project.small, "2.0")
    verdict = project.reproduce(run_id, "--environment", project.small)
    assert (verdict["outcome"], verdict["causes"]) == ("diverged", ["environment"])
    assert verdict["because"] == "shift 1.0 is 2.0 now"
    assert project.reproduce(run_id)["outcome"] == "reproduced", "the recorded environment is in the cache"
    verdict = project.reproduce(run_id, "--env-manager", "local")
    assert (verdict["outcome"], "environment" in verdict["causes"]) == ("cannot be repeated", True)
    assert "No module named 'shift'" in verdict["because"]


def test_a_package_of_the_same_version_with_other_files(project: Project) -> None:
    wheel(project.small, "1.0")
    project.replace("OFFSET = 1.0", "from shift import OFFSET")
    project.commit()
    run_id = project.run("--env-manager", "uv")
    wheel(project.small, "1.0", offset="1.5")
    verdict = project.reproduce(run_id, "--environment", project.small)
    assert (verdict["outcome"], verdict["causes"]) == ("diverged", ["environment"])
    assert verdict["because"] == "shift 1.0 has other files than it had, though its version is the same"


def test_changed_data(project: Project) -> None:
    rows = project.folder / "rows.csv"
    rows.write_text("10\n20\n")
    run_id = project.run("-P", "rows=rows.csv")
    rows.write_text("10\n21\n")
    stopped = project.reproduce(run_id)
    assert (stopped["outcome"], stopped["causes"]) == ("cannot be repeated", ["data"])
    assert f"{rows} has changed" in stopped["because"]
    assert stopped["repetitions"] == []
    verdict = project.reproduce(run_id, "--data-changed")
    assert (verdict["outcome"], verdict["causes"]) == ("diverged", ["data"])
    rows.unlink()
    assert "is not there any more" in project.reproduce(run_id)["because"]


def test_missing_seed(project: Project) -> None:
    project.replace("random.seed(7)\n", "")
    project.commit()
    verdict = project.reproduce(project.run())
    assert (verdict["outcome"], verdict["causes"]) == ("diverged", ["seed"])
    assert len(verdict["repetitions"]) == 6


def test_thread_nondeterminism(project: Project) -> None:
    project.replace("return number", "time.sleep(random.SystemRandom().random() / 50); return number")
    project.replace("for done in asked:", "for done in as_completed(asked):")
    project.commit()
    verdict = project.reproduce(project.run())
    assert (verdict["outcome"], verdict["causes"]) == ("diverged", ["nondeterminism"])
    assert "thread" in verdict["because"]


def test_data_that_no_commit_holds_is_brought_along(project: Project) -> None:
    (project.small / ".gitignore").write_text("*.csv\n")
    git(project.small, "rm", "-q", "--cached", "rows.csv")
    project.commit()
    project.replace("{rows}", "rows.csv", "MLproject")
    project.replace("{type: path, default: rows.csv}", "{type: string, default: none}", "MLproject")
    run_id = project.run()
    assert project.reproduce(run_id)["outcome"] == "reproduced"


def test_a_lost_commit_can_be_had_from_a_clone(project: Project, tmp_path: Path) -> None:
    run_id = project.run()
    git(tmp_path, "clone", "-q", "--bare", str(project.small), "clone.git")
    (project.small / ".git").rename(tmp_path / "gone")
    verdict = project.reproduce(run_id)
    assert (verdict["outcome"], verdict["causes"]) == ("cannot be repeated", ["code"])
    assert "--repository" in verdict["because"]
    assert project.reproduce(run_id, "--repository", tmp_path / "clone.git")["outcome"] == "reproduced"


def wheel(folder: Path, version: str, offset: str = "") -> None:
    """A package ``shift`` of this version, which the project's environment asks for."""
    name, info = f"shift-{version}-py3-none-any.whl", f"shift-{version}.dist-info"
    files = {
        "shift/__init__.py": f"OFFSET = {offset or version}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: shift\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},sha256={_hash(text)},{len(text)}\n" for path, text in files.items())
    with zipfile.ZipFile(folder / name, "w") as archive:
        for path, text in {**files, f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}.items():
            archive.writestr(path, text)
    (folder / "python_env.yaml").write_text(f"dependencies: [./{name}]\n")


def _hash(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def test_a_project_from_a_bare_repository_reproduces(project: Project, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--bare", str(project.folder / "small"), "small.git")
    git(project.small, "tag", "first")
    git(project.small, "push", "-q", str(tmp_path / "small.git"), "first")
    project.replace("OFFSET = 1.0", "OFFSET = 9.0")
    project.commit()
    git(project.small, "push", "-q", str(tmp_path / "small.git"), "main")
    ended = project.call("run", f"{tmp_path / 'small.git'}", "-v", "first", "--env-manager", "local", "--yes")
    run_id = ended.stdout.rpartition("ID='")[2].partition("'")[0]
    assert run_id, ended.stderr
    assert project.reproduce(run_id)["outcome"] == "reproduced"
