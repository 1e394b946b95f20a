"""Where deliveries are kept, as the loop that sends them sees it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple, Protocol


class Delivery(NamedTuple):
    """One delivery to be sent. Never log it whole: it holds the secret.

    ``uuid`` is the same at each attempt; ``receiver`` names the webhook in logs; ``attempt`` counts from 1.
    """

    id: int
    uuid: str
    webhook_id: int
    receiver: str
    url: str
    secret: str | None
    body: str
    attempt: int


class Outcome(NamedTuple):
    """What came of an attempt. ``wait``: seconds until the next one, None if there is none."""

    delivered: bool
    status: int | None
    error: str | None
    wait: float | None


class Outbox(Protocol):
    """All of it may raise ``SolventError``, and is then asked again later."""

    def take(self, busy: Collection[int], limit: int) -> Sequence[Delivery]:
        """What is due, for the caller alone; at most one of a webhook, none of those in ``busy``."""
        ...

    def settle(self, delivery: Delivery, outcome: Outcome) -> None:
        """Keep what came of an attempt."""
        ...
