"""Finding the interpreter that a project asks for, on this machine."""

from __future__ import annotations

import platform
import sys
from pathlib import Path
from typing import NamedTuple

from solvent.projects.errors import EnvironmentFailed
from solvent.projects.uv import UvFailed, run_uv


class Interpreter(NamedTuple):
    """``identity`` changes when another interpreter lies at the path."""

    path: Path
    identity: str


def find_interpreter(version: str) -> Interpreter:
    """The interpreter of a version such as ``3.11`` or ``3.11.7``; empty means the one that runs Solvent.

    Raises:
        EnvironmentFailed: there is none on this machine; the message names those that are.
    """
    if not version or f"{platform.python_version()}.".startswith(f"{version}."):
        path = Path(sys.executable)
        return Interpreter(path, f"{sys.implementation.name} {sys.version} {_identity(path)}")
    try:
        path = Path(run_uv(["python", "find", "--system", "--no-project", "--quiet", version]))
    except UvFailed as error:
        raise EnvironmentFailed(
            f"the project asks for Python {version}, which is not on this machine (found: {_known()}): install it, change"
            " the version in the project's environment file, or set UV_PYTHON_DOWNLOADS=automatic to let uv fetch it"
        ) from error
    return Interpreter(path, _identity(path))


def _identity(path: Path) -> str:
    real = path.resolve()
    return f"{real} {real.stat().st_mtime_ns}"


def _known() -> str:
    """The versions that uv finds, newest first."""
    try:
        keys = run_uv(["python", "list", "--only-installed", "--quiet"]).splitlines()
    except EnvironmentFailed:
        keys = []
    versions = {parts[1] for key in keys if len(parts := key.split()[0].split("-")) > 1}
    return ", ".join(sorted(versions | {platform.python_version()}, reverse=True))
