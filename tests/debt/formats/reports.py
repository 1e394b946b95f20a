"""Reports made by hand, and those that hypothesis makes of any text."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, get_args

from hypothesis import strategies as st

from solvent.debt.engine.check import Report
from solvent.debt.engine.suppress import Warned
from solvent.debt.findings import SEVERITIES, Finding, FixKind
from solvent.debt.formats.writer import Output
from solvent.debt.rating import summarize
from solvent.debt.settings import Rating

NOWHERE = Path("/nowhere/project")


def finding(**given: Any) -> Finding:
    values: dict[str, Any] = {
        "code": "COD207",
        "rule": "nan-comparison",
        "message": "comparing with NaN is always false",
        "path": "src/train.py",
        "line": 3,
        "column": 5,
        "severity": "high",
        "minutes": 2,
        "fingerprint": "00c0ffee00c0ffee",
        "fix": "safe",
        "end_line": 3,
        "symbol": "train",
    }
    return Finding(**values | given)


def report(
    findings: Sequence[Finding] = (),
    *,
    unreadable: Sequence[tuple[str, str]] = (),
    warned: Sequence[Warned] = (),
    suppressed: Sequence[Finding] = (),
    notes: Sequence[str] = (),
    root: Path = NOWHERE,
    files: int = 2,
    known: int = 0,
) -> Report:
    summary = summarize(
        findings,
        files=files,
        lines=100 * files,
        unreadable=len(unreadable),
        grid=Rating(),
        suppressed=len(suppressed),
        known=known,
    )
    return Report(root, [*findings], [*unreadable], [*warned], [*suppressed], summary, [*notes])


def troubled() -> Report:
    """A report with one of everything."""
    return report(
        [finding(), finding(path="eda.ipynb", cell=4, line=2, severity="low", fingerprint="1" * 16, minutes=30)],
        unreadable=[("old.py", "not Python 3: line 1")],
        warned=[Warned("src/train.py", 9, "nothing to accept for COD207 here any more")],
        suppressed=[finding(line=7, fingerprint="2" * 16)],
        notes=["2 symbolic links were not followed"],
        known=3,
    )


def written(name: str, shown: Report) -> str:
    out = io.StringIO()
    Output(name, None).write(shown, out)
    return out.getvalue()


# What UTF-8 can hold; the writer spells out the rest before any format sees it (test_writer.py).
texts = st.text(st.characters(codec="utf-8"), max_size=40)


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    line = draw(st.integers(0, 500))
    return finding(
        message=draw(texts),
        path=draw(texts.filter(bool)),
        line=line,
        end_line=draw(st.integers(line, line + 5)),
        column=draw(st.integers(0, 80)),
        cell=draw(st.none() | st.integers(0, 30)),
        severity=draw(st.sampled_from(SEVERITIES)),
        minutes=draw(st.integers(0, 600)),
        fingerprint=f"{draw(st.integers(0, 2**64 - 1)):016x}",
        fix=draw(st.none() | st.sampled_from(get_args(FixKind))),
        symbol=draw(texts),
    )


@st.composite
def reports(draw: st.DrawFn) -> Report:
    places: Iterable[tuple[str, str]] = draw(st.lists(st.tuples(texts.filter(bool), texts), max_size=2))
    return report(
        draw(st.lists(findings(), max_size=5)),
        unreadable=list(places),
        warned=draw(st.lists(st.builds(Warned, texts.filter(bool), st.integers(1, 99), texts), max_size=2)),
        suppressed=draw(st.lists(findings(), max_size=2)),
        notes=draw(st.lists(texts, max_size=2)),
    )
