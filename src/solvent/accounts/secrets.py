"""Random secrets: access tokens and the cookies of sign-ins. Only their hashes are kept.

They have 256 random bits, so that a plain SHA-256 is enough: there is nothing to guess.
"""

from __future__ import annotations

import hashlib
import secrets

TOKEN_PREFIX = "solvent_"  # noqa: S105 - so that scanners of repositories can tell a token that leaked
_BYTES = 32


def new_token() -> str:
    return TOKEN_PREFIX + secrets.token_urlsafe(_BYTES)


def new_cookie() -> str:
    return secrets.token_urlsafe(_BYTES)


def hashed(secret: str) -> bytes:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
