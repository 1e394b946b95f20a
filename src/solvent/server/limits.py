"""How often somebody may fail to sign in: per user and address, per address, and per user."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator

from solvent.accounts.errors import TooManyAttempts

SECONDS = 60.0
PER_USER_AND_ADDRESS = 5
PER_ADDRESS = 30
PER_USER = 60
_MOST_REMEMBERED = 20_000

Key = tuple[str, str]


class Limits:
    """An attempt counts when it begins, so that many at once gain nothing; a right one is taken back.

    What is counted is of one process: with several workers, each counts its own.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun: OrderedDict[Key, list[float]] = OrderedDict()

    def begin(self, user: str, address: str) -> float:
        """Count an attempt; its time, to take it back.

        Raises:
            TooManyAttempts: there were too many in the last minute; this one is not counted.
        """
        now = self._clock()
        for key, most in _keys(user, address):
            begun = [moment for moment in self._begun.get(key, ()) if moment > now - SECONDS]
            if len(begun) >= most:
                raise TooManyAttempts(math.ceil(begun[-most] + SECONDS - now))
        for key, _ in _keys(user, address):
            begun = [moment for moment in self._begun.pop(key, ()) if moment > now - SECONDS]
            self._begun[key] = [*begun, now]
        while len(self._begun) > _MOST_REMEMBERED:
            self._begun.popitem(last=False)
        return now

    def succeeded(self, user: str, address: str, begun: float) -> None:
        """The attempt of that time was right: it does not count."""
        for key, _ in _keys(user, address):
            if begun in (moments := self._begun.get(key, [])):
                moments.remove(begun)


def _keys(user: str, address: str) -> Iterator[tuple[Key, int]]:
    name, place = user.lower()[:100], _place(address)
    yield (name, place), PER_USER_AND_ADDRESS
    yield ("", place), PER_ADDRESS
    yield (name, ""), PER_USER


def _place(address: str) -> str:
    """An address; of an IPv6 one its network, because one customer has 2**64 of them."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:100]
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address
