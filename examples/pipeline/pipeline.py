"""Prepare, train, evaluate: each step is an entry point and a run of its own, below the run of the whole.

    solvent run examples/pipeline -P neighbours=7

Steps hand on what they made as artifacts of their runs, by run id.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys

import solvent


def step(entry_point: str, **parameters: object) -> str:
    """Run one step in this project's environment; the id of its run.

    Raises:
        SystemExit: it failed; it has said why.
    """
    given = [word for name, value in parameters.items() for word in ("-P", f"{name}={value}")]
    command = ["solvent", "run", ".", "-e", entry_point, "--env-manager", "local", *given]
    ended = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    print(ended.stdout, end="")
    found = re.search(r"=== Run \(ID='(\w+)'\) succeeded ===", ended.stdout)
    if ended.returncode or found is None:
        sys.exit(f"step {entry_point} failed")
    return found[1]


def main(neighbours: int) -> None:
    """All steps; the quality of the last one is that of the whole."""
    prepared = step("prepare")
    trained = step("train", prepared=prepared, neighbours=neighbours)
    evaluated = step("evaluate", prepared=prepared, trained=trained)
    accuracy = solvent.Client().get_run(evaluated).data.metrics["test_accuracy"]
    with solvent.start_run():
        solvent.log_metric("test_accuracy", accuracy)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Prepare, train and evaluate.")
    parser.add_argument("--neighbours", type=int, default=5)
    main(parser.parse_args().neighbours)
