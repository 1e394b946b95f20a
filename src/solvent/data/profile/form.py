"""A profile as JSON, and back."""

from __future__ import annotations

import msgspec

from solvent.data.profile.model import VERSION, Profile
from solvent.errors import InvalidInput


class _Head(msgspec.Struct):
    version: int


def write(profile: Profile) -> bytes:
    """The same profile gives the same bytes."""
    return msgspec.json.encode(profile)


def read(content: bytes) -> Profile:
    """Raises InvalidInput if it is no profile, or of a newer version."""
    try:
        version = msgspec.json.decode(content, type=_Head).version
        if version > VERSION:
            raise InvalidInput(
                f"expected a profile of version {VERSION} or older, got {version}: a newer Solvent wrote it; update this one"
            )
        return msgspec.json.decode(content, type=Profile)
    except msgspec.MsgspecError as error:
        raise InvalidInput(
            f"expected a profile, got something else: {error}; make it anew by 'solvent data profile SOURCE -o FILE'"
        ) from error
