"""Signatures are the same with pandas 2, whose texts are objects, as with the pandas that is here."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from tests.oracle import environments
from tests.oracle.signatures.ours_says import answers
from tests.processes import bare_environment

pytestmark = [pytest.mark.oracle, pytest.mark.xdist_group("oracle")]

ROOT = Path(__file__).parents[3]


def test_pandas_2_says_the_same(tmp_path: Path) -> None:
    assert int(pd.__version__.split(".")[0]) >= 3
    output = tmp_path / "said.json"
    environment = bare_environment(PYTHONPATH=f"{ROOT / 'src'}:{ROOT}")
    python: str | Path = environments.executable("models-2.22")
    assert subprocess.check_output([python, "-c", "import pandas; print(pandas.__version__)"]).startswith(b"2.")
    command: list[str | Path] = [python, "-m", "tests.oracle.signatures.ours_says", output]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr[-4000:]
    older, newer = json.loads(output.read_text()), answers()
    differ = {name: (older[name], newer[name]) for name in newer if older[name].get("said") != newer[name].get("said")}
    assert differ == {}
