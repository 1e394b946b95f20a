"""The files that are measured: the same ones each time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq


def mixed(folder: Path, rows: int = 1_000_000) -> Path:
    """50 columns: 33 of floating numbers (8 with nulls), 7 of whole ones, 8 of texts (one a key), truth and time."""
    random = np.random.default_rng(0)
    columns: dict[str, Any] = {f"real_{n}": random.normal(n, n + 1, rows) for n in range(25)}
    for n in range(8):
        columns[f"gap_{n}"] = pa.array(random.lognormal(size=rows), mask=random.random(rows) < 0.1)
    columns |= {f"whole_{n}": random.integers(0, 10 ** (n + 1), rows) for n in range(7)}
    columns |= {f"text_{n}": _texts(random, rows, 10 * (n + 1)) for n in range(7)}
    columns["truth"] = random.random(rows) < 0.3
    columns["time"] = pa.array(1_704_067_200_000_000 + random.integers(0, 10**13, rows), pa.timestamp("us"))
    columns["key"] = pa.array([f"user-{n}" for n in random.permutation(rows)])
    return _written(folder / "mixed.parquet", columns)


def wide(folder: Path, rows: int = 100_000) -> Path:
    """1,000 columns: 700 of floating numbers, 200 of whole ones, 100 of texts."""
    random = np.random.default_rng(0)
    columns: dict[str, Any] = {f"real_{n}": random.normal(n, 1, rows) for n in range(700)}
    columns |= {f"whole_{n}": random.integers(0, 10 ** (n % 6 + 1), rows) for n in range(200)}
    columns |= {f"text_{n}": _texts(random, rows, 30) for n in range(100)}
    return _written(folder / "wide.parquet", columns)


def _texts(random: np.random.Generator, rows: int, distinct: int) -> Any:
    values = pa.array([f"value {n}" for n in range(distinct)])
    return values.take(pa.array(random.integers(0, distinct, rows)))


def _written(path: Path, columns: dict[str, Any]) -> Path:
    pq.write_table(pa.table(columns), path)
    return path
