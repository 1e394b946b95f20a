"""``solvent server`` and ``solvent ui`` as processes."""

from __future__ import annotations

import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cli.conftest import COMMAND, Solvent
from tests.processes import bare_environment


@contextmanager
def serving(work: Path, *arguments: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server on a free port, ended at the end; its URL and its process."""
    process = subprocess.Popen(
        [COMMAND, "server", "--port", "0", *arguments],
        cwd=work,
        env=bare_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().split()[-1], process
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def test_the_server_answers_once_it_says_so(work: Path) -> None:
    with serving(work) as (url, process):
        with urllib.request.urlopen(f"{url}/health", timeout=10) as answer:
            assert answer.read() == b"OK"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
        assert (process.returncode, errors) == (0, "")


def test_commands_work_through_it(solvent: Solvent, work: Path, project: Path) -> None:
    with serving(work, "--backend-store-uri", "sqlite:///far.db") as (url, _):
        answer = solvent("experiments", "create", "-n", "far", "--tracking-uri", url)
        assert answer.stdout == "Created experiment with ID 1\n"
        answer = solvent("run", "project", "--experiment-name", "far", MLFLOW_TRACKING_URI=url)
        assert answer.returncode == 0, answer.stderr
        run_id = answer.stdout.splitlines()[-1].split("'")[1]
        assert run_id in solvent("runs", "list", "-n", "far", SOLVENT_TRACKING_URI=url).stdout
        (work / "note.txt").write_text("hello")
        assert solvent("artifacts", "log", "-r", run_id, "note.txt", "--tracking-uri", url).returncode == 0
        fetched = solvent("artifacts", "download", "-u", f"runs:/{run_id}/note.txt", "-d", "out", "--tracking-uri", url)
        assert Path(fetched.stdout.strip()).read_text() == "hello"
    assert (work / "far.db").is_file()
    assert not (work / ".solvent").exists()


def test_what_answers_but_is_no_tracking_server_is_named(solvent: Solvent, work: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        process = subprocess.Popen(
            [COMMAND, "experiments", "create", "-n", "a", "--tracking-uri", f"http://127.0.0.1:{port}"],
            cwd=work,
            env=bare_environment(),
            stderr=subprocess.PIPE,
            text=True,
        )
        connection, _ = listener.accept()
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")
        connection.close()
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert errors.startswith("Error: ")
    assert f"127.0.0.1:{port}" in errors
    assert errors.count("\n") == 1


def test_a_port_in_use_is_named(solvent: Solvent) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        answer = solvent("ui", "--port", port)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.startswith(f"Error: port {port} on 127.0.0.1 is in use")
    assert answer.stderr.count("\n") == 1


def test_a_server_is_not_served_again(solvent: Solvent) -> None:
    answer = solvent("ui", SOLVENT_TRACKING_URI="http://127.0.0.1:9")
    assert answer.returncode == 1
    assert "is a server already: open it in a browser" in answer.stderr


def test_other_machines_are_let_in_only_when_told(solvent: Solvent) -> None:
    answer = solvent("server", "--host", "0.0.0.0", "--port", "0")
    assert answer.returncode == 1
    assert "--insecure" in answer.stderr


def test_wrong_flags_are_wrong_usage(solvent: Solvent) -> None:
    for arguments in (["--port", "99999"], ["--port", "http"], ["--workers", "0"]):
        assert solvent("server", *arguments).returncode == 2
