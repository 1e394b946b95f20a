"""A model's folder, uploaded: a few files at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from solvent.artifacts.protocol import ArtifactStore
from solvent.models.files import file_paths

AT_ONCE = 4


def upload(store: ArtifactStore, folder: Path, below: str = "") -> None:
    """Write all files of a folder, the MLmodel file too, below the path ``below`` of a store.

    Raises:
        SolventError: what the store says of the first file that could not be written.
    """
    paths = file_paths(folder)
    prefix = f"{below}/" if below else ""
    with ThreadPoolExecutor(min(AT_ONCE, len(paths)), thread_name_prefix="solvent-upload") as pool:
        waiting = [pool.submit(store.write_file, prefix + path, folder / path) for path in paths]
        try:
            for one in waiting:
                one.result()
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
