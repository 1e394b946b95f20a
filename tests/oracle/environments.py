"""Real MLflows, each in an environment of its own, made once per machine.

They lie in ``~/.cache/solvent-tests/oracles`` (``SOLVENT_TEST_CACHE`` names another cache folder).
``python -m tests.oracle.environments`` makes the missing ones, which takes a minute or two each.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

from uv import find_uv_bin

_LIBRARIES = ["lightgbm", "xgboost-cpu", "onnx", "onnxruntime", "skl2onnx"]
"""Of models that cross between MLflow and Solvent."""

REQUIREMENTS = {
    "mlflow-3.17": ["mlflow==3.17.2", "lightgbm"],
    "mlflow-3.1": ["mlflow==3.1.*", "sqlalchemy<2.1", "lightgbm"],
    "mlflow-2.22": ["mlflow==2.22.*", "sqlalchemy<2.1", "lightgbm"],
    "models-3.17": ["mlflow==3.17.2", "msgspec", *_LIBRARIES, "skops"],
    "models-2.22": ["mlflow==2.22.*", "sqlalchemy<2.1", "msgspec", *_LIBRARIES],
    "fasttrackml": ["fasttrackml==0.6.0"],
}
"""What each environment holds. One that was made for other requirements is made anew."""


def cache() -> Path:
    return Path(os.environ.get("SOLVENT_TEST_CACHE") or Path.home() / ".cache" / "solvent-tests") / "oracles"


def executable(name: str, program: str = "python") -> Path:
    """A program of the environment ``name``, which is made if it is not there.

    Raises:
        subprocess.CalledProcessError: the packages could not be installed; uv has said why.
    """
    folder = cache() / name
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = "\n".join(REQUIREMENTS[name])
        made = folder / ".complete"
        if not made.exists() or made.read_text() != wanted:
            _make(folder, REQUIREMENTS[name])
            made.write_text(wanted)
    return folder / "bin" / program


def _make(folder: Path, requirements: list[str]) -> None:
    print(f"Installing {' '.join(requirements)} into {folder}", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    uv = find_uv_bin()
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, folder], check=True)
    python = folder / "bin" / "python"
    subprocess.run([uv, "pip", "install", "--quiet", "--python", python, *requirements], check=True)
    subprocess.run([python, "-m", "compileall", "-q", "-j", "0", folder / "lib"], stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    for each in REQUIREMENTS:
        executable(each)
