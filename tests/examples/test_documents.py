"""Every example of these pages does what the page says."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.examples.documents import Step, steps
from tests.processes import bare_environment, free_port

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
PAGES = [
    "README.md",
    "docs/first-steps.md",
    "docs/running-projects.md",
    "docs/projects.md",
    "docs/reproduce.md",
    "docs/diff.md",
    "docs/contracts.md",
    "docs/checking-data.md",
    "docs/data-profiles.md",
    "docs/debt/checking.md",
    "docs/debt/paying.md",
]
UI = "solvent ui"
PORT = 5000

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("examples")]


def environment() -> dict[str, str]:
    inherited = bare_environment()
    return inherited | {"PATH": f"{BIN}:{inherited.get('PATH', '/usr/bin:/bin')}"}


def run(step: Step, folder: Path) -> None:
    command = ["bash", "-c", step.code] if step.kind == "console" else [sys.executable, "-c", step.code]
    ended = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True)
    told = f"{step.code}\nexit code {ended.returncode}\n{ended.stdout}\n{ended.stderr[-3000:]}"
    assert ended.returncode == step.exit_code, told
    assert step.matches(ended.stdout), told
    assert "Traceback" not in ended.stderr, told
    if step.exit_code:
        assert len(ended.stderr.strip().splitlines()) == 1, told


def look_at_the_page(step: Step, folder: Path) -> None:
    """Start the page's server, read its promised line, ask it once, and stop it as Ctrl-C does.

    On a machine where something listens at the promised port, another one takes its place.
    """
    port = PORT if is_free(PORT) else free_port()
    command = ["bash", "-c", f"exec {step.code}" + (f" --port {port}" if port != PORT else "")]
    with subprocess.Popen(command, cwd=folder, env=environment(), stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            line = server.stdout.readline()
            assert step.matches(line.replace(str(port), str(PORT))), line
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
                assert b"<html" in answer.read().lower()
        finally:
            server.send_signal(signal.SIGINT)
    assert server.returncode == 0


def is_free(port: int) -> bool:
    with socket.socket() as listener:
        return listener.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.parametrize("document", PAGES)
def test_the_examples_of_a_page_work(document: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    followed = steps(ROOT / document)
    assert len(followed) > 5
    for step in followed:
        if step.code == UI:
            look_at_the_page(step, tmp_path)
        else:
            run(step, tmp_path)
