"""Libraries are patched when they are imported, not before."""

from __future__ import annotations

from tests.client.conftest import Script


def test_autolog_imports_no_library(script: Script) -> None:
    done = script(
        "import sys, solvent\n"
        "solvent.autolog(log_models=False, log_datasets=False)\n"
        "assert 'sklearn' not in sys.modules and 'numpy' not in sys.modules\n"
        "from sklearn.linear_model import LinearRegression\n"
        "LinearRegression().fit([[1.0], [2.0]], [1.0, 2.0])\n"
        "print(solvent.last_active_run().info.status)"
    )
    assert done.stdout.strip() == "FINISHED", done.stderr


def test_a_forked_process_records_nothing(script: Script) -> None:
    done = script(
        "import os, solvent\n"
        "from sklearn.linear_model import LinearRegression\n"
        "solvent.autolog(log_models=False, log_datasets=False)\n"
        "if os.fork() == 0:\n"
        "    LinearRegression().fit([[1.0], [2.0]], [1.0, 2.0])\n"
        "    os._exit(0)\n"
        "os.wait()\n"
        "solvent.flush()\n"
        "print(len(solvent.search_runs(search_all_experiments=True, output_format='list')))"
    )
    assert done.stdout.strip() == "0", done.stderr
