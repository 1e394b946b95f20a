"""What an installation weighs: the base of Solvent, and MLflow."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

from uv import find_uv_bin

from bench.context import Context
from bench.table import Row

ROOT = Path(__file__).parents[2]


def rows(context: Context) -> Iterator[Row]:
    folder = context.empty()
    uv = find_uv_bin()
    subprocess.run([uv, "venv", "--quiet", "--python", context.python, folder / "base"], check=True)
    subprocess.run([uv, "pip", "install", "--quiet", "--python", folder / "base" / "bin" / "python", ROOT], check=True)
    ours = megabytes(folder / "base" / "lib") + megabytes(folder / "base" / "bin")
    theirs = megabytes(context.mlflow_python.parents[1] / "lib")
    yield Row(
        "base installation", "MB", ours, theirs, limit=130, note="Without compiled bytecode; 1 MB is 1,000,000 bytes."
    )


def megabytes(folder: Path) -> float:
    """The size of all files, without bytecode, which depends on what has been imported. Links count nothing."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files if path.suffix != ".pyc") / 1e6
