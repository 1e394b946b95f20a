"""From a log to explanations."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from solvent.debt.explain_log.causes import Meaning, meaning_of
from solvent.debt.explain_log.failures import Failure
from solvent.debt.explain_log.nones import Origin, origins
from solvent.debt.explain_log.reading import Log
from solvent.debt.explain_log.recognise import failures
from solvent.debt.explain_log.sources import Level, Sources
from solvent.debt.facts.facts import load_facts
from solvent.debt.registry import all_rules

_NONE = re.compile(r"'NoneType' object (?:has no attribute '(?P<attribute>\w+)'|is not)|non-iterable NoneType")


class At(msgspec.Struct, frozen=True):
    """A place in the project's source. ``moved``: the code has changed since the log; it was found by its text."""

    path: str
    line: int
    symbol: str
    text: str
    moved: bool = False


class Source(msgspec.Struct, frozen=True):
    """A place where the failure begins, and what to do there."""

    path: str
    line: int
    symbol: str
    text: str
    why: str
    fix: str


class Explanation(msgspec.Struct, frozen=True):
    """``exception`` is the line that the log has, ``raised`` the innermost frame that is the project's own.

    ``ended_in`` is the last exception of its chain, if that is another one.
    """

    exception: str
    cause: str
    log_line: int
    times: int
    means: str
    look: str
    fix: str
    rule: str | None = None
    raised: At | None = None
    sources: list[Source] = []
    ended_in: str | None = None


class Unexplained(msgspec.Struct, frozen=True):
    """An exception that is in no table, or a traceback whose end is missing."""

    exception: str
    log_line: int
    times: int
    raised: At | None = None


class Explained(msgspec.Struct, frozen=True):
    """``skipped``: bytes at the beginning of the log that were not read."""

    explained: list[Explanation]
    unexplained: list[Unexplained]
    skipped: int = 0


def explain_log(log: Log, root: Path | None) -> Explained:
    """What the failures in a log mean, and where they begin in the project at ``root``."""
    found = failures(log.lines())
    sources = Sources(root, load_facts()) if root is not None and any(_has_frames(each) for each in found) else None
    explained: dict[tuple[str, int], Explanation] = {}
    unexplained: list[Unexplained] = []
    for failure in found:
        chain = [*failure.causes, failure]
        meanings = {each.head: (each, meaning) for each in chain if (meaning := meaning_of(each)) is not None}
        for each, meaning in meanings.values():
            known = _explanation(each, meaning, failure, sources)
            explained[known.exception, known.log_line] = known
        if not meanings and _is_error(failure):
            unexplained.append(_unexplained(failure, sources))
    return Explained(list(explained.values()), unexplained, log.skipped)


def _explanation(each: Failure, meaning: Meaning, last: Failure, sources: Sources | None) -> Explanation:
    levels = sources.levels(each) if sources is not None else []
    none = _NONE.search(each.message)
    begins: list[Origin] = []
    if sources is not None and none is not None and levels and _is_innermost(levels[-1], each):
        begins = origins(sources, levels, none["attribute"])
    return Explanation(
        exception=each.head,
        cause=meaning.name,
        log_line=each.log_line,
        times=last.times,
        means=meaning.means,
        look=meaning.look,
        fix=meaning.fix,
        rule=meaning.rule if meaning.rule in all_rules() else None,
        raised=_at(levels),
        sources=[Source(o.spot.path, o.spot.line, o.symbol, o.text, o.why, o.fix) for o in begins],
        ended_in=last.head if last.head != each.head else None,
    )


def _is_innermost(level: Level, failure: Failure) -> bool:
    """Whether the project's own innermost frame is where it failed, and not a library that it called."""
    return failure.frames[-1].path.replace("\\", "/").endswith(level.module.path.rpartition("/")[2])


def _unexplained(failure: Failure, sources: Sources | None) -> Unexplained:
    said = failure.head if not failure.cut_off else "a traceback whose end is not in the log"
    return Unexplained(said, failure.log_line, failure.times, _at(sources.levels(failure) if sources else []))


def _at(levels: list[Level]) -> At | None:
    if not levels:
        return None
    last = levels[-1]
    return At(last.module.path, last.spot.line, last.function.qualname, last.text, last.moved)


def _has_frames(failure: Failure) -> bool:
    return any(each.frames for each in (*failure.causes, failure))


def _is_error(failure: Failure) -> bool:
    """Warnings that nobody knows are not worth a line, nor are groups: their parts are told one by one."""
    return not failure.name.endswith(("Warning", "ExceptionGroup"))
