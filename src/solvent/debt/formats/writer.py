"""``-o FORMAT[=FILE]``, several at once."""

from __future__ import annotations

import difflib
import io
import pkgutil
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, TextIO

from msgspec import structs

from solvent.debt import formats
from solvent.debt.engine.check import Report
from solvent.debt.findings import Finding
from solvent.debt.formats.parts.text import encodable
from solvent.debt.formats.parts.totals import total
from solvent.debt.sources.links import leads_out
from solvent.disk import replace_file
from solvent.errors import InvalidInput

Write = Callable[[Report, TextIO], None]
_HELPERS = frozenset({"writer"})
FOR_PEOPLE = frozenset({"concise", "full", "grouped", "statistics"})
"""Formats whose text is read, not parsed."""


class Output(NamedTuple):
    """A format and its file; None is stdout."""

    format: str
    file: Path | None

    @property
    def write(self) -> Write:
        write: Write = import_module(f"solvent.debt.formats.{self.format}").write
        return write


def format_names() -> list[str]:
    """All formats, by the names of their modules."""
    modules = (each for each in pkgutil.iter_modules(formats.__path__) if not each.ispkg)
    return sorted(each.name for each in modules if each.name not in _HELPERS)


def read_outputs(given: Iterable[str]) -> list[Output]:
    """What the options ask for: told before a long check, not after it.

    Raises:
        InvalidInput: no such format, no such place, or two of them would write to the same.
    """
    outputs = []
    for text in given:
        name, equals, file = text.partition("=")
        if equals and not file:
            raise InvalidInput(f"'-o {text}' names no file: expected {name}=FILE")
        outputs.append(Output(_known(name), Path(file) if file else None))
    if sum(1 for output in outputs if output.file is None) > 1:
        raise InvalidInput("only one format can go to the terminal: give the others a file, like -o sarif=debt.sarif")
    places = [output.file.resolve() for output in outputs if output.file is not None]
    for place in places:
        if places.count(place) > 1:
            raise InvalidInput(f"two formats would be written to {place}")
        if place.is_dir():
            raise InvalidInput(f"{place} is a folder: name a file")
    return outputs


def write_all(report: Report, outputs: Sequence[Output], *, statistics: bool = False) -> None:
    """Write the report in each format. If nothing of it goes to stdout, the total is said on stderr.

    ``statistics`` adds the table of rules: to what people read on stdout, else to stderr.

    Raises:
        InvalidInput: a file can't be written, or a link in the project would lead out of it.
    """
    for output in outputs:
        if output.file is not None and leads_out(report.root, output.file):
            raise InvalidInput(f"{output.file} leads out of the project by a link: name the file itself")
    report = _encodable(report)
    for output in outputs:
        if output.file is None:
            _write_out(output, report)
            continue
        text = io.StringIO()
        output.write(report, text)
        try:
            replace_file(output.file, text.getvalue().encode())
        except OSError as error:
            raise InvalidInput(f"{output.file} can't be written: {error.strerror}") from error
    shown = next((output.format for output in outputs if output.file is None), None)
    if statistics and shown != "statistics":
        from solvent.debt.formats.statistics import write_table

        write_table(report, sys.stdout if shown in FOR_PEOPLE else sys.stderr)
    if shown is None:
        sys.stderr.write(f"{total(report)}\n")


def _write_out(output: Output, report: Report) -> None:
    """To stdout: programs get UTF-8 whatever the locale; what a terminal can't show is spelled out."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        if output.format in FOR_PEOPLE:
            sys.stdout.reconfigure(errors="backslashreplace")
        else:
            sys.stdout.reconfigure(encoding="utf-8")
    output.write(report, sys.stdout)
    sys.stdout.flush()


def _known(name: str) -> str:
    known = format_names()
    if name not in known:
        near = difflib.get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]}?" if near else f"expected one of {', '.join(known)}"
        raise InvalidInput(f"there is no format '{name}': {hint}")
    return name


def _encodable(report: Report) -> Report:
    """The report with all its text fit for UTF-8."""
    return replace(
        report,
        findings=[_clean(finding) for finding in report.findings],
        suppressed=[_clean(finding) for finding in report.suppressed],
        unreadable=[(encodable(path), encodable(why)) for path, why in report.unreadable],
        warned=[
            structs.replace(each, path=encodable(each.path), message=encodable(each.message)) for each in report.warned
        ],
        notes=[encodable(note) for note in report.notes],
    )


def _clean(finding: Finding) -> Finding:
    try:
        f"{finding.path}{finding.message}{finding.symbol}".encode()
    except UnicodeEncodeError:
        told = {name: encodable(getattr(finding, name)) for name in ("path", "message", "symbol")}
        return structs.replace(finding, **told)
    return finding
