"""The program that this process runs: a script, a module, a notebook, or what somebody types."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Program(NamedTuple):
    """``file`` is its main file if that is the user's own, neither typed nor an installed program.

    ``kind`` is one of MLflow's source types; ``command`` is the command line, secrets and all.
    """

    file: Path | None
    name: str
    kind: str
    command: Sequence[str]


def main_file() -> str | None:
    """The absolute path of the file that Python was started with, ``python -m`` included; None without one."""
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
        return None
    found = str(getattr(sys.modules.get("__main__"), "__file__", None) or "")
    if not found or found.startswith("<"):  # <stdin>
        return None
    return os.path.abspath(found)  # noqa: PTH100 - '..' is folded, links stay


def shown_name() -> str:
    """What to call the program: its main file, or how its code came in."""
    if (file := main_file()) is not None:
        return file
    first = sys.argv[0] if sys.argv else ""
    if first == "-c":
        return "<command>"
    return "<stdin>" if first == "-" or not (first or hasattr(sys, "ps1")) else "<interactive>"


def this_program() -> Program:
    """What this process runs."""
    from solvent.provenance.notebook import executed_cells, notebook_name

    notebook = notebook_name()
    is_notebook = notebook is not None or executed_cells() is not None
    file = None if is_notebook else main_file()
    return Program(
        file=Path(file) if file and Path(file).is_file() and not _is_installed(Path(file)) else None,
        name=notebook or shown_name(),
        kind="NOTEBOOK" if is_notebook else "LOCAL",
        command=sys.orig_argv or sys.argv,
    )


def _is_installed(file: Path) -> bool:
    """Whether a file belongs to the Python environment: ``pytest``, ``ipykernel_launcher`` and the like, which
    run code of the working folder."""
    import sysconfig

    places = {sysconfig.get_path(name) for name in ("scripts", "purelib", "platlib", "stdlib", "platstdlib")}
    if not {"site-packages", "dist-packages"}.isdisjoint(file.parts):
        return True
    return any(parent in {Path(place) for place in places} for parent in file.parents)
