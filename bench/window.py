"""What a window of load came to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    """Times in seconds; ``processor`` is the server's, ``own`` the load generator's."""

    requests: int
    errors: int
    seconds: float
    processor: float
    own: float
    slowest: float
    last: bytes

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds

    @property
    def milliseconds(self) -> float:
        """Processor time of the server per request."""
        return 1000 * self.processor / self.requests

    @property
    def wall(self) -> float:
        """Milliseconds from a request to the next: an answer's time if there is one client."""
        return 1000 * self.seconds / self.requests
