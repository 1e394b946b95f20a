"""``solvent contracts check``: hold data against a contract."""

from __future__ import annotations

import sys
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING

import click

from solvent.cli.debt_output import failing_with_2
from solvent.cli.options import json_option
from solvent.cli.output import print_json, print_table, write_file

if TYPE_CHECKING:
    from solvent.data.contract.check.report import Report

_SILENT_SECONDS = 2.0
_FORMATS = ("text", "json", "markdown")
_PARQUET = (".parquet", ".pq")


@click.command()
@click.argument("data")
@click.argument("contract", type=click.Path(path_type=Path))
@click.option("--table", metavar="NAME", help="Which table of CONTRACT, if it has several.")
@click.option(
    "--quarantine",
    "bad",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the rows that break the contract to this Parquet file, with their reasons.",
)
@click.option(
    "--examples", type=click.IntRange(0, 100), default=3, show_default=True, help="Rows shown for each failed rule."
)
@json_option
@click.option(
    "-o", "--output", multiple=True, metavar="FORMAT[=FILE]", help="text, json or markdown, and where to; repeatable."
)
def check(
    data: str,
    contract: Path,
    table: str | None,
    bad: Path | None,
    examples: int,
    as_json: bool,
    output: tuple[str, ...],
) -> None:
    """Hold DATA (a file, a folder, a database) against CONTRACT.

    Of a DuckDB file, the table that is called as the contract's is looked at (physicalName, or else name). Exits with 0
    if every check of severity error passed, with 1 if not, with 2 if nothing could be checked.
    """
    with failing_with_2():
        outputs = _outputs(output, as_json)
        if bad is not None and bad.suffix.lower() not in _PARQUET:
            raise click.BadParameter(
                f"expected the name of a Parquet file (.parquet), found '{bad}'", param_hint="--quarantine"
            )
        report, put_aside = _checked(data, contract, table, examples, bad)
        for form, file in outputs:
            _write(report, form, file)
        if bad is not None:
            click.echo(_told(put_aside, bad), err=True)
    sys.exit(1 if report.verdict == "failed" else 0)


def _checked(data: str, path: Path, table: str | None, examples: int, bad: Path | None) -> tuple[Report, int | None]:
    from solvent.data.contract.check.source import check_source, read_contract

    contract = read_contract(path)
    notice = Timer(_SILENT_SECONDS, click.echo, [f"Checking {data} (Ctrl-C ends it) ..."], {"err": True})
    notice.daemon = True
    notice.start()
    try:
        return check_source(data, contract, table=table, examples=examples, bad=bad)
    finally:
        notice.cancel()


def _outputs(given: tuple[str, ...], as_json: bool) -> list[tuple[str, Path | None]]:
    """The formats that were asked for, each with its file or None for stdout."""
    outputs: list[tuple[str, Path | None]] = []
    for each in [*given, *(["json"] if as_json and "json" not in given else [])] or ["text"]:
        form, equals, file = each.partition("=")
        if equals and not file:
            raise click.BadParameter(f"'{each}' names no file: expected {form}=FILE", param_hint="-o")
        if form not in _FORMATS:
            raise click.BadParameter(f"expected one of {', '.join(_FORMATS)}, found '{form}'", param_hint="-o")
        outputs.append((form, Path(file) if file else None))
    if sum(file is None for _, file in outputs) > 1:
        raise click.BadParameter("only one output goes to stdout: name files for the others (-o json=report.json)")
    return outputs


def _write(report: Report, form: str, file: Path | None) -> None:
    from solvent.data.contract.check.markdown import markdown
    from solvent.data.contract.check.plain import plain

    if file is None and form == "text":
        _print(report)
    elif file is None and form == "json":
        print_json(plain(report))
    elif form == "json":
        import msgspec

        _put(file, msgspec.json.format(msgspec.json.encode(plain(report)), indent=2).decode())
    else:
        _put(file, markdown([report]) if form == "markdown" else str(report))


def _put(file: Path | None, content: str) -> None:
    if file is None:
        click.echo(content)
    else:
        write_file(file, f"{content.rstrip()}\n")


def _print(report: Report) -> None:
    from solvent.data.contract.check.report import HEADERS

    click.echo(report.headline)
    if cells := report.table_rows:
        print_table(HEADERS, cells, empty="")
    for line in report.told:
        click.echo(f"note: {line}")


def _told(put_aside: int | None, bad: Path) -> str:
    if put_aside is None:
        return f"No rule about rows failed: {bad} was not written."
    return f"Wrote {put_aside:,} row{'' if put_aside == 1 else 's'} that break the contract to {bad}."
