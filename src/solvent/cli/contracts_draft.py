"""``solvent contracts infer|lint``: how a contract begins, and what it lacks."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from solvent.cli.options import json_option, require
from solvent.cli.output import print_json, print_table, visible, write_file

if TYPE_CHECKING:
    from solvent.data.contract.infer import Inferred
    from solvent.data.contract.model import Role
    from solvent.data.profile.model import Profile


@click.command()
@click.argument("source")
@click.option("--table", metavar="NAME", help="Which table of a database.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Where to write it."
)
@click.option("--name", help="What the table is called in the contract (default: made of SOURCE).")
@click.option("--id", "contract_id", help="The contract's id (default: made of its name).")
@click.option(
    "--label", multiple=True, metavar="COLUMN", help="What is to be predicted; other columns become features."
)
@click.option("--id-column", multiple=True, metavar="COLUMN", help="What only identifies a row.")
@click.option("--sample", type=click.IntRange(1), metavar="ROWS", help="Look at no more rows than these.")
@json_option
def infer(
    source: str,
    table: str | None,
    output: Path | None,
    name: str | None,
    contract_id: str | None,
    label: tuple[str, ...],
    id_column: tuple[str, ...],
    sample: int | None,
    as_json: bool,
) -> None:
    """Write the draft of a contract for data like this.

    SOURCE is a file, a folder or a database. The draft goes to stdout or to a new file; what could not be inferred is
    listed on stderr.
    """
    require("duckdb", "data")
    from solvent.data.contract.infer import infer as draft
    from solvent.data.contract.read import contract_of
    from solvent.data.contract.write import write_document

    if output is not None and output.exists():
        raise click.ClickException(
            f"{output} is there already: write the draft to another file and compare them by 'diff'"
        )
    profile, unique, called = _looked_at(source, table, sample)
    roles = _roles([column.name for column in profile.columns], label, id_column)
    name = name or called or _name_of(source)
    found = draft(profile, name, id=contract_id, roles=roles, unique=unique, table=called)
    contract_of(found.document, "the draft")
    if as_json:
        print_json({"document": found.document, "not_inferred": [note._asdict() for note in found.notes]})
    else:
        _say_notes(found)
    text = write_document(found.document)
    if output is not None:
        write_file(output, text)
        click.echo(f"Wrote a draft to {output}: read it, then 'solvent contracts accept {output}'.", err=True)
    elif not as_json:
        click.echo(text, nl=False)


def _looked_at(source: str, table: str | None, sample: int | None) -> tuple[Profile, list[str], str | None]:
    """The profile, the columns that were counted and found unique, and what a database calls the table."""
    from solvent.data.contract.infer import candidates
    from solvent.data.engine.conditions import Unique
    from solvent.data.engine.duck.table import DuckEngine
    from solvent.data.profile.make import of_rows

    engine = DuckEngine()
    opened = engine.open(source, table=table)
    try:
        found = of_rows(opened, sample, engine.name)
        names = candidates(found) if found.sampled is None else []
        counts = opened.failing([Unique((name,)) for name in names]) if names else []
        unique = [name for name, failing in zip(names, counts, strict=True) if failing == 0]
        return found, unique, opened.table
    finally:
        opened.close()


def _roles(columns: list[str], labels: tuple[str, ...], ids: tuple[str, ...]) -> dict[str, Role]:
    from solvent.data.contract.names import nearest

    for given in (*labels, *ids):
        if given not in columns:
            raise click.ClickException(f"there is no column '{given}'{nearest(given, columns)}")
    roles: dict[str, Role] = dict.fromkeys(columns, "feature") if labels else {}
    return roles | dict.fromkeys(labels, "label") | dict.fromkeys(ids, "id")


def _name_of(source: str) -> str:
    return Path(source).name.partition(".")[0] or "data"


def _say_notes(found: Inferred) -> None:
    for note in found.notes:
        click.echo(visible(f"{note.column}: {note.text}" if note.column else note.text), err=True)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--exit-zero", is_flag=True, help="Exit with 0 also when something is missing.")
@json_option
def lint(files: tuple[Path, ...], exit_zero: bool, as_json: bool) -> None:
    """Say what a contract lacks.

    Descriptions, owners, rules, roles; and what it asks for and Solvent does not check. Exits with 1 if it lacks
    anything.
    """
    import msgspec

    from solvent.data.contract.lint import lint as look
    from solvent.data.contract.read import read_contract

    found = [(file, lack) for file in files for lack in look(read_contract(file))]
    if as_json:
        print_json([{"file": str(file), **msgspec.structs.asdict(lack)} for file, lack in found])
    else:
        rows = [[str(file), lack.code, lack.column or lack.table or "", lack.text, lack.place] for file, lack in found]
        print_table(["file", "code", "about", "what to do", "place"], rows, empty="Nothing is missing.")
    sys.exit(1 if found and not exit_zero else 0)
