"""``solvent data``: look at tables, and at what differs between two of them."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from solvent.cli.data_output import save, show_diff, show_profile, written_diff
from solvent.cli.data_sides import profile_of, refuse_sample, tables_of
from solvent.cli.debt_output import failing_with_2
from solvent.cli.options import json_option, tracking_uri_option

_SAMPLE = click.option("--sample", type=click.IntRange(min=1), metavar="N", help="Look at N rows, evenly spread.")


@click.group()
def data() -> None:
    """Look at tables, and at what differs between two."""


@data.command()
@click.argument("source")
@click.option("--table", metavar="T", help="The table, if SOURCE is a DuckDB file.")
@_SAMPLE
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Save the profile as JSON there.")
@json_option
@tracking_uri_option
def profile(
    source: str, table: str | None, sample: int | None, output: Path | None, as_json: bool, tracking_uri: str | None
) -> None:
    """Describe a table, column by column.

    Nulls, distinct values, range, histogram, most frequent values. SOURCE is a Parquet, CSV, JSON lines or Arrow file,
    a folder or pattern of them, a DuckDB file with --table, a query ("select ... from 'file.parquet'"), a saved profile,
    or runs:/RUN_ID/NAME, the data set that a run read (NAME@DIGEST, if it read several versions). Nothing is changed.
    """
    refuse_sample(sample, source)
    found = profile_of(source, table=table, sample=sample, tracking_uri=tracking_uri)
    if output is not None:
        save(found, output)
    show_profile(found, source, as_json=as_json)


@data.command()
@click.argument("old")
@click.argument("new")
@click.option("--table", metavar="T", help="The table, of whichever side is a database (both may be).")
@_SAMPLE
@click.option(
    "-o",
    "--output",
    multiple=True,
    metavar="FORMAT[=FILE]",
    help="text, markdown, json or html, and where to write it; repeatable.",
)
@json_option
@click.option("--exit-code", is_flag=True, help="Exit with 1 if anything differs.")
@tracking_uri_option
def diff(
    old: str,
    new: str,
    table: str | None,
    sample: int | None,
    output: tuple[str, ...],
    as_json: bool,
    exit_code: bool,
    tracking_uri: str | None,
) -> None:
    """Say what differs between two tables, column by column.

    OLD and NEW are what 'solvent data profile' takes. NEW is counted on the histogram edges of OLD; if it is a profile,
    whose data is not at hand, its counts are put on them by estimate. Exits with 0, with 2 if the two can't be compared.
    """
    with failing_with_2():
        outputs = written_diff([*output, *(["json"] if as_json and "json" not in output else [])])
        refuse_sample(sample, old, new)
        tables = tables_of(old, new, table)
        before = profile_of(old, table=tables[0], sample=sample, tracking_uri=tracking_uri)
        after = profile_of(new, table=tables[1], sample=sample, tracking_uri=tracking_uri, like=before)
        from solvent.data.profile.diff.compare import compare

        found = compare(before, after, old_name=old, new_name=new)
        show_diff(found, outputs)
    sys.exit(1 if exit_code and found.differs else 0)
