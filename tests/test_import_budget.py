"""What is imported when: the processor time is measured by the benchmark, its cause is held here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HEAVY = ("msgspec", "urllib3", "asyncio", "sqlite3", "numpy", "pandas", "psutil", "yaml", "click", "rich", "starlette")


def imported_by(code: str, folder: Path) -> set[str]:
    """The modules that are loaded right after the code, before anything runs in the background."""
    environment = os.environ | {"SOLVENT_HOME": str(folder)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    program = f"import sys\nbefore = set(sys.modules)\n{code}\nprint('\\n'.join(set(sys.modules) - before))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment, timeout=60
    )
    return set(done.stdout.split())


def test_import_solvent_loads_next_to_nothing(tmp_path: Path) -> None:
    modules = imported_by("import solvent", tmp_path)
    assert modules.isdisjoint(HEAVY)
    assert {name for name in modules if name.startswith("solvent")} == {"solvent"}


def test_the_first_metric_loads_no_backend(tmp_path: Path) -> None:
    modules = imported_by("import solvent; solvent.log_metric('m', 1.0)", tmp_path)
    assert modules.isdisjoint(HEAVY)
    assert not {name for name in modules if name.startswith(("solvent.wire", "solvent.backend", "solvent.store"))}
