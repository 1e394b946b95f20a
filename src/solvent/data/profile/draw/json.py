"""For programs: the whole difference (``diff.model``)."""

from __future__ import annotations

import msgspec

from solvent.data.profile.diff.model import Diff


def write(diff: Diff) -> str:
    return msgspec.json.format(msgspec.json.encode(diff), indent=2).decode() + "\n"
