"""Use cases that can be run for many requests at once, cheaper than one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from solvent.store.transaction import Q, R, Transaction, UseCase

Together = Callable[[Transaction, Sequence[Q]], "list[R | BaseException] | None"]

_TOGETHER: dict[UseCase[Any, Any], Together[Any, Any]] = {}


def together(single: UseCase[Q, R]) -> Callable[[Together[Q, R]], Together[Q, R]]:
    """The decorated function does what ``single`` does for many requests of one writing group.

    It answers an outcome for each request, and keeps nothing of those that it refuses; None, or
    anything raised, means that each is to be run by itself.
    """

    def register(run: Together[Q, R]) -> Together[Q, R]:
        _TOGETHER[single] = run
        return run

    return register


def together_of(single: UseCase[Any, Any]) -> Together[Any, Any] | None:
    """What runs many requests of a use case at once, if it has that."""
    return _TOGETHER.get(single)
