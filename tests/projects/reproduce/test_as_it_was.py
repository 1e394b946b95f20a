"""What a repetition reads and writes: the recorded code, variables and paths, and not the user's files of today."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from solvent.projects.reproduce.code import changed_code
from tests.projects.reproduce.conftest import Project, git

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("reproduce")]

READ = "OFFSET = 1.0"


def started(project: Project, *arguments: str, **variables: str) -> str:
    ended = project.call("run", *arguments, "--env-manager", "local", **variables)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.rsplit("ID='", 1)[1].split("'")[0]


def test_a_path_in_a_text_parameter_and_on_the_modules_path_leads_to_the_recorded_code(project: Project) -> None:
    (project.small / "src").mkdir()
    (project.small / "src" / "shift.py").write_text("OFFSET = 2.0\n")
    conf = project.small / "conf.txt"
    conf.write_text("1")
    project.replace(READ, "from shift import OFFSET; OFFSET += float(open(sys.argv[-1]).read())")
    project.commit()
    run_id = started(project, "small", "-P", f"conf={conf}", PYTHONPATH=str(project.small / "src"))
    conf.write_text("2")
    (project.small / "src" / "shift.py").write_text("OFFSET = 7.0\n")
    assert project.reproduce(run_id)["outcome"] == "reproduced"


def test_what_is_read_outside_of_the_record_is_named(project: Project, tmp_path: Path) -> None:
    outside = tmp_path / "conf.txt"
    outside.write_text("1")
    project.replace(READ, "OFFSET = float(open(sys.argv[-1]).read())")
    project.commit()
    run_id = project.run("-P", f"conf={outside}")
    outside.write_text("2")
    verdict = project.reproduce(run_id)
    assert verdict["causes"] == ["unrecorded"]
    assert any(f"parameter 'conf' names {outside}" in note for note in verdict["notes"])


def test_variables_are_set_and_unset_as_they_were(project: Project) -> None:
    project.replace(READ, "import os; OFFSET = float(os.environ.get('MY_FLAG', 0)) + len(os.environ.get('LC_ALL', ''))")
    project.commit()
    run_id = started(project, "small", SOLVENT_PROVENANCE_VARIABLES="MY_FLAG", MY_FLAG="5")
    ended = project.call("reproduce", run_id, "--json", MY_FLAG="7", LC_ALL="C.UTF-8")
    verdict = json.loads(ended.stdout)
    assert (verdict["outcome"], verdict["known"]) == ("reproduced", [])


def test_results_that_a_run_writes_outside_stay_the_users(project: Project, tmp_path: Path) -> None:
    results = tmp_path / "results"
    results.mkdir()
    (results / "earlier.txt").write_text("mine")
    project.replace("{type: path, default: rows.csv}", "{type: path, default: rows.csv}\n      out: path", "MLproject")
    project.replace("{factor}", "{factor} {out}", "MLproject")
    project.replace(READ, "import os; OFFSET = 1.0; open(sys.argv[3] + '/model.txt', 'w').write(str(os.getpid()))")
    project.commit()
    run_id = project.run("-P", f"out={results}")
    written = (results / "model.txt").read_text()
    stopped = project.reproduce(run_id)
    assert stopped["outcome"] == "cannot be repeated"
    assert "may write its results there" in stopped["because"]
    assert project.reproduce(run_id, "--data-changed")["outcome"] == "reproduced"
    assert (results / "model.txt").read_text() == written


def test_code_beside_the_project_is_compared_too(project: Project) -> None:
    inner = project.small / "inner"
    inner.mkdir()
    for name in ("MLproject", "train.py", "rows.csv"):
        (project.small / name).rename(inner / name)
    (project.small / "shift.py").write_text("OFFSET = 1.0\n")
    train = inner / "train.py"
    train.write_text(train.read_text().replace(READ, "sys.path.insert(0, '..'); from shift import OFFSET"))
    project.commit()
    run_id = started(project, "small/inner")
    (project.small / "shift.py").write_text("OFFSET = 2.0\n")
    verdict = project.reproduce(run_id, "--code", inner)
    assert (verdict["causes"], verdict["because"]) == (["code"], "shift.py was changed")


def test_an_ignored_module_is_named_when_it_is_missing(project: Project) -> None:
    (project.small / ".gitignore").write_text("shift.py\n")
    (project.small / "shift.py").write_text("OFFSET = 1.0\n")
    project.replace(READ, "from shift import OFFSET")
    project.commit()
    verdict = project.reproduce(project.run())
    assert (verdict["outcome"], verdict["causes"]) == ("cannot be repeated", ["code"])
    assert f"{project.small / 'shift.py'} is there, but was not kept" in verdict["because"]


def test_line_ends_and_hashes_of_the_repository_are_as_they_were(project: Project) -> None:
    (project.small / ".git").rename(project.folder / "elsewhere")
    git(project.small, "init", "-q", "--object-format=sha256", "-b", "main")
    git(project.small, "config", "core.autocrlf", "true")
    (project.small / "text.txt").write_bytes(b"a\r\nb\r\n")
    project.replace(READ, "OFFSET = float(len(open('text.txt', 'rb').read()))")
    project.commit()
    (project.small / "text.txt").write_bytes(b"a\r\nbb\r\n")
    assert project.reproduce(project.run())["outcome"] == "reproduced"


def test_a_sweep_is_not_repeated_as_if_it_were_one_of_its_runs(project: Project) -> None:
    verdict = project.reproduce(started(project, "small", "--sweep", "-P", "factor=1,2"))
    assert (verdict["outcome"], verdict["repetitions"]) == ("cannot be repeated", [])
    assert "reproduce each of them" in verdict["because"]


def test_a_deleted_run_is_not_repeated(project: Project) -> None:
    run_id = project.run()
    project.call("runs", "delete", "--run-id", run_id)
    assert "it is deleted" in project.reproduce(run_id)["because"]


def test_a_tolerance_of_an_unknown_metric_and_ignored_results_are_told(project: Project) -> None:
    run_id = project.run()
    ended = project.call("reproduce", run_id, "--tolerance", "totl=5")
    assert ended.returncode != 0
    assert "expected one of total" in ended.stderr
    ended = project.call("reproduce", run_id, "--ignore", "*")
    assert "left out by --ignore: *" in ended.stdout
    assert "nothing was compared but how it ended" in ended.stdout


def test_data_that_only_a_zip_holds_is_had_from_it(project: Project) -> None:
    (project.small / "rows.csv").write_text("1\n" * 50_000)
    packed = project.folder / "small.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("MLproject", "train.py", "rows.csv"):
            archive.write(project.small / name, name)
    run_id = started(project, "small.zip")
    assert project.reproduce(run_id)["outcome"] == "reproduced"


def test_a_commit_is_had_from_a_remote_that_lies_beside(project: Project) -> None:
    git(project.folder, "clone", "-q", "--bare", "small", "small.git")
    git(project.small, "remote", "add", "origin", "../small.git")
    run_id = project.run()
    project.small.rename(project.folder / "moved")
    assert project.reproduce(run_id)["outcome"] == "reproduced"


def test_a_submodule_and_an_inner_repository_are_known_not_to_be_kept(project: Project) -> None:
    for name in ("lib", "inner"):
        (project.small / name).mkdir()
        git(project.small / name, "init", "-q")
        (project.small / name / "shift.py").write_text("OFFSET = 1.0\n")
        git(project.small / name, "add", ".")
        git(project.small / name, "commit", "-qm", "x")
    git(project.small, "add", "lib")
    git(project.small, "commit", "-qm", "with a submodule")
    known = [each["what"] for each in project.reproduce(project.run())["known"]]
    assert known == ["lib is a submodule, which was not kept", "inner/ was not kept"]


def test_each_fresh_folder_goes_when_its_repetition_is_done(project: Project) -> None:
    alone = "import os; assert len([name for name in os.listdir('..') if name.isdigit()]) <= 1"
    project.replace("random.seed(7)\n", f"{alone}\n")
    project.commit()
    verdict = project.reproduce(project.run())
    assert (verdict["causes"], len(verdict["repetitions"])) == (["seed"], 6)


def test_many_files_beside_it_hide_no_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solvent.projects.reproduce.code._MOST_COMPARED", 3)
    then, now = tmp_path / "then", tmp_path / "now"
    for folder in (then, now):
        (folder / "src").mkdir(parents=True)
        (folder / "src" / "train.py").write_text("")
    for number in range(9):
        (now / f"{number}.jpg").write_text("")
    assert changed_code(then, now) == []
