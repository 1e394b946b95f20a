"""Which modules a pickle names, found without running it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from pickletools import genops

_MOST_OPERATIONS = 500_000
"""That are looked at: a second's work."""


def modules_named(file: Path) -> Iterator[str]:
    """The modules that the pickle in ``file`` may import, of those that are imported here (what was pickled was).

    They stand there as texts, so a text that happens to be a module's name is among them. Nothing of a file that is no
    pickle.
    """
    with file.open("rb") as opened:
        try:
            for _, said, _ in islice(genops(opened), _MOST_OPERATIONS):
                if isinstance(said, str) and (name := said.partition(" ")[0]) in sys.modules:
                    yield name
        except ValueError:
            return
