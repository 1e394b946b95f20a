"""Runs side by side, differences first: what ``solvent diff`` and ``solvent runs compare`` show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import click

from solvent.cli.output import duration, local_time, print_table, visible
from solvent.wire.base import Number
from solvent.wire.compare import CodeChange, ComparedMetric, ComparedRow, CompareRunsResponse, FileChange

SECTIONS = ("code", "environment", "packages", "data", "params", "metrics", "tags", "run", "system")
_KINDS = {"packages": "package", "params": "param", "metrics": "metric", "tags": "tag"}
_SIGNS = {"+": "green", "-": "red", "@": "cyan"}
_MOST_FILES = 50


class Row(NamedTuple):
    """One line of the table: the section, what is compared, and its cells."""

    section: str
    name: str
    cells: list[str]


def rows_of(found: CompareRunsResponse, *, everything: bool) -> list[Row]:
    """Who and when, then what differs by section; with ``everything`` also what is equal, and the machine's metrics."""
    rows = [
        Row("", "run id", [run.run_id for run in found.runs]),
        Row("", "started", [local_time(run.start_time) for run in found.runs]),
        Row("", "duration", [duration(run.start_time, run.end_time) for run in found.runs]),
    ]
    for differs in (True, False) if everything else (True,):
        for section in SECTIONS:
            if section != "system" or everything:
                rows += _section(found, section, differs=differs)
    return rows


def _section(found: CompareRunsResponse, section: str, *, differs: bool) -> Iterator[Row]:
    for row in getattr(found, section):
        if row.differs != differs:
            continue
        name = f"{_KINDS.get(section, section)} {row.key}"
        if isinstance(row, ComparedMetric):
            yield from (Row(section, name + of, cells) for of, cells in _metric(row))
        else:
            yield Row(section, name, _cells(row))


def _cells(row: ComparedRow) -> list[str]:
    origins = row.origins or [None] * len(row.values)
    texts = ["" if value is None else _short(value) for value in row.values]
    return [f"{text} ({origin})" if origin else text for text, origin in zip(texts, origins, strict=True)]


def _short(value: str) -> str:
    return value if len(value) <= 200 else f"{value[:200]} ... ({len(value):,} characters)"


def _metric(row: ComparedMetric) -> Iterator[tuple[str, list[str]]]:
    """The latest values with how they differ from the first run's; smallest and largest where they are others."""
    yield "", [_latest(row, place) for place in range(len(row.last))]
    for name, values in (("smallest", row.min), ("largest", row.max)):
        if values != row.last and len(set(values)) > 1:
            yield f" ({name})", [number(value) for value in values]


def _latest(row: ComparedMetric, place: int) -> str:
    text, change, part = number(row.last[place]), row.difference[place], row.relative[place]
    if place == 0 or not isinstance(change, float | int) or change == 0:
        return text
    return f"{text} ({change:+.4g}{f', {part:+.2%}' if isinstance(part, float | int) else ''})"


def number(value: Number | None) -> str:
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float | int) else str(value)


def headers(found: CompareRunsResponse) -> list[str]:
    return ["", *(run.run_name or run.run_id[:8] for run in found.runs)]


def show(found: CompareRunsResponse, *, everything: bool = False, with_text: bool = False) -> None:
    """On stdout: the table and the files of code that differ; what is equal in one line on stderr."""
    rows = rows_of(found, everything=everything)
    print_table(headers(found), [[row.name, *row.cells] for row in rows], empty="")
    for line in code_lines(found, with_text=with_text):
        click.secho(visible(line.expandtabs(4)), fg=_SIGNS.get(line[:1]))
    for note in notes(found):
        click.echo(visible(note), err=True)
    if not everything and (line := hidden(found)):
        click.echo(line, err=True)


def code_lines(found: CompareRunsResponse, *, with_text: bool) -> Iterator[str]:
    """The files whose code differs from the first run's, or why that can't be told."""
    from solvent.tracking.compare.sections import UNKEPT

    base = found.runs[0]
    names = {run.run_id: run.run_name or run.run_id[:8] for run in found.runs}
    for change in found.code_changes:
        same = change.source == "repository" and not change.files and any(row.differs for row in found.code)
        if not change.files and not change.note and not same:
            continue
        yield ""
        yield f"Code from {names[base.run_id]} to {names[change.run_id]}{_source(change)}"
        if change.note:
            yield f"  {change.note}"
        if same:
            unkept = any(row.key == UNKEPT and row.differs for row in found.code)
            yield f"  the same in all files{' that were kept' if unkept else ''}"
        for file in change.files[:_MOST_FILES]:
            yield f"  {file.path}  +{file.added} -{file.removed}"
        if len(change.files) > _MOST_FILES:
            yield f"  and {len(change.files) - _MOST_FILES} more files (--json names them)"
        if with_text:
            for file in change.files:
                yield from ("", *text_of(file))


def _source(change: CodeChange) -> str:
    return {"repository": ", by the repository", "patches": ", by what was recorded"}.get(change.source, "")


def text_of(file: FileChange) -> list[str]:
    text = file.text if file.text is not None else "(too long to be shown)"
    return [f"diff a/{file.path} b/{file.path}", *text.split("\n")]


def notes(found: CompareRunsResponse) -> list[str]:
    """What could not be read, so that nobody takes it for equal."""
    return [f"{run.run_name or run.run_id[:8]}: not compared: {note}" for run in found.runs for note in run.unread]


def hidden(found: CompareRunsResponse) -> str:
    """One line that sums up what the table leaves out."""
    counts = {section: sum(not row.differs for row in getattr(found, section)) for section in SECTIONS}
    counts["system"] = len(found.system)
    if not (total := sum(counts.values()) + found.left_out):
        return ""
    listed = ", ".join(f"{count} of {section}" for section, count in counts.items() if count)
    return f"{total} more are equal in all runs, or were measured of the machine (--all shows them): {listed}"


def markdown(found: CompareRunsResponse, *, everything: bool, with_text: bool) -> str:
    """The same as a page: for a pull request, or a report."""
    blocks = [["# Runs compared"]]
    rows = rows_of(found, everything=everything)
    blocks.append(_markdown_table([headers(found), *([row.name, *row.cells] for row in rows)]))
    for change in found.code_changes:
        name = next(run.run_name or run.run_id for run in found.runs if run.run_id == change.run_id)
        if change.files or change.note:
            blocks.append([f"## Code of {_escaped(name)}{_source(change)}"])
            blocks.append([_escaped(change.note)] if change.note else [])
            blocks.append([f"- {_escaped(file.path)}: +{file.added} -{file.removed}" for file in change.files])
        if with_text:
            blocks += [_fenced(text_of(file)) for file in change.files]
    blocks.append([f"- {_escaped(note)}" for note in notes(found)])
    blocks.append([hidden(found)] if not everything else [])
    return "\n\n".join("\n".join(block) for block in blocks if any(block)) + "\n"


def _markdown_table(rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [f"| {' | '.join(map(_escaped, row))} |" for row in rows]
    return [lines[0], "|---" * len(rows[0]) + "|", *lines[1:]]


def _fenced(lines: Sequence[str]) -> list[str]:
    """Lines that may hold fences themselves."""
    longest = max((len(line) - len(line.lstrip("`+- ")) for line in lines if "```" in line), default=0)
    fence = "`" * max(longest + 1, 3)
    return [f"{fence}diff", *(visible(line.expandtabs(4)) for line in lines), fence]


def _escaped(text: str) -> str:
    """Text of strangers that is to be nothing but text."""
    return "".join(f"\\{char}" if char in "\\`*_[]<>|#&!~$" else char for char in visible(text))
