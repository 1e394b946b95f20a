"""How listings are printed: tables for people, whole and plain when piped, or JSON."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from solvent.errors import InvalidInput


def print_json(value: Any) -> None:
    """The JSON of Structs and plain data, indented."""
    click.echo(json_text(value))


def json_text(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def print_table(headers: Sequence[str], rows: Sequence[Sequence[str]], *, empty: str) -> None:
    """A table on stdout; when there are no rows, ``empty`` says on stderr what to do next.

    On a terminal it is fitted to the width; elsewhere columns are padded and nothing is cut.
    """
    if not rows:
        click.echo(empty, err=True)
    elif sys.stdout.isatty():
        _rich_table(headers, rows)
    else:
        _plain_table(headers, rows)


def _rich_table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for header in headers:
        table.add_column(header, overflow="fold")
    for row in rows:
        table.add_row(*(Text(visible(cell)) for cell in row))
    Console().print(table)


def _plain_table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    cells = [list(headers), *([visible(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(headers))]
    cells.insert(1, ["-" * width for width in widths])
    for row in cells:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def write_file(path: Path, text: str) -> None:
    """Write a file whole, and the folders that it lies in.

    Raises:
        InvalidInput: it can't be written; the message says why.
    """
    from solvent.disk import replace_file

    try:
        replace_file(path, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise InvalidInput(f"{path} can't be written: {error.strerror}") from error


def visible(cell: str) -> str:
    """One line without control characters: a value must not move the terminal's cursor."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in cell)


def local_time(milliseconds: int | None) -> str:
    """Local time to the second, or nothing."""
    if milliseconds is None:
        return ""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def duration(start: int | None, end: int | None) -> str:
    """The time between two instants in milliseconds, as 0.5s, 12s, 3m05s or 2h03m; nothing while it lasts."""
    if start is None or end is None:
        return ""
    seconds = max(0, end - start) / 1000
    if seconds < 10:
        return f"{seconds:.1f}s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m{whole % 60:02}s"
    return f"{whole // 3600}h{whole % 3600 // 60:02}m"


def readable_size(count: int) -> str:
    """Bytes for people.

    >>> readable_size(1_500_000)
    '1.5 MB'
    """
    value = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.1f} {unit}" if unit != "bytes" else f"{count} bytes"
        value /= 1000
    return f"{value:.1f} TB"
