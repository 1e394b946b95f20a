"""The end of a process: its runs are ended, what it logged is delivered or kept."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

import solvent
from tests.client.conftest import Script, spools


def test_a_delivered_spool_is_gone_when_the_process_ends(home: Path, script: Script) -> None:
    script("import solvent\nfor i in range(1000): solvent.log_metric('m', i, step=i)\nsolvent.log_text('x', 'a.txt')")
    assert spools(home) == []
    (run,) = solvent.search_runs(output_format="list")
    assert run.info.status == "FINISHED"
    assert len(solvent.Client().get_metric_history(run.info.run_id, "m")) == 1000


@pytest.mark.parametrize(
    ("end", "code", "status"),
    [("raise ValueError('no')", 1, "FAILED"), ("raise KeyboardInterrupt", 1, "KILLED"), ("exit(0)", 0, "FINISHED")],
)
def test_a_run_that_is_open_ends_as_the_program_ends(
    home: Path, script: Script, end: str, code: int, status: str
) -> None:
    done = script(f"import solvent\nsolvent.log_metric('m', 1)\n{end}", check=False)
    assert done.returncode == code
    (run,) = solvent.search_runs(output_format="list")
    assert run.info.status == status


def test_a_server_that_never_answers_is_not_waited_for_long(home: Path, script: Script) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        code = """
import solvent
from solvent.client.process import shutdown
shutdown.HANG_SECONDS = 1.0
solvent.log_metric('m', 1)
"""
        done = script(code, SOLVENT_TRACKING_URI=f"http://127.0.0.1:{silent.getsockname()[1]}")
    assert "what was logged for" in done.stderr
    assert [file.suffix for file in spools(home)] == [".jsonl"]


@pytest.mark.parametrize("opened", ["solvent.start_run()\n", "with solvent.start_run():\n    "], ids=["open", "block"])
def test_why_a_run_failed_is_kept_without_secrets(home: Path, script: Script, opened: str) -> None:
    script(f"import solvent\n{opened}raise ValueError('no such\\ncolumn, password=hunter2')", check=False)
    (run,) = solvent.search_runs(output_format="list")
    assert run.data.tags["solvent.failure"] == "ValueError: no such column, password=[redacted]"


def test_an_error_that_was_typed_at_the_prompt_is_no_failure(home: Path) -> None:
    typed = "import solvent\nrun = solvent.start_run()\n1 / 0\n\nsolvent.log_metric('m', 1)\n"
    command = [sys.executable, "-i", "-c", ""]
    done = subprocess.run(command, input=typed, capture_output=True, text=True, timeout=60)
    assert "ZeroDivisionError" in done.stderr
    (run,) = solvent.search_runs(output_format="list")
    assert (run.info.status, run.data.metrics) == ("FINISHED", {"m": 1.0})
