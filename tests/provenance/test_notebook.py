"""Executed cells."""

from __future__ import annotations

from types import SimpleNamespace

from solvent.provenance import notebook


def shell_with(cells: list[str]) -> SimpleNamespace:
    return SimpleNamespace(history_manager=SimpleNamespace(input_hist_raw=["", *cells]))


def test_outside_of_ipython_there_are_no_cells() -> None:
    assert notebook.executed_cells() is None


def test_cells_come_in_the_order_of_execution() -> None:
    assert notebook.executed_cells(shell_with(["x = 1", "x += 1"])) == b"# In [1]\nx = 1\n\n# In [2]\nx += 1\n\n"


def test_the_oldest_are_left_out_and_that_is_said() -> None:
    cells = notebook.executed_cells(shell_with(["old", "y" * notebook.MAX_BYTES, "new"]))
    assert cells is not None
    assert cells.startswith(b"# cells 1 to 2 left out")
    assert cells.endswith(b"# In [3]\nnew\n\n")
