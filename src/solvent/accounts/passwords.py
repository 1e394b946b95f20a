"""Passwords: what they must be, and their argon2id hashes (RFC 9106)."""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING

from solvent.errors import InvalidInput

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 10
LONGEST = 1_000
"""Characters: hashing a book on request would be a gift to whoever wants to keep us busy."""

_ROUNDS, _KIBIBYTES, _LANES = 2, 19_456, 1
"""OWASP's least cost for argon2id: 19 MiB, two passes, about 30 ms of one processor."""
_AT_ONCE = threading.Semaphore(2)
"""Attempts never take more than 38 MiB and two processors, however many arrive."""


def check(password: str | None, user: str) -> str:
    """A password that may be used.

    Raises:
        InvalidInput: it is too short, too long, or the user's own name.
    """
    password = password or ""
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidInput(
            f"a password has {SHORTEST} to {LONGEST} characters, and this one has {len(password)}: choose another"
        )
    if password.lower() == user.lower():
        raise InvalidInput("the password is the user's name: choose another")
    return password


def hashed(password: str) -> str:
    """The salted hash that is kept, with its parameters in it."""
    with _AT_ONCE:
        return _hasher().hash(_bytes(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether the password is the one of the hash; without one (no such user) it takes as long, and is not."""
    from argon2.exceptions import InvalidHashError, VerificationError

    if len(password) > LONGEST:
        return False
    with _AT_ONCE:
        try:
            return _hasher().verify(stored or _nobody(), _bytes(password)) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=_ROUNDS, memory_cost=_KIBIBYTES, parallelism=_LANES)


@cache
def _nobody() -> str:
    """A hash that no password is compared with for its own sake."""
    return _hasher().hash(b"nobody")


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
