"""Under what a run is repeated: as it was, or with freedoms taken from it to see which one matters."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_ONE = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "RAYON_NUM_THREADS",
    "POLARS_MAX_THREADS",
    "LOKY_MAX_CPU_COUNT",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)
_LEAST_SECONDS = 120.0
_FACTOR = 20
MARK = "taken"
"""The file that ``fixed.py`` leaves beside itself once it has got hold of a program."""


@dataclass(frozen=True)
class Conditions:
    """``seeds``, ``threads`` and ``hashes`` (the order of sets) say what is fixed from outside.

    ``order`` is which order of sets that is, for seeds fix it too: to see whether it matters it must differ.
    """

    name: str
    seeds: bool = False
    threads: bool = False
    hashes: bool = False
    order: int = 0

    def variables(self, work: Path, seconds: float, path: str | None = None) -> dict[str, str]:
        """The environment variables that make it so; none for a repetition as it was.

        Args:
            work: a folder for what Python is given before the program.
            seconds: how long the run took before.
            path: its ``PYTHONPATH``; else this process's.
        """
        fixed = [name for name, wanted in (("seeds", self.seeds), ("threads", self.threads)) if wanted]
        if not fixed:
            return {"PYTHONHASHSEED": str(self.order)} if self.hashes else {}
        folder = _folder(work)
        folder.mkdir(exist_ok=True)
        (folder / "sitecustomize.py").write_bytes(Path(__file__).with_name("fixed.py").read_bytes())
        path = os.pathsep.join(filter(None, [str(folder), path or os.environ.get("PYTHONPATH")]))
        found = {
            "SOLVENT_FIXED": ",".join(fixed),
            "SOLVENT_FIXED_SECONDS": str(max(_LEAST_SECONDS, _FACTOR * seconds)),
            "PYTHONPATH": path,
        }
        if self.seeds:
            found["PYTHONHASHSEED"] = str(self.order)
        if self.threads:
            found |= dict.fromkeys(_ONE, "1")
        return found

    def held(self, work: Path) -> bool:
        """Whether these conditions got hold of a Python program since this was last asked; True without any to get."""
        if not (self.seeds or self.threads):
            return True
        mark = _folder(work) / MARK
        found = mark.exists()
        mark.unlink(missing_ok=True)
        return found


def _folder(work: Path) -> Path:
    return work / "fixed"


AS_IT_WAS = Conditions("as it was")
SEEDS = Conditions("seeds fixed", seeds=True)
THREADS = Conditions("one thread", threads=True)
SEEDS_OTHER_ORDER = Conditions("seeds fixed, sets in another order", seeds=True, order=1)
ORDER = Conditions("order of sets fixed", hashes=True)
BOTH = Conditions("seeds fixed, one thread", seeds=True, threads=True)
