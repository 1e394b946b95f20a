"""Which of active and deleted things are looked at."""

from __future__ import annotations

from solvent.errors import InvalidInput


class ViewType:
    """MLflow's numbers."""

    ACTIVE_ONLY = 1
    DELETED_ONLY = 2
    ALL = 3


_NAMES = {1: "ACTIVE_ONLY", 2: "DELETED_ONLY", 3: "ALL"}


def view_name(given: int | str) -> str:
    """The wire's name of a view, from MLflow's number or the name itself."""
    name = _NAMES.get(given) if isinstance(given, int) else given
    if name is None or name not in _NAMES.values():
        raise InvalidInput(f"the view type must be one of {', '.join(_NAMES.values())}, not {given!r}")
    return name
