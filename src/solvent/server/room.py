"""How much memory the bodies of requests may take in one process, whoever sends them."""

from __future__ import annotations

from types import TracebackType

from solvent.errors import Unavailable

MAX_HELD = 256 << 20
"""Bytes of large bodies that are read or decoded at the same time."""


class Room:
    """The free bytes; used in the event loop alone."""

    def __init__(self, size: int = MAX_HELD) -> None:
        self.size = self.free = size


class Share:
    """What one request has taken of the room, given back when the ``with`` block ends."""

    __slots__ = ("_room", "_taken")

    def __init__(self, room: Room) -> None:
        self._room = room
        self._taken = 0

    def take(self, size: int) -> None:
        """Take so many more bytes.

        Raises:
            Unavailable: others have taken them.
        """
        if size > self._room.free:
            raise Unavailable(
                f"too many large requests at once: they hold {self._room.size >> 20} MB of the server's memory; "
                "send it again in a moment, or in smaller parts"
            )
        self._room.free -= size
        self._taken += size

    def __enter__(self) -> Share:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._room.free += self._taken
