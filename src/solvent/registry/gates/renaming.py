"""A model's policy goes with it when it is renamed."""

from __future__ import annotations

from solvent.errors import Conflict
from solvent.store import gates
from solvent.store.transaction import Transaction


def rename(tx: Transaction, old: str, new: str) -> None:
    """
    Raises:
        Conflict: the new name has a policy already, so that a new name would be a way around a gate.
    """
    if old == new:
        return
    if gates.policy(tx, new) is not None:
        raise Conflict(
            f"'{new}' has a gate policy of its own: rename '{old}' first and apply the policy then, or take "
            f"[models.{new}] out of it ('solvent gates apply')"
        )
    gates.rename_policy(tx, old, new)
