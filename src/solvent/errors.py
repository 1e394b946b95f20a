"""The tree of errors.

    SolventError                  INTERNAL_ERROR             500
    |- InvalidInput               INVALID_PARAMETER_VALUE    400
    |- AlreadyExists              RESOURCE_ALREADY_EXISTS    400
    |- Unauthenticated            UNAUTHENTICATED            401
    |- PermissionDenied           PERMISSION_DENIED          403
    |- NotFound                   RESOURCE_DOES_NOT_EXIST    404
    |- EndpointNotFound           ENDPOINT_NOT_FOUND         404
    |- Conflict                   RESOURCE_CONFLICT          409
    |- NotSupported               NOT_IMPLEMENTED            501
    `- Unavailable                TEMPORARILY_UNAVAILABLE    503

A room that needs its own branch subclasses one of these in its own ``errors.py``.
The codes and statuses are those of MLflow's REST API, so that its clients understand them.

A message is one clear line: what was expected, what came, what to do next.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar


class SolventError(Exception):
    """Root of every error that Solvent raises on purpose.

    ``str(error)`` is the line shown to people; ``code`` and ``status`` are what travels over HTTP.
    ``details`` travel beside them: what a program needs to go on, such as the text that somebody else saved.
    """

    code: ClassVar[str] = "INTERNAL_ERROR"
    status: ClassVar[int] = 500
    details: Mapping[str, object] = MappingProxyType({})

    @property
    def message(self) -> str:
        return str(self)


class InvalidInput(SolventError):
    """A value is missing, malformed or out of bounds."""

    code = "INVALID_PARAMETER_VALUE"
    status = 400


class AlreadyExists(SolventError):
    """Something of that name is there already."""

    code = "RESOURCE_ALREADY_EXISTS"
    status = 400


class Unauthenticated(SolventError):
    """Who is asking is not known."""

    code = "UNAUTHENTICATED"
    status = 401


class PermissionDenied(SolventError):
    """Who is asking is known, and may not."""

    code = "PERMISSION_DENIED"
    status = 403


class NotFound(SolventError):
    """No such experiment, run, model or file."""

    code = "RESOURCE_DOES_NOT_EXIST"
    status = 404


class EndpointNotFound(SolventError):
    """No such address on the server."""

    code = "ENDPOINT_NOT_FOUND"
    status = 404


class Conflict(SolventError):
    """The state of the thing does not allow it, or somebody else was first."""

    code = "RESOURCE_CONFLICT"
    status = 409


class NotSupported(SolventError):
    """A known request that this version does not answer."""

    code = "NOT_IMPLEMENTED"
    status = 501


class Unavailable(SolventError):
    """The store or the server can't be reached now; the same call may succeed later."""

    code = "TEMPORARILY_UNAVAILABLE"
    status = 503


_KINDS: tuple[type[SolventError], ...] = (
    InvalidInput,
    AlreadyExists,
    Unauthenticated,
    PermissionDenied,
    NotFound,
    EndpointNotFound,
    Conflict,
    NotSupported,
    Unavailable,
)
_BY_CODE: dict[str, type[SolventError]] = {kind.code: kind for kind in _KINDS}
_BY_CODE |= {"BAD_REQUEST": InvalidInput, "NOT_FOUND": NotFound, "INVALID_STATE": Conflict}


def error_from_code(code: str, message: str) -> SolventError:
    """The error that a server's ``error_code`` and ``message`` stand for."""
    return _BY_CODE.get(code, SolventError)(message)
