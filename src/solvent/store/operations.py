"""The table of use cases: which function answers which request, and whether it writes.

``tracking`` and ``registry`` fill it with the decorators below; the embedded backend and the server
look requests up in it. A use case is a plain function of a transaction and a request.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

from solvent.store.transaction import Transaction
from solvent.wire.base import Request, Wire

Q = TypeVar("Q", bound=Request[Any])
R = TypeVar("R", bound=Wire)
UseCase = Callable[[Transaction, Q], R]


class Operation(NamedTuple, Generic[Q, R]):
    run: UseCase[Q, R]
    writes: bool


_OPERATIONS: dict[type[Request[Any]], Operation[Any, Any]] = {}


def writes(request: type[Q]) -> Callable[[UseCase[Q, R]], UseCase[Q, R]]:
    """The decorated function answers ``request`` inside a write transaction.

    It may be run again from the start if the transaction is rolled back, so it has no other effects.
    """
    return _register(request, writes=True)


def reads(request: type[Q]) -> Callable[[UseCase[Q, R]], UseCase[Q, R]]:
    """The decorated function answers ``request`` from one consistent snapshot."""
    return _register(request, writes=False)


def _register(request: type[Q], *, writes: bool) -> Callable[[UseCase[Q, R]], UseCase[Q, R]]:
    def register(run: UseCase[Q, R]) -> UseCase[Q, R]:
        _OPERATIONS[request] = Operation(run, writes)
        return run

    return register


def operation_of(request: type[Request[Any]]) -> Operation[Any, Any] | None:
    """The operation that answers a request class, or None if no imported room has one."""
    return _OPERATIONS.get(request)
