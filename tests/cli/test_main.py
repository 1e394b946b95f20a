"""The command itself: help, version, exit codes, errors in one line."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from solvent.cli.main import COMMANDS, cli, one_line
from solvent.errors import InvalidInput
from tests.cli.conftest import COMMAND, Solvent
from tests.processes import PLAIN_USER, bare_environment


def test_the_table_says_what_the_commands_say() -> None:
    context = click.Context(cli)
    for name, (_, _, description) in COMMANDS.items():
        command = cli.get_command(context, name)
        assert command is not None
        assert command.get_short_help_str(limit=200) == description
        assert command.name == name


def test_every_command_has_help_and_says_what_it_does() -> None:
    def walk(command: click.Command, path: list[str]) -> list[list[str]]:
        if not isinstance(command, click.Group):
            return [path]
        context = click.Context(command)
        return [path] + [
            found
            for name in command.list_commands(context)
            if (inner := command.get_command(context, name))
            for found in walk(inner, [*path, name])
        ]

    paths = walk(cli, [])
    assert len(paths) > 10
    for path in paths:
        answer = CliRunner().invoke(cli, [*path, "--help"])
        assert answer.exit_code == 0
        assert "Options:" in answer.output


def test_help_imports_nothing_but_click() -> None:
    program = "import sys; from solvent.cli.main import main\ntry: main()\nfinally: print(sorted(sys.modules), file=sys.stderr)"
    shown = subprocess.run([sys.executable, "-c", program, "--help"], capture_output=True, text=True, check=True)
    loaded = shown.stderr
    heavy = ("yaml", "msgspec", "rich", "sqlite3", "starlette", "uvicorn", "urllib3", "asyncio", "psutil", "ssl")
    assert [name for name in heavy if f"'{name}'" in loaded] == []
    assert "experiments" in shown.stdout


def test_version(solvent: Solvent) -> None:
    answer = solvent("--version")
    assert (answer.returncode, answer.stdout.split()[:2]) == (0, ["solvent,", "version"])


def test_wrong_usage_is_exit_code_2(solvent: Solvent) -> None:
    for arguments in (["nonsense"], ["experiments", "create"], ["experiments", "create", "--nope"]):
        answer = solvent(*arguments)
        assert answer.returncode == 2
        assert "Error: " in answer.stderr


def test_a_failure_is_one_line_and_exit_code_1(solvent: Solvent) -> None:
    solvent("experiments", "create", "-n", "a")
    answer = solvent("experiments", "create", "-n", "a")
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert answer.stderr == "Error: Experiment 'a' already exists (id 1, active): choose another name\n"
    debugged = solvent("--debug", "experiments", "create", "-n", "a")
    assert debugged.returncode == 1
    assert "Traceback" in debugged.stderr
    assert debugged.stderr.endswith("choose another name\n")


def test_a_foreign_scheme_is_refused(solvent: Solvent) -> None:
    answer = solvent("experiments", "create", "-n", "a", "--tracking-uri", "databricks")
    assert answer.returncode == 1
    assert "the tracking URI 'databricks' can't be used: expected" in answer.stderr


def test_a_server_that_is_not_there_is_named(solvent: Solvent) -> None:
    answer = solvent("experiments", "create", "-n", "a", SOLVENT_TRACKING_URI="http://127.0.0.1:9")
    assert answer.returncode == 1
    assert answer.stderr.startswith("Error: ")
    assert "http://127.0.0.1:9" in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_a_closed_pipe_is_quiet(work: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        answer = subprocess.run([COMMAND, "--help"], stdout=closed, stderr=subprocess.PIPE, cwd=work, check=False)
    assert (answer.returncode, answer.stderr) == (1, b"")


def test_a_database_of_a_newer_version_is_named(solvent: Solvent, work: Path) -> None:
    solvent("experiments", "create", "-n", "a")
    program = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('PRAGMA user_version = 99'); c.commit()"
    subprocess.run([sys.executable, "-c", program, work / ".solvent" / "solvent.db"], check=True)
    answer = solvent("experiments", "create", "-n", "b")
    assert answer.returncode == 1
    assert "has schema version 99" in answer.stderr
    assert "upgrade Solvent" in answer.stderr


def test_another_programs_database_is_left_alone(solvent: Solvent, work: Path) -> None:
    database = work / "other.db"
    program = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('CREATE TABLE t (x)'); c.commit()"
    subprocess.run([sys.executable, "-c", program, database], check=True)
    answer = solvent("experiments", "create", "-n", "b", MLFLOW_TRACKING_URI=f"sqlite:///{database}")
    assert answer.returncode == 1
    assert "database of another program" in answer.stderr


def test_a_folder_that_can_not_be_written_is_named(solvent: Solvent, work: Path) -> None:
    (work / "file").write_text("")
    answer = solvent("experiments", "create", "-n", "a", "--tracking-uri", str(work / "file" / "store"))
    assert answer.returncode == 1
    assert answer.stderr.startswith("Error: ")
    assert answer.stderr.count("\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="needs file permissions")
def test_a_read_only_folder_is_named(work: Path) -> None:
    work.chmod(0o555)
    try:
        answer = subprocess.run(
            [*PLAIN_USER, COMMAND, "experiments", "create", "-n", "a"],
            cwd=work,
            env=bare_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        work.chmod(0o755)
    assert answer.returncode == 1
    assert answer.stderr.startswith("Error: ")
    assert ".solvent" in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_json_goes_to_stdout_alone(solvent: Solvent) -> None:
    solvent("experiments", "create", "-n", "a")
    answer = solvent("experiments", "get", "-n", "a", "--json")
    assert json.loads(answer.stdout)["name"] == "a"
    assert answer.stderr == ""


def test_a_password_in_an_unusable_address_is_not_shown(solvent: Solvent) -> None:
    answer = solvent("experiments", "search", "--tracking-uri", "postgresql://ann:secret@db/tracks")
    assert answer.returncode == 1
    assert "secret" not in answer.stderr
    assert "postgresql://db/tracks" in answer.stderr


def test_a_server_that_does_not_answer_is_named(work: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        command = [str(COMMAND), "experiments", "search", "--tracking-uri", address]
        with subprocess.Popen(command, cwd=work, env=bare_environment(), stderr=subprocess.PIPE, text=True) as waiting:
            assert waiting.stderr is not None
            assert waiting.stderr.readline() == f"Waiting for {address} (Ctrl-C ends it) ...\n"
            waiting.send_signal(signal.SIGINT)


def test_opening_a_store_on_a_full_disk_says_so(work: Path) -> None:
    """On a small file system of our own, in namespaces of our own."""
    (work / "small").mkdir()
    script = (
        'mount -t tmpfs -o size=1m tmpfs small && cd small && "$0" experiments create -n first'
        ' && (cat /dev/zero > filler; "$0" experiments search)'
    )
    answer = subprocess.run(
        ["unshare", "-rm", "bash", "-c", script, COMMAND],
        cwd=work,
        env=bare_environment(),
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 1
    assert "Error: no room left on the disk that holds" in answer.stderr


@pytest.mark.parametrize("kind", [InvalidInput, ValueError])
def test_what_an_error_quotes_does_not_move_the_cursor(kind: type[Exception]) -> None:
    told = one_line(kind("no file '\x1b[2Ja'\n  a\x9b1\n  ^"))

    assert told.startswith((r"no file '\x1b[2Ja'", r"ValueError: no file '\x1b[2Ja'"))
    assert r"a\x9b1" in told
    assert all(line.isprintable() for line in told.split("\n"))
    assert one_line(OSError(2, "No such file", "\x1b[2J")) == r"\x1b[2J: No such file"
