"""What all wire Structs share: the base classes, the table of routes, and number forms."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Generic, TypeVar, get_args

import msgspec

R = TypeVar("R", bound="Wire")
RequestT = TypeVar("RequestT", bound="type[Request[Any]]")


class Wire(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Base of all entities and responses. Unset fields are left out, as MLflow's server does.

    MLflow sends some fields even when they are empty or 0: those have a ``default_factory``, which
    msgspec does not count as a default to be left out.
    """


class Request(Wire, Generic[R]):
    """Base of all requests; ``R`` is the response.

    Every field is optional here, because ``null`` and "missing" are the same on MLflow's wire.
    The use case says which ones it requires (``wire.base.required``).
    """


class Empty(Wire):
    """A response without content: ``{}``."""


class Route(msgspec.Struct, frozen=True):
    """Where a request is answered.

    ``path`` is relative to the family's prefix: ``mlflow/...`` is served under ``/api/2.0``,
    ``/api/3.0`` and their ``/ajax-api`` twins; ``solvent/v1/...`` under ``/api``.
    A ``{name}`` in the path is a field of the request.
    """

    method: str
    path: str
    request: type[Request[Any]]
    response: type[Wire]

    @property
    def url(self) -> str:
        """The absolute path that our own HTTP client calls."""
        return f"/api/2.0/{self.path}" if self.path.startswith("mlflow/") else f"/api/{self.path}"


ROUTES: list[Route] = []
_BY_REQUEST: dict[type[Request[Any]], Route] = {}


def route(method: str, path: str) -> Callable[[RequestT], RequestT]:
    """Class decorator: the request is answered at ``method path``. The first one is the main one."""

    def register(request: RequestT) -> RequestT:
        (base,) = request.__orig_bases__  # type: ignore[attr-defined]
        (response,) = get_args(base)
        entry = Route(method=method, path=path, request=request, response=response)
        ROUTES.append(entry)
        _BY_REQUEST[request] = entry  # decorators apply bottom up: the topmost one is the main one
        return request

    return register


def route_of(request: type[Request[Any]]) -> Route:
    """The main route of a request class."""
    return _BY_REQUEST[request]


Number = float | str
"""A float on MLflow's wire: finite ones as JSON numbers, others as "NaN", "Infinity", "-Infinity"."""


def to_number(value: float) -> Number:
    """The wire form of a float."""
    if math.isfinite(value):
        return value
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def from_number(value: Number) -> float:
    """The float of a wire form.

    Raises:
        ValueError: a text that is no number.
    """
    return float(value)
