"""The cells that were executed in this IPython or Jupyter kernel, in order."""

from __future__ import annotations

import os
import sys
from typing import Any

from solvent.provenance.redact import redact_bytes

MAX_BYTES = 1024 * 1024


def executed_cells(shell: Any = None) -> bytes | None:
    """The executed cells as a script with ``# In [n]`` before each; None outside IPython.

    The oldest are left out beyond ``MAX_BYTES``, and the first line says so.

    Args:
        shell: the interactive shell; the running one if not given.
    """
    shell = shell if shell is not None else _running_shell()
    if shell is None:
        return None
    cells = getattr(getattr(shell, "history_manager", None), "input_hist_raw", None)
    if not isinstance(cells, list):
        return None
    texts: list[bytes] = []
    size = 0
    for number in range(len(cells) - 1, 0, -1):
        text = f"# In [{number}]\n{cells[number]}\n\n".encode("utf-8", "replace")
        size += len(text)
        if size > MAX_BYTES:
            texts.append(f"# cells 1 to {number} left out: all together are larger than {MAX_BYTES} bytes\n\n".encode())
            break
        texts.append(redact_bytes(text)[0])
    return b"".join(reversed(texts))


def notebook_name() -> str | None:
    """The notebook's file name as Jupyter tells its kernel, or None."""
    path = os.environ.get("JPY_SESSION_NAME")
    return path.replace("\\", "/").rsplit("/", 1)[-1] if path else None


def _running_shell() -> Any:
    """The shell of this process, without importing IPython."""
    ipython = sys.modules.get("IPython")
    get_ipython = getattr(ipython, "get_ipython", None)
    return get_ipython() if get_ipython is not None else None
