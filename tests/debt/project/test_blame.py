"""The age of lines by git."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from solvent.debt.engine.check import Options, check
from solvent.debt.project.blame import DAY, days_unchanged


def _commit(folder: Path, days_ago: int) -> None:
    at = f"{int(time.time()) - days_ago * DAY} +0000"
    environment = os.environ | {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at}
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    for arguments in (["add", "-A"], ["commit", "-q", "-m", "A change"]):
        subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, env=environment)


def test_each_line_has_the_age_of_its_last_change(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    file = tmp_path / "a.py"
    file.write_text("one\ntwo\nthree\n")
    _commit(tmp_path, 400)
    file.write_text("one\nTWO\nthree\n")
    _commit(tmp_path, 300)
    file.write_text("one\nTWO\nTHREE\n")
    _commit(tmp_path, 10)
    file.write_text("one\nTWO\nTHREE\nfour\n")

    ages = days_unchanged(tmp_path, {"a.py": [1, 2, 3, 4]}, 180)

    assert ages["a.py", 1] >= 180
    assert ages["a.py", 2] >= 180
    assert ages["a.py", 3] == 10
    assert ("a.py", 4) not in ages


def test_what_git_does_not_know_has_no_age(tmp_path: Path) -> None:
    assert days_unchanged(tmp_path, {"a.py": [1]}, 180) == {}


def test_admitted_debt_grows_worse_with_age(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "old.py").write_text("import pandas\n# TODO: validate the data\n")
    _commit(tmp_path, 400)
    (tmp_path / "new.py").write_text("import pandas\n# FIXME: the split leaks\n")
    _commit(tmp_path, 3)

    report = check(Options(paths=[tmp_path], select=["COD205"], preview=True, cache=False, jobs=1))

    assert {finding.path: finding.severity for finding in report.findings} == {"old.py": "medium", "new.py": "low"}


def test_programs_that_the_repository_configures_are_not_run(tmp_path: Path) -> None:
    root, trace = tmp_path / "project", tmp_path / "trace"
    root.mkdir()
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    (root / ".gitattributes").write_text("*.py diff=evil filter=evil\n")
    (root / "a.py").write_text("import pandas\n# TODO: validate the data\n")
    _commit(root, 400)
    for key in ("diff.evil.textconv", "filter.evil.clean"):
        subprocess.run(["git", "-C", str(root), "config", key, f"touch {trace}; cat"], check=True)
    (root / "a.py").write_text("import pandas\n# TODO: validate the data\nx = 1\n")

    report = check(Options(paths=[root], select=["COD205", "PIP502"], preview=True, cache=False, jobs=1))

    assert [finding.severity for finding in report.findings] == ["medium"]
    assert not trace.exists()
