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

DIFFERENCES = [
    Difference(
        "A value of the wrong type is refused",
        (
            "POST runs/create / user_id: a*",
            "POST runs/create / * true",
            "POST runs/create / tags: *",
            "POST * / *: true",
            "POST runs/search / * list",
            "POST runs/search / experiment_ids: of *",
            "POST runs/search / run_view_type: a*",
            "POST runs/search / page_token: a*",
            "POST runs/log-inputs / datasets: *",
        ),
        "200",
        REFUSED,
        "MLflow turns it into a text, takes `true` for 1, or drops it, and answers that all is well. "
        "A value that is not kept as it came is refused, and the message names the field and the type.",
    ),
    Difference(
        "A fraction is no whole number",
        ("POST * / *: fraction",),
        "200",
        REFUSED,
        "MLflow answers 200 to a step, a time or an end of 1.5 and keeps something else.",
    ),
    Difference(
        "A whole number beyond 64 bits is refused",
        ("POST * / *: too large",),
        "200",
        REFUSED,
        "MLflow answers 200 and keeps another number.",
    ),
    Difference(
        "A text beyond its limit is refused",
        ("POST runs/log-parameter / value: too long", "POST runs/set-tag / value: too long"),
        "200",
        REFUSED,
        "MLflow cuts a param at 6,000 and a tag at 8,000 characters in silence.",
    ),
    Difference(
        "A malformed request is the client's mistake",
        ("POST * / *",),
        "500*",
        REFUSED,
        "MLflow fails inside and answers with an HTML page. Solvent says which field is wrong, and how.",
    ),
    Difference(
        "null is the same as nothing",
        ("POST runs/log-batch / *: null", "POST runs/search / max_results: null"),
        "500",
        "200",
        "MLflow fails inside on `null` for some fields that may be left out.",
    ),
    Difference(
        "A status that does not exist is refused",
        ("POST runs/update / status: *", "POST * / *view_type: *"),
        "200",
        REFUSED,
        "MLflow takes an unknown status or view for none given, and does something else than was asked for.",
    ),
    Difference(
        "A deleted experiment can't be renamed",
        ("POST experiments/update / experiment_id: deleted",),
        "500 INVALID_STATE",
        "409 RESOURCE_CONFLICT",
        "The state of the experiment is no failure of the server.",
    ),
    Difference(
        "A name that is taken is said to be taken",
        ("POST experiments/update / new_name: *",),
        "400 BAD_REQUEST",
        "400 RESOURCE_ALREADY_EXISTS",
        "MLflow shows the SQL statement that failed.",
    ),
    Difference(
        "A run without an experiment goes to Default",
        ("POST runs/create / experiment_id: *",),
        "400 BAD_REQUEST",
        "200",
        "MLflow fails with the SQL statement. Every client of MLflow's sends `0`, the default experiment, "
        "and that is what a request without one means here.",
    ),
    Difference(
        "A search for experiments needs no max_results",
        ("POST experiments/search / max_results: missing", "POST experiments/search / max_results: null"),
        REFUSED,
        "200",
        "1,000 is the default here as for every other search.",
    ),
    Difference(
        "A count that is no number is refused",
        ("GET metrics/get-history / max_results: text",),
        "200",
        REFUSED,
        "MLflow ignores it and sends everything.",
    ),
    Difference(
        "A path with control characters is refused",
        ("GET artifacts/list / path: unicode",),
        "200",
        REFUSED,
        "No file can have such a path, so that none can hide in a log or a terminal.",
    ),
]
