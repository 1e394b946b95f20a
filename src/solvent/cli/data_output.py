"""What ``solvent data`` shows: its tables, its files, its progress."""

from __future__ import annotations

import difflib
import io
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from solvent.cli.output import visible
from solvent.disk import replace_file
from solvent.errors import InvalidInput

if TYPE_CHECKING:
    from solvent.data.profile.diff.model import Diff
    from solvent.data.profile.model import Profile

FORMATS = ("text", "markdown", "json", "html")
_ENDINGS = {".html": "html", ".htm": "html", ".md": "markdown", ".json": "json", ".txt": "text"}
SILENT_SECONDS = 1.0
LOGGED_SECONDS = 5.0
"""The same where stderr is no terminal: a line in a log is never taken back."""
_LEAST_FOLDED = 14
"""What a column that is broken into lines gets at least."""


class Output(NamedTuple):
    """A format and its file; None is stdout."""

    format: str
    file: Path | None


def show_profile(found: Profile, name: str, *, as_json: bool) -> None:
    """On stdout: the table, or the JSON that can be read back."""
    from solvent.data.profile.draw import columns, plain
    from solvent.data.profile.form import write

    if as_json:
        _write_out(write(found).decode() + "\n", for_programs=True)
        return
    click.echo(columns.heading(found, name))
    rows = columns.rows(found, plain=_is_plain())
    if rows and sys.stdout.isatty():
        _rich_table(
            columns.HEADERS, rows, columns.RIGHT, folded=(0, 8), wrapped=(4, 5, 6), spare=(8, 1, 5, 3, 7, 6, 2, 4)
        )
    elif rows:
        click.echo()
        _write_out("".join(f"{line}\n" for line in plain.table(columns.HEADERS, rows, columns.RIGHT)))
    if remarks := columns.remarks(found):
        click.echo()
        _write_out("".join(f"{line}\n" for line in remarks))


def save(found: Profile, file: Path) -> None:
    """Raises InvalidInput if the file can't be written."""
    from solvent.data.profile.form import write

    _save(write(found), file)


def written_diff(given: Sequence[str], formats: Sequence[str] = FORMATS) -> list[Output]:
    """What ``-o`` asks for: told before the data is read, not after it.

    Raises:
        InvalidInput: no such format, or two of them would be written to the same place.
    """
    outputs = []
    for text in given or ["text"]:
        name, equals, file = text.partition("=")
        if name not in formats:
            near = difflib.get_close_matches(name, formats, 1)
            hint = f"did you mean {near[0]}?" if near else f"expected one of {', '.join(formats)}"
            ending = _ENDINGS.get(Path(name).suffix.lower())
            if ending and not equals:
                hint = f"to write that file, give -o {ending}={name}"
            raise InvalidInput(f"there is no format '{name}': {hint}")
        if equals and not file:
            raise InvalidInput(f"'-o {text}' names no file: expected {name}=FILE")
        outputs.append(Output(name, Path(file) if file else None))
    if sum(output.file is None for output in outputs) > 1:
        raise InvalidInput("only one format can go to the terminal: give the others a file, like -o html=diff.html")
    places = [output.file.resolve() for output in outputs if output.file is not None]
    for place in places:
        if places.count(place) > 1:
            raise InvalidInput(f"two formats would be written to {place}")
    return outputs


def show_diff(found: Diff, outputs: Sequence[Output]) -> None:
    """Raises InvalidInput if a file can't be written."""
    for output in outputs:
        if output.file is None and output.format == "text":
            _show_text(found)
            continue
        text: str = import_module(f"solvent.data.profile.draw.{output.format}").write(found)
        if output.file is None:
            _write_out(text, for_programs=True)
        else:
            _save(text.encode("utf-8", "backslashreplace"), output.file)
    if all(output.file is not None for output in outputs):
        from solvent.data.profile.draw import changes

        click.echo(visible(f"{changes.row_counts(found)}; {changes.summary(found)}"), err=True)


