"""Where our registry answers otherwise than MLflow 3.17.2 on purpose, each with its reason.

Patterns of the names of steps in ``requests.py``. A difference that is not listed fails the test, and
so does one that is no longer seen.
"""

from __future__ import annotations

from typing import NamedTuple


class Other(NamedTuple):
    """Another outcome: status and error code."""

    steps: str
    theirs: str
    ours: str
    reason: str


class OtherWords(NamedTuple):
    """The same outcome with another message."""

    steps: str
    reason: str


REFUSED = "400 INVALID_PARAMETER_VALUE"
MISSING = "404 RESOURCE_DOES_NOT_EXIST"
INTERNAL = "500 INTERNAL_ERROR"

OUTCOMES = [
    Other("create model: long name", "200", REFUSED, "MLflow's own column holds 256 characters; SQLite lets it be."),
    Other("source 'models:/m/Production'", INTERNAL, MISSING, "No such version is no failure of the server."),
    Other(
        "source 'models:/m-zzz' model_id=m-zzz", INTERNAL, MISSING, "No such logged model is no failure of the server."
    ),
    Other("source '<ROOT>/m#x'", "200", REFUSED, "What follows # is read as path by some and as none by others."),
    Other("source '<ROOT>/m?x'", "200", REFUSED, "What follows ? is read as path by some and as none by others."),
    Other("source 'runs:/<RUN>/m?x'", "200", REFUSED, "What follows ? is read as path by some and as none by others."),
    Other("stage '1' 'none' True", INTERNAL, REFUSED, "A request that can't be met is no failure of the server."),
    Other("stage '9999*", INTERNAL, MISSING, "A number that no version has is no failure of the server."),
    Other("alias with a line break", "200", REFUSED, "MLflow's pattern lets one line break at the end through."),
    Other("search * OR *", REFUSED, "200", "Filters know OR."),
    Other("search * IN ('a')*", REFUSED, "200", "IN compares every text."),
    Other("search * 'creation_timestamp > 1'*", REFUSED, "200", "Times can be searched and ordered by."),
    Other("search models *'creation_timestamp'*", REFUSED, "200", "Times can be searched and ordered by."),
    Other(
        "search models {'max_results': 0}",
        "200",
        REFUSED,
        "MLflow answers with nothing and a token that leads nowhere.",
    ),
    Other(
        "search models {'max_results': -1}",
        "200",
        REFUSED,
        "MLflow answers with nothing and a token that leads nowhere.",
    ),
    Other("webhook: events twice", "400 BAD_REQUEST", "200", "An event that is named twice is told once."),
    Other("webhook: unknown entity", "500 (no JSON)", REFUSED, "MLflow answers with a page of HTML."),
    Other("webhook: unknown status", "200", REFUSED, "MLflow drops it without a word."),
]

TYPES = "Our message says which type was expected."
POINTS = "Our message points at the character."
WORDS = [
    OtherWords("create model: number as name", TYPES),
    OtherWords("create model: text as tags", TYPES),
    OtherWords("stage 3 'Staging'", TYPES),
    OtherWords("stage '1' 'Staging' yes", TYPES),
    OtherWords("create model: tag without key", "A key that is not there is missing, not a bad path."),
    OtherWords("create model: long tag *", "Our message says how long it was."),
    OtherWords("version set-tag: long", "Our message says how long it was."),
    OtherWords("alias 'xxxx*", "Our message says how long it was."),
    OtherWords("create model: name as a prompt's", "Our message speaks of what to do, not of MLflow."),
    OtherWords("rename: taken", "MLflow shows the SQL."),
    OtherWords("source '*://h*", "The setting that allows it has our name."),
    OtherWords("version get-download-uri: none", "MLflow forgets to say that it is missing."),
    OtherWords('search * "bogus *', POINTS),
    OtherWords("search * 'bogus'*", POINTS),
    OtherWords("search * 'name UP'*", POINTS),
    OtherWords("search * 'name = v'*", POINTS),
    OtherWords("search * \"version_number > 'a'\"*", POINTS),
    OtherWords("search * {'max_results': *", "Our message says what the limit is."),
    OtherWords("search * {'page_token': 'abc'}", "Our message says what to do."),
    OtherWords("webhook: bad token", "Our message says what to do."),
]
