"""Project files as a real MLflow reads them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.oracle import environments

pytestmark = [pytest.mark.oracle, pytest.mark.xdist_group("oracle")]

READ = """
import json, sys
from mlflow.projects._project_spec import load_project
project = load_project(sys.argv[1])
print(json.dumps([project.name, project.get_entry_point("main").command]))
"""


@pytest.mark.parametrize("name", ["mlflow-3.17", "mlflow-2.22"])
def test_a_project_with_contracts_is_one_for_mlflow_too(name: str, tmp_path: Path) -> None:
    contract = "contracts: [{data: a.csv, contract: a.odcs.yaml}]"
    (tmp_path / "MLproject").write_text(
        f"name: p\n{contract}\nentry_points:\n  main:\n    command: python train.py\n    {contract}\n"
    )
    command: list[str | Path] = [environments.executable(name), "-c", READ, tmp_path]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(answer.stdout.splitlines()[-1]) == ["p", "python train.py"]
