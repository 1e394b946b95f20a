"""Colours, only where somebody looks: on a terminal (``NO_COLOR`` is obeyed). Files and pipes get plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from solvent.debt.findings import Severity

if TYPE_CHECKING:
    from rich.console import Console

SEVERITY_STYLES: dict[Severity, str] = {
    "blocker": "bold white on red",
    "high": "bold red",
    "medium": "yellow",
    "low": "cyan",
}
RATING_STYLES = {"A": "bold green", "B": "bold green", "C": "bold yellow", "D": "bold red", "E": "bold red"}

Part = str | tuple[str, str]
"""Text, or text and its style."""


class Painter:
    """Writes lines made of parts."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._console: Console | None = None
        if out.isatty():
            from rich.console import Console

            self._console = Console(file=out, highlight=False, soft_wrap=True)

    def line(self, *parts: Part) -> None:
        if self._console is None:
            self._out.write("".join(part if isinstance(part, str) else part[0] for part in parts) + "\n")
            return
        from rich.text import Text

        self._console.print(Text.assemble(*parts), soft_wrap=True)
