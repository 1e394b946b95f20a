"""The examples of a Markdown page: its ``console`` blocks and its ``python`` blocks, in order.

In a ``console`` block a line ``$ command`` is run and the lines below are what it prints, with ``...``
for any text, as in a doctest; without such lines nothing is said of the output. ``[exit 1]`` instead
of output says that the command fails with that code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^```(console|python)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FAILS = re.compile(r"\[exit (\d+)\]")


@dataclass(frozen=True)
class Step:
    """``kind``: ``console`` or ``python``; ``code``: what is run; ``output``: the pattern, if one is given."""

    kind: str
    code: str
    output: str = ""

    @property
    def exit_code(self) -> int:
        found = FAILS.fullmatch(self.output)
        return int(found[1]) if found else 0

    def matches(self, printed: str) -> bool:
        """Whether ``printed`` is what the page shows. A line of the page is found as a whole line."""
        if not self.output or self.exit_code:
            return True
        pattern = ".*".join(re.escape(part) for part in self.output.split("..."))
        return re.search(rf"^{pattern}$", printed.strip(), re.DOTALL | re.MULTILINE) is not None


def steps(page: Path) -> list[Step]:
    found = []
    for kind, block in FENCE.findall(page.read_text()):
        if kind == "python":
            found.append(Step(kind, block))
            continue
        for each in block.removeprefix("$ ").split("\n$ "):
            command, _, output = each.partition("\n")
            found.append(Step(kind, command, output.strip()))
    return found
