"""One ruff process over many files: explicit rules, no configuration and no cache of the project."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import import_module, metadata
from pathlib import Path

import msgspec

from solvent.debt.delegated.reported import Reported

TIMEOUT_SECONDS = 600
_TARGET = "py313"
"""The newest syntax that the oldest supported ruff knows; what it can't parse it leaves out."""


class RuffFailed(Exception):
    """ruff could not be run to its end; the message says why, on one line."""


class RuffHung(RuffFailed):
    """It was not done in time: asking again would take as long."""


class _Location(msgspec.Struct):
    row: int
    column: int


class _Diagnostic(msgspec.Struct):
    filename: str
    location: _Location
    end_location: _Location
    message: str
    code: str | None = None
    cell: int | None = None


def version() -> str | None:
    """The version of the installed ruff; None without the extra ``[debt]``."""
    return metadata.version("ruff") if _program() is not None else None


@cache
def _program() -> str | None:
    try:
        return os.fsdecode(import_module("ruff.__main__").find_ruff_bin())
    except (ImportError, FileNotFoundError):
        return None


def run(root: Path, paths: Iterable[str], select: Sequence[str]) -> dict[str, list[Reported]]:
    """What ruff reports of these files, by path relative to ``root``, in the order of their lines.

    Raises:
        RuffFailed: it ended with an error, hung, or is not installed.
    """
    program = _program()
    if program is None:
        raise RuffFailed("it is not installed")
    with tempfile.TemporaryDirectory(prefix="solvent-ruff-") as folder:
        listed = Path(folder, "files")
        listed.write_text("".join(f"./{path}\n" for path in paths if is_listable(path)), encoding="utf-8")
        command = [program, "check", "--isolated", "--no-cache", "--exit-zero", "--quiet", "--output-format", "json"]
        command += ["--target-version", _TARGET, "--select", ",".join(select), f"@{listed}"]
        try:
            ended = subprocess.run(  # noqa: S603 - the program is the installed package's own
                command, cwd=root, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise RuffHung(f"it was not done after {TIMEOUT_SECONDS} s") from None
        except OSError as error:
            raise RuffFailed(f"it can't be started: {error.strerror}") from error
    if ended.returncode:
        raise RuffFailed(f"it ended with {ended.returncode}: {_one_line(ended.stderr)}")
    try:
        diagnostics = msgspec.json.decode(ended.stdout, type=list[_Diagnostic])
    except msgspec.MsgspecError as error:
        raise RuffFailed(f"its answer is not understood: {error}") from None
    return _by_path(root, diagnostics, frozenset(select))


def works(select: Sequence[str]) -> bool:
    """Whether it runs at all, on a file that holds nothing."""
    with tempfile.TemporaryDirectory(prefix="solvent-ruff-") as folder:
        Path(folder, "empty.py").touch()
        try:
            run(Path(folder), ["empty.py"], select)
        except RuffFailed:
            return False
    return True


def is_listable(path: str) -> bool:
    """Whether a path can stand on a line of a file."""
    return "\n" not in path and "\r" not in path


def _by_path(root: Path, diagnostics: Iterable[_Diagnostic], wanted: frozenset[str]) -> dict[str, list[Reported]]:
    found: dict[str, list[Reported]] = {}
    prefix = f"{root}{os.sep}"
    for each in diagnostics:
        if each.code in wanted:
            path = each.filename.removeprefix(prefix).replace(os.sep, "/")
            cell = each.cell - 1 if each.cell is not None else None  # ruff counts cells from 1
            begin, end = each.location, each.end_location
            found.setdefault(path, []).append(
                Reported(each.code, cell, begin.row, begin.column, end.row, end.column, each.message)
            )
    for reports in found.values():
        reports.sort(key=lambda report: (-1 if report.cell is None else report.cell, report.line, report.column))
    return found


def _one_line(text: bytes) -> str:
    return " ".join(text.decode(errors="replace").split())[:300]
