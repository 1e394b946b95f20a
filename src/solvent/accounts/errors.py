"""Errors of accounts.

Unauthenticated
`- WrongCredentials   401   UNAUTHENTICATED
Unavailable
`- TooManyAttempts    429   REQUEST_LIMIT_EXCEEDED
"""

from __future__ import annotations

from solvent.errors import Unauthenticated, Unavailable


class WrongCredentials(Unauthenticated):
    """One message for an unknown user and for a wrong password, so that nobody can find out who there is."""

    def __init__(self) -> None:
        super().__init__(
            "the user name and password, or the token, are not right, or have expired: check MLFLOW_TRACKING_USERNAME "
            "and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN, or sign in again"
        )


class TooManyAttempts(Unavailable):
    """``seconds`` until the next attempt is looked at."""

    code = "REQUEST_LIMIT_EXCEEDED"
    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(f"too many failed sign-ins: wait {seconds} seconds, then try again with the right password")
        self.seconds = seconds
