"""``solvent contracts import`` and ``export``: contracts from and for other tools."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from solvent.cli.options import json_option, require
from solvent.cli.output import print_json, visible, write_file

FORMATS = ("pandera", "great-expectations", "json-schema", "frictionless", "mlflow")
TARGETS = ("json-schema", "great-expectations", "mlflow", "markdown")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("file", type=_FILE)
@click.option("--from", "form", type=click.Choice(FORMATS), help="What the file is (default: recognised by itself).")
@click.option("-o", "--output", type=_OUT, metavar="FILE", help="Where the draft is written (default: stdout).")
@click.option("--strict", is_flag=True, help="Refuse if any rule can't be carried over.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@json_option
def import_contract(
    file: Path, form: str | None, output: Path | None, strict: bool, force: bool, as_json: bool
) -> None:
    """Make a draft contract of another tool's schema or suite.

    Rules that can't be carried over are listed on stderr, and kept in the draft as text. With --json, what is
    printed is the document, what was not carried over, and what was guessed.
    """
    require("duckdb", "data")
    require("jsonschema", "data")
    from solvent.data.contract.importers.formats import import_contract as imported_from
    from solvent.data.contract.importers.source import MAX_BYTES
    from solvent.data.contract.write import write_document

    with file.open("rb") as opened:
        content = opened.read(MAX_BYTES + 1)
    imported = imported_from(content, _stem(file), str(file), form)
    if strict and imported.not_carried:
        _say_missing([(one.place, one.rule, one.why) for one in imported.not_carried], "not carried over")
        count = _counted(len(imported.not_carried))
        raise click.ClickException(f"{count} of {file} can't be carried over: leave out --strict to import the others")
    if output is not None:
        _write(output, write_document(imported.document), force=force)
    if as_json:
        print_json(imported)
        return
    if output is None:
        click.echo(write_document(imported.document), nl=False)
    for note in imported.notes:
        click.echo(f"Note: {visible(note)}", err=True)
    _say_missing([(one.place, one.rule, one.why) for one in imported.not_carried], "not carried over")
    if output is not None:
        click.echo(f"Wrote {output}: review it, then 'solvent contracts accept {output}'.", err=True)


@click.command("export")
@click.argument("contract", type=_FILE)
@click.option("--to", "form", type=click.Choice(TARGETS), required=True, help="For which tool.")
@click.option("--table", metavar="NAME", help="Which table, if the contract has several.")
@click.option("-o", "--output", type=_OUT, metavar="FILE", help="Where it is written (default: stdout).")
@click.option("--strict", is_flag=True, help="Refuse if the other form can't say all.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@json_option
def export_contract(
    contract: Path, form: str, table: str | None, output: Path | None, strict: bool, force: bool, as_json: bool
) -> None:
    """Write a contract in another tool's form.

    What that form can't say is listed on stderr.
    """
    require("jsonschema", "data")
    from solvent.data.contract.exporters.formats import export_contract as exported_to
    from solvent.data.contract.read import read_contract

    exported = exported_to(read_contract(contract), form, table)
    if strict and exported.lost:
        _say_missing([(one.place, one.rule, one.why) for one in exported.lost], "lost")
        raise click.ClickException(f"{_counted(len(exported.lost))} of {contract} can't be said in {form}")
    if output is not None:
        _write(output, exported.text, force=force)
    if as_json:
        print_json(exported)
        return
    if output is None:
        click.echo(exported.text, nl=False)
    _say_missing([(one.place, one.rule, one.why) for one in exported.lost], "lost")


def _stem(file: Path) -> str:
    return file.name.split(".")[0] or "contract"


def _counted(number: int) -> str:
    return f"{number} rule{'s' if number != 1 else ''}"


def _say_missing(missing: Sequence[tuple[str, str, str]], what: str) -> None:
    for place, rule, why in missing:
        click.echo(visible(f"{what}: {place}: {rule}: {why}"), err=True)
    if missing:
        click.echo(f"{_counted(len(missing))} {what}.", err=True)
        sys.stderr.flush()


def _write(path: Path, text: str, *, force: bool) -> None:
    if path.exists() and not force:
        raise click.ClickException(f"{path} is there already: add --force to write over it")
    write_file(path, text)