def _show_text(found: Diff) -> None:
    from solvent.data.profile.draw import table, text

    if not sys.stdout.isatty():
        _write_out(text.write(found, plain=_is_plain()))
        return
    click.echo("\n".join(text.head(found)))
    if rows := table.rows(found, plain=_is_plain()):
        *heads, before, now, what = table.HEADERS
        stacked = [[*row[:5], f"{row[5]}\n{row[6]}".rstrip(), row[7]] for row in rows]
        _rich_table([*heads, f"{before} / {now}", what], stacked, table.RIGHT, folded=(0, 6), spare=(4, 1))
    click.echo("\n".join(text.tail(found)))


def _save(content: bytes, file: Path) -> None:
    try:
        replace_file(file, content)
    except OSError as error:
        raise InvalidInput(f"{file} can't be written: {error.strerror}") from error


def _is_plain() -> bool:
    """Whether stdout holds no block characters."""
    try:
        "▁█…".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return True
    return False


def _write_out(text: str, *, for_programs: bool = False) -> None:
    """Programs get UTF-8 whatever the locale; what a terminal can't show is spelled out."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        if for_programs:
            sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
        else:
            sys.stdout.reconfigure(errors="backslashreplace")
    sys.stdout.write(text)
    sys.stdout.flush()


def _rich_table(
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    right: Collection[int],
    folded: Collection[int],
    spare: Sequence[int],
    wrapped: Collection[int] = (),
) -> None:
    """Fitted to the terminal: the columns in ``folded`` are broken anywhere, those in ``wrapped`` between words; if that
    is not enough, those in ``spare`` are left out, and that is said."""
    from rich import box
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    texts = [[Text("\n".join(map(visible, cell.split("\n")))) for cell in row] for row in rows]
    widths = []
    for place, header in enumerate(headers):
        cells = [row[place].plain for row in texts]
        parts = [part for cell in cells for part in (cell.split() if place in wrapped else cell.split("\n"))]
        whole = max(map(cell_len, [header, *parts]))
        widths.append(min(whole, _LEAST_FOLDED) if place in folded else whole)
    left_out: list[int] = []
    for place in spare:
        if sum(width + 2 for at, width in enumerate(widths) if at not in left_out) >= console.width:
            left_out.append(place)
    kept = [place for place in range(len(headers)) if place not in left_out]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for place in kept:
        is_folded = place in folded or place in wrapped
        table.add_column(
            headers[place],
            overflow="fold",
            no_wrap=not is_folded,
            justify="right" if place in right else "left",
            min_width=widths[place],
        )
    for row in texts:
        table.add_row(*(row[place] for place in kept))
    console.print(table)
    if left_out:
        click.echo(f"No room for: {', '.join(headers[place] for place in left_out)} (a wider terminal, or --json)")


@contextmanager
def shown_progress(source: str) -> Iterator[Callable[[str, int, int], None]]:
    """Tells on stderr what is being done, once it lasts: a line that changes on a terminal, else one line."""
    progress = _Progress(source)
    try:
        yield progress
    finally:
        progress.stop()


class _Progress:
    def __init__(self, source: str) -> None:
        self._source = visible(source)
        self._start = time.monotonic()
        self._told = False
        self._status: Any = None

    def __call__(self, what: str, step: int, steps: int) -> None:
        """Before each step: its name, its number from 1, and how many there are."""
        silent = SILENT_SECONDS if sys.stderr.isatty() else LOGGED_SECONDS
        if not self._told and time.monotonic() - self._start < silent:
            return
        text = f"{self._source}: {what} ({step} of {steps})"
        if not sys.stderr.isatty():
            if not self._told:
                click.echo(f"Looking at {text} ...", err=True)
        elif self._status is None:
            from rich.console import Console
            from rich.markup import escape
            from rich.status import Status

            self._status = Status(escape(text), console=Console(stderr=True))
            self._status.start()
        else:
            from rich.markup import escape

            self._status.update(escape(text))
        self._told = True

    def stop(self) -> None:
        if self._status is not None:
            self._status.stop()
