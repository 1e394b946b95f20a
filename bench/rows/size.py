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
    environment = context.mlflow_python.parents[1]
    uv = find_uv_bin()
    subprocess.run([uv, "venv", "--quiet", "--python", context.python, folder / "base"], check=True)
    subprocess.run([uv, "pip", "install", "--quiet", "--python", folder / "base" / "bin" / "python", ROOT], check=True)
    ours, theirs = (megabytes(each / "lib") + megabytes(each / "bin") for each in (folder / "base", environment))
    yield Row(
        "base installation", "MB", ours, theirs, limit=130, note="Without compiled bytecode; 1 MB is 1,000,000 bytes."
    )


def megabytes(folder: Path) -> float:
    """The size of all files, without bytecode, which depends on what has been imported. Links count nothing."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files if path.suffix != ".pyc") / 1e6
