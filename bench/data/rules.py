"""50 rules on 1,000,000 rows of 50 columns, beside pandera on Polars, pointblank and Great Expectations."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from uv import find_uv_bin

from bench.data.page import Measured
from bench.measure import Spent, spend
from tests.oracle.environments import cache

ROWS = 1_000_000
PEERS = {
    "pandera": ["pandera[polars]", "pyarrow"],
    "pointblank": ["pointblank[pl]", "pyarrow"],
    "great_expectations": ["great_expectations", "pyarrow"],
}
_SCRIPTS = Path(__file__).parent / "scripts"
_MAKE = """
import sys
import numpy as np, pyarrow as pa, pyarrow.parquet as pq
random, rows = np.random.default_rng(0), int(sys.argv[2])
words = np.array([f"c{number}" for number in range(20)])
columns = {f"x{place}": random.normal(size=rows) for place in range(30)}
columns |= {f"n{place}": random.integers(0, 1000, rows) for place in range(10)}
columns |= {f"t{place}": pa.array(words[random.integers(0, 20, rows)]) for place in range(9)}
pq.write_table(pa.table(columns | {"id": np.arange(rows)}), sys.argv[1])
"""


def rows(folder: Path, rounds: int) -> list[Measured]:
    path = folder / "rules.parquet"
    subprocess.run([sys.executable, "-c", _MAKE, path, str(ROWS)], check=True)

    def run(python: Path | str, script: str) -> Callable[[], Spent]:
        return lambda: spend([python, _SCRIPTS / f"{script}.py", path], folder, dict(os.environ))

    works = {"solvent": run(sys.executable, "rules_solvent")}
    works |= {name: run(_python(name), f"rules_{name}") for name in PEERS}
    spent: dict[str, list[Spent]] = {name: [] for name in works}
    for _ in range(rounds):  # a round does each once, so that noise meets all alike
        for name, work in works.items():
            spent[name].append(work())
    processor = {name: statistics.median(each.processor for each in found) for name, found in spent.items()}
    memory = {name: max(float(each.output.split()[-1]) for each in found) for name, found in spent.items()}
    return [
        Measured("50 rules on 1,000,000 x 50", "processor s", processor.pop("solvent"), 6, processor),
        Measured("50 rules on 1,000,000 x 50: peak memory", "GB", memory.pop("solvent"), 1, memory),
    ]


def versions() -> dict[str, str]:
    """Those that were measured."""
    ask = "import sys; from importlib.metadata import version; print(version(sys.argv[1]))"
    return {
        name: subprocess.run(
            [_python(name), "-c", ask, name], check=True, capture_output=True, text=True
        ).stdout.strip()
        for name in PEERS
    }


def _python(name: str) -> Path:
    """The interpreter of a peer's environment, made once beside the oracles'."""
    folder = cache() / f"rules-{name}"
    if not (folder / ".complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        uv = find_uv_bin()
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, folder], check=True)
        subprocess.run(
            [uv, "pip", "install", "--quiet", "--python", folder / "bin" / "python", *PEERS[name]], check=True
        )
        (folder / ".complete").touch()
    return folder / "bin" / "python"
