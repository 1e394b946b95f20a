"""Explanations for people."""

from __future__ import annotations

from collections.abc import Iterator

from solvent.debt.explain_log.explain import At, Explained, Explanation

_INDENT = 13


def lines_of(result: Explained) -> Iterator[str]:
    """The lines to print; those of the log itself are untrusted and made visible."""
    for explanation in result.explained:
        yield from map(visible, _explanation(explanation))
        yield ""
    for each in result.unexplained:
        raised = f" ({_place(each.raised)})" if each.raised is not None else ""
        yield visible(f"Not known: {each.exception}{_count(each.times)}{raised}, log line {each.log_line:,}")
    if result.skipped:
        yield f"The log is larger than what is read of it: its first {result.skipped:,} bytes were left out."


def _explanation(each: Explanation) -> Iterator[str]:
    yield f"{each.exception}{_count(each.times)}"
    yield _row("means", each.means)
    if each.raised is not None:
        moved = " (the code has changed since: found by its text)" if each.raised.moved else ""
        yield _row("raised at", f"{_place(each.raised)}{moved}")
        yield _row("", each.raised.text)
    for number, source in enumerate(each.sources):
        yield _row(
            "comes from" if not number else "or from", f"{source.path}:{source.line}, in {source.symbol}: {source.why}"
        )
        yield _row("", source.text)
        yield _row("mend", source.fix)
    if not each.sources:
        yield _row("look at", each.look)
    yield _row("in general" if each.sources else "mend", each.fix)
    if each.ended_in is not None:
        yield _row("ended in", each.ended_in)
    if each.rule is not None:
        yield _row("found by", f"{each.rule}: solvent debt explain {each.rule}")
    yield _row("log line", f"{each.log_line:,}")


def _row(name: str, text: str) -> str:
    return f"  {name.ljust(_INDENT - 2)}{text}"


def _place(at: At) -> str:
    return f"{at.path}:{at.line}, in {at.symbol}"


def _count(times: int) -> str:
    return f" ({times:,} times)" if times > 1 else ""


def visible(text: str) -> str:
    """One line without control characters."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
