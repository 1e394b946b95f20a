"""The table of use cases: which function answers which request, and whether it writes.

``tracking`` and ``registry`` fill it with the decorators below; the embedded backend and the server
look requests up in it. A use case is a plain function of a transaction and a request.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, NamedTuple

from solvent.store.transaction import Q, R, UseCase
from solvent.wire.base import Request

if TYPE_CHECKING:
    from solvent.store.store import Store

OutsideCase = Callable[["Store", Q, str], R]


class Operation(NamedTuple, Generic[Q, R]):
    """``run`` takes a transaction and the request; if ``outside``, the open store, the request and who asks.

    ``brief``: a write whose cost follows from its request's size, whatever the store holds.
    """

    run: Callable[..., R]
    writes: bool
    outside: bool = False
    brief: bool = False


_OPERATIONS: dict[type[Request[Any]], Operation[Any, Any]] = {}


def writes(request: type[Q], *, brief: bool = False) -> Callable[[UseCase[Q, R]], UseCase[Q, R]]:
    """The decorated function answers ``request`` inside a write transaction. ``brief``: see ``Operation``.

    It may be run again from the start if the transaction is rolled back, so it has no other effects.
    """
    return _register(request, writes=True, brief=brief)


def reads(request: type[Q]) -> Callable[[UseCase[Q, R]], UseCase[Q, R]]:
    """The decorated function answers ``request`` from one consistent snapshot."""
    return _register(request, writes=False)


def outside(request: type[Q]) -> Callable[[OutsideCase[Q, R]], OutsideCase[Q, R]]:
    """The decorated function answers ``request`` from the open store, outside of any transaction.

    For what must wait for somebody else, as for a name to be resolved or an answer to come over the
    network. It opens transactions by ``Store.read`` and ``Store.write`` as it needs them, handing on who
    asks, and is to be run in a thread that may wait.
    """

    def register(run: OutsideCase[Q, R]) -> OutsideCase[Q, R]:
        _OPERATIONS[request] = Operation(run, writes=False, outside=True)
        return run

    return register


def _register(request: type[Q], *, writes: bool, brief: bool = False) -> Callable[[UseCase[Q, R]], UseCase[Q, R]]:
    def register(run: UseCase[Q, R]) -> UseCase[Q, R]:
        _OPERATIONS[request] = Operation(run, writes, brief=brief)
        return run

    return register


def operation_of(request: type[Request[Any]]) -> Operation[Any, Any] | None:
    """The operation that answers a request class, or None if no imported room has one."""
    return _OPERATIONS.get(request)
