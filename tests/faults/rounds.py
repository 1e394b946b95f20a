"""How many rounds a fault test goes, and the dice that it throws."""

from __future__ import annotations

import os
import random
import secrets

ROUNDS = int(os.environ.get("SOLVENT_FAULT_ROUNDS") or 50)
SEED = int(os.environ.get("SOLVENT_FAULT_SEED") or secrets.randbits(32))
"""Another one each time; a failure names it, and SOLVENT_FAULT_SEED repeats its throws."""


def dice(name: str) -> random.Random:
    return random.Random(f"{SEED} {name}")
