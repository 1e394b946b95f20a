"""What repetitions print, on our stderr: stdout is for the verdict."""

from __future__ import annotations

import sys
from contextlib import suppress

from solvent.projects.sinks import Stream


class Shown:
    """A sink for both streams."""

    def write(self, stream: Stream, chunk: bytes) -> None:  # noqa: ARG002 - a sink's signature
        with suppress(OSError, ValueError):  # nobody reads us any more
            sys.stderr.buffer.write(chunk)
            sys.stderr.buffer.flush()

    def end(self, stream: Stream) -> None:
        """Nothing is held back."""
