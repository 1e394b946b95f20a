"""Calling uv, whose binary comes with us as a dependency."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from solvent.projects.errors import EnvironmentFailed

_MOST_SHOWN = 1500
_GRACE_SECONDS = 3.0


def run_uv(arguments: Sequence[str | Path], *, cwd: Path | None = None) -> str:
    """What uv prints on stdout.

    It fetches no interpreter unless ``UV_PYTHON_DOWNLOADS`` allows it, and trusts the certificates
    that the machine trusts.

    Raises:
        UvFailed: it failed; the message is what it said, on one line.
    """
    try:
        process = subprocess.Popen(  # noqa: S603 - a list, no shell
            [_binary(), *arguments],
            cwd=cwd,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            process_group=0,
        )
    except OSError as error:
        raise EnvironmentFailed(f"uv can't be started ({error.strerror}): reinstall it with pip install uv") from error
    try:
        output, errors = process.communicate()
    except BaseException:  # we are interrupted: what uv has started, such as a compiler, ends with it
        _end(process)
        raise
    if process.returncode:
        raise UvFailed(_one_line(errors.decode("utf-8", "replace")))
    return output.decode("utf-8", "replace").strip()


class UvFailed(EnvironmentFailed):
    """uv has ended with an error."""


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.communicate(timeout=_GRACE_SECONDS)
    with suppress(ProcessLookupError, PermissionError):  # what it leaves is deaf to the first signal
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _binary() -> str:
    from uv import find_uv_bin

    try:
        return find_uv_bin()
    except FileNotFoundError as error:
        raise EnvironmentFailed("uv, which makes environments, is not installed: pip install uv") from error


def _environment() -> dict[str, str]:
    variables = {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONPATH")}
    variables.setdefault("UV_PYTHON_DOWNLOADS", "never")
    if "UV_NATIVE_TLS" not in variables and Path("/etc/ssl/certs/ca-certificates.crt").is_file():
        variables.setdefault("UV_SYSTEM_CERTS", "1")
    return variables


def _one_line(text: str) -> str:
    """uv's message without its drawing: marks, arrows and line breaks."""
    words = (word for word in text.split() if word.isascii() and word != "error:")
    line = " ".join(words)
    return line if len(line) <= _MOST_SHOWN else line[:_MOST_SHOWN] + "..."
