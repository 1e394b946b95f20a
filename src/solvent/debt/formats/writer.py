"""``-o FORMAT[=FILE]``, several at once."""

from __future__ import annotations

import difflib
import io
import pkgutil
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import TextIO

from solvent.debt import formats
from solvent.debt.engine.check import Report
from solvent.errors import InvalidInput

Write = Callable[[Report, TextIO], None]
_HELPERS = frozenset({"writer"})


def format_names() -> list[str]:
    """All formats, by the names of their modules."""
    return sorted(each.name for each in pkgutil.iter_modules(formats.__path__) if each.name not in _HELPERS)


def write_all(report: Report, outputs: Iterable[str]) -> None:
    """Write the report in each format, to a file or to stdout.

    Raises:
        InvalidInput: no such format; or two of them would write to stdout.
    """
    wanted = [(name, file) for name, _, file in (output.partition("=") for output in outputs)]
    if sum(1 for _, file in wanted if not file) > 1:
        raise InvalidInput("only one format can go to the terminal: give the others a file, like -o sarif=debt.sarif")
    for name, file in wanted:
        write = format_of(name)
        if not file:
            write(report, sys.stdout)
            continue
        text = io.StringIO()
        write(report, text)
        path = Path(file)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.getvalue(), encoding="utf-8")


def format_of(name: str) -> Write:
    """The function that writes a format."""
    known = format_names()
    if name not in known:
        near = difflib.get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]}?" if near else f"expected one of {', '.join(known)}"
        raise InvalidInput(f"there is no format '{name}': {hint}")
    write: Write = import_module(f"solvent.debt.formats.{name}").write
    return write
