"""Errors of the server, and the form in which all errors travel.

InvalidInput
`- PayloadTooLarge     413
EndpointNotFound
`- MethodNotAllowed    405
PermissionDenied
`- ForeignRequest      403   the Host or Origin is not one of ours
Unavailable
`- Disabled            503   switched off by a flag of the server
"""

from __future__ import annotations

import logging

import msgspec

from solvent.errors import EndpointNotFound, InvalidInput, PermissionDenied, SolventError, Unavailable

_log = logging.getLogger(__name__)


class PayloadTooLarge(InvalidInput):
    status = 413


class MethodNotAllowed(EndpointNotFound):
    """``allowed`` are the methods that are answered at this address."""

    status = 405

    def __init__(self, message: str, allowed: list[str]) -> None:
        super().__init__(message)
        self.allowed = allowed


class ForeignRequest(PermissionDenied):
    pass


class Disabled(Unavailable):
    pass


class BrokenAnswer(Exception):
    """Something failed in the middle of a streamed answer: it is too late to tell the client what."""


def told(error: BaseException, method: str, path: str) -> SolventError:
    """What the client is told of an error. What is none of ours is a defect: the server's log gets it whole."""
    if isinstance(error, SolventError):
        return error
    _log.error("%s %s failed", method, path, exc_info=error)
    return SolventError(f"Solvent failed on this request ({type(error).__name__}): the server's log says where")


def error_body(error: SolventError) -> bytes:
    """``{"error_code", "message"}``, MLflow's form, and the error's details beside them."""
    return msgspec.json.encode({"error_code": error.code, "message": error.message, **error.details})
