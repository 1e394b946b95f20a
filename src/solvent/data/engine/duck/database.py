"""A DuckDB of its own for each table: nothing is installed, and once the table is open, nothing else is read."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from solvent.data.engine.duck.literals import text
from solvent.errors import NotSupported

if TYPE_CHECKING:
    import duckdb

MEMORY = "700MB"
"""Beyond this, DuckDB writes to its private folder."""


def connect(memory: str | None = None, threads: int | None = None) -> tuple[duckdb.DuckDBPyConnection, Path]:
    """A new database in memory, and its private folder.

    Raises:
        NotSupported: DuckDB is not installed.
    """
    try:
        import duckdb
    except ImportError:
        raise NotSupported(
            "this needs duckdb, which comes with the extra [data]: pip install 'solvent[data]'"
        ) from None
    folder = Path(tempfile.mkdtemp(prefix="solvent-data-"))
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "allow_persistent_secrets": False,
            "python_enable_replacements": False,
            "memory_limit": memory or MEMORY,
            "threads": threads or _processors(),
            "temp_directory": str(folder / "spill"),
        }
    )
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET parquet_metadata_cache = true")
    return connection, folder


def lock(connection: duckdb.DuckDBPyConnection, folder: Path, readable: Iterable[Path] = ()) -> None:
    """From here on, only these files can be read and only the private folder written, whatever SQL asks for it."""
    connection.execute(f"SET allowed_paths = [{', '.join(text(str(path)) for path in readable)}]")
    connection.execute(f"SET allowed_directories = [{text(str(folder))}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # pragma: no cover - not Linux
        return os.cpu_count() or 1
