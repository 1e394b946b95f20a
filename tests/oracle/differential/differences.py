"""Where Solvent answers otherwise than MLflow 3.17.2 on purpose, each with its reason.

``docs/mlflow-differences.md`` is written from this list; a difference that is not in it fails the
tests, and so does one that is no longer seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True)
class Difference:
    """Requests whose answers differ.

    ``requests``: patterns of request names (``POST runs/log-metric / step: fraction``), ``*`` for any text.
    ``theirs`` and ``ours``: outcomes, such as ``200`` or ``400 INVALID_PARAMETER_VALUE``; patterns too.
    """

    title: str
    requests: tuple[str, ...]
    theirs: str
    ours: str
    reason: str

    def covers(self, request: str, theirs: str, ours: str) -> bool:
        return (
            any(fnmatchcase(request, pattern) for pattern in self.requests)
            and fnmatchcase(theirs, self.theirs)
            and fnmatchcase(ours, self.ours)
        )


REFUSED = "400 INVALID_PARAMETER_VALUE"

DIFFERENCES: list[Difference] = []
