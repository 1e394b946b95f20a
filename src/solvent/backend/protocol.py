"""What a backend does."""

from __future__ import annotations

from typing import Protocol, TypeVar

from solvent.artifacts.protocol import ArtifactStore
from solvent.wire.base import Request, Wire

R = TypeVar("R", bound=Wire)


class Backend(Protocol):
    """A store with the rules of the house before it, near or far.

    ``uri`` is what a user would write to reach it.
    """

    uri: str

    def call(self, request: Request[R]) -> R:
        """Answer any request of ``solvent.wire``; errors are those of ``solvent.errors``, near or far."""
        ...

    def artifacts(self, uri: str) -> ArtifactStore:
        """The files under an artifact URI of a run, an experiment or a logged model.

        Raises:
            InvalidInput: the URI's kind of place is not known here.
        """
        ...

    def close(self) -> None: ...
