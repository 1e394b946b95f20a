"""``solvent diff`` on runs that were recorded in a repository."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Solvent
from tests.processes import bare_environment

SCRIPT = """import sys, solvent
with solvent.start_run(run_name=sys.argv[1]):
    solvent.log_param("alpha", sys.argv[2])
    solvent.log_metric("loss", float(sys.argv[2]))
    solvent.set_tag("evil", "\\x1b[31m| `x`")
"""


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A repository and the runs of four states of it by name: committed, changed, the change committed, alpha too."""
    folder = tmp_path_factory.mktemp("repository")

    def call(*command: str) -> str:
        return subprocess.run(
            command, cwd=folder, env=bare_environment(), check=True, capture_output=True, text=True
        ).stdout

    def train(name: str, alpha: str) -> str:
        call(sys.executable, "train.py", name, alpha)
        found = call(sys.executable, "-m", "solvent.cli.main", "runs", "list", "--max-results", "1", "--json")
        return str(json.loads(found)[0]["info"]["run_id"])

    call("git", "init", "-q")
    (folder / "train.py").write_text(SCRIPT)
    (folder / ".gitignore").write_text(".solvent\n")
    commit = ("git", "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qam", "state")
    call("git", "add", "-A")
    call(*commit)
    runs = {"first": train("first", "0.5")}
    (folder / "train.py").write_text(SCRIPT + "\tprint('\x1b[1m')\n".replace("\t", "    "))
    runs["changed"] = train("changed", "0.5")
    call(*commit)
    runs["committed"] = train("committed", "0.5")
    runs["other"] = train("other", "0.25")
    return folder, runs


def test_differences_come_first_and_what_is_equal_is_one_line(
    solvent: Solvent, recorded: tuple[Path, dict[str, str]]
) -> None:
    folder, runs = recorded
    answer = solvent("diff", runs["changed"], runs["other"], "--code", cwd=folder)
    lines = [line.split() for line in answer.stdout.splitlines()]
    assert ["param", "alpha", "0.5", "0.25"] in lines
    assert ["metric", "loss", "0.5", "0.25", "(-0.25,", "-50.00%)"] in lines
    assert ["the", "same", "in", "all", "files"] in lines
    assert "evil" not in answer.stdout
    assert len(answer.stderr.splitlines()) == 1
    assert "1 of tags" in answer.stderr
    assert "evil" in solvent("diff", runs["first"], runs["other"], "--all", cwd=folder).stdout


def test_the_lines_of_code_that_differ_are_told_with_the_repository_and_without(
    solvent: Solvent, recorded: tuple[Path, dict[str, str]], work: Path
) -> None:
    folder, runs = recorded
    store = str(folder / ".solvent")
    by: list[tuple[list[str], str]] = [([], "what was recorded"), (["--repository", str(folder)], "the repository")]
    for arguments, source in by:
        answer = solvent("diff", runs["first"], runs["changed"], "--code", "--tracking-uri", store, *arguments)
        assert f"Code from first to changed, by {source}" in answer.stdout
        assert "  train.py  +1 -0" in answer.stdout
        assert "+    print('\\x1b[1m')" in answer.stdout
        assert "\x1b" not in answer.stdout
    told = solvent("diff", runs["first"], runs["other"], "--tracking-uri", store, cwd=work).stdout
    assert "is known to the repository: 'solvent diff' in its folder tells it" in told


@pytest.mark.parametrize(
    ("one", "other", "code", "differing"),
    [
        ("first", "first", 0, []),
        ("first", "changed", 1, ["code"]),
        ("changed", "committed", 0, []),
        ("committed", "other", 1, ["params", "metrics"]),
    ],
)
def test_the_exit_code_tells_whether_the_runs_were_meant_to_be_alike(
    solvent: Solvent, recorded: tuple[Path, dict[str, str]], one: str, other: str, code: int, differing: list[str]
) -> None:
    folder, runs = recorded
    answer = solvent("diff", runs[one], runs[other], "--exit-code", "--json", cwd=folder)
    assert (answer.returncode, json.loads(answer.stdout)["differing"]) == (code, differing)


def test_files_are_written(solvent: Solvent, recorded: tuple[Path, dict[str, str]], work: Path) -> None:
    folder, runs = recorded
    page, data = work / "diff.md", work / "diff.json"
    answer = solvent(
        "diff", *runs.values(), "--all", "--code", "-o", f"markdown={page}", "-o", f"json={data}", cwd=folder
    )
    assert (answer.stdout, answer.stderr) == ("", "Differing: code, params, metrics\n")
    assert "| param alpha | 0.5 | 0.5 | 0.5 | 0.25 |" in page.read_text()
    assert r"\\x1b\[31m\| \`x\`" in page.read_text()
    assert "```diff\ndiff a/train.py b/train.py\n" in page.read_text()
    assert len(json.loads(data.read_text())["runs"]) == 4


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["a"], "name 2 to 20 runs: 1 came"),
        (["a"] * 21, "name 2 to 20 runs: 21 came"),
        (["a", "b", "-o", "markdwon"], "there is no format 'markdwon': did you mean markdown?"),
        (["a", "b", "-o", "html"], "there is no format 'html': expected one of text, markdown, json"),
        (["a", "b"], "Run with id=a not found"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(solvent: Solvent, arguments: list[str], message: str) -> None:
    answer = solvent("diff", *arguments)
    assert answer.returncode in (1, 2)
    assert message in answer.stderr.splitlines()[-1]
