"""``solvent contracts diff|accept|history``: a contract's versions."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from solvent.cli.options import json_option
from solvent.cli.output import print_json, print_table

if TYPE_CHECKING:
    from solvent.data.contract.changes import Change
    from solvent.data.contract.diff import Diff
    from solvent.data.contract.model import Contract

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("old", type=_FILE)
@click.argument("new", type=_FILE, required=False)
@click.option("--rev", metavar="REV", help="With one file: what it is compared with (default: HEAD).")
@json_option
def diff(old: Path, new: Path | None, rev: str | None, as_json: bool) -> None:
    """Say what changed, what it means, and which version says so.

    Compares OLD with NEW, or one file with what git keeps of it. Exits with 1 if the version does not say what
    changed, with 0 if it does.
    """
    from solvent.data.contract.diff import diff as compare
    from solvent.data.contract.read import read_contract

    if new is not None and rev is not None:
        raise click.UsageError("--rev is for one file: two were given")
    before = read_contract(old) if new is not None else _at(old, rev or "HEAD")
    found = compare(before, read_contract(new or old))
    if as_json:
        smallest = found.smallest_version
        print_json(
            {
                "old_version": found.old_version,
                "new_version": found.new_version,
                "changes": found.changes,
                "needed": found.needed,
                "made": found.made,
                "enough": found.enough,
                "smallest_version": smallest,
            }
        )
    else:
        _print_changes(found.changes)
        click.echo(_verdict(found), err=not found.enough)
    sys.exit(0 if found.enough else 1)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--against", metavar="FILE|REV", help="What it replaces (default: the last accepted version in git).")
@click.option("--bump", is_flag=True, help="Give it the smallest version that says what changed.")
@json_option
def accept(file: Path, against: str | None, bump: bool, as_json: bool) -> None:
    """Make a draft the active contract.

    Refuses a version that says less than what changed. The file is written; comments stay.
    """
    from solvent.data.contract.accept import accept as make_active
    from solvent.data.contract.read import read_contract

    base = None
    if against is not None:
        base = read_contract(Path(against)) if Path(against).exists() else _at(file, against)
    done = make_active(file, against=base, bump=bump)
    contract = done.contract
    if as_json:
        print_json(
            {
                "id": contract.id,
                "version": contract.version,
                "digest": contract.digest,
                "compared_with": done.compared.old_version if done.compared else None,
                "changes": done.compared.changes if done.compared else [],
                "written": done.changed,
            }
        )
        return
    if done.compared is None:
        click.echo(
            "No earlier accepted version is in git, so nothing was compared: if there is one, name it by --against.",
            err=True,
        )
    else:
        _print_changes(done.compared.changes)
    unchanged = "Nothing to do, active already:" if done.compared else "Active already, and taken as it is:"
    word = "Accepted" if done.changed else unchanged
    click.echo(f"{word} {contract.id} {contract.version} ({contract.digest[:19]}).")


@click.command()
@click.argument("file", type=_FILE)
@json_option
def history(file: Path, as_json: bool) -> None:
    """List the versions of a contract that git keeps."""
    from solvent.data.contract.history import history as versions

    entries = versions(file)
    if as_json:
        print_json(entries)
        return
    rows = [
        [
            entry.commit[:10],
            entry.time[:10],
            entry.version,
            entry.status,
            entry.problem or ", ".join(f"{number} {level}" for level, number in entry.levels.items()),
            "" if entry.enough is None else "yes" if entry.enough else f"no: needs {entry.needed}",
            entry.author,
            entry.subject,
        ]
        for entry in entries
    ]
    headers = ["commit", "date", "version", "status", "changes", "version says so", "author", "subject"]
    print_table(headers, rows, empty="There are no versions.")


def _at(file: Path, revision: str) -> Contract:
    from solvent.data.contract.history import at_revision
    from solvent.data.contract.read import parse_contract
    from solvent.errors import NotFound

    text = at_revision(file, revision)
    if text is None:
        raise NotFound(f"{file} was not there at {revision}: name another revision, or two files")
    return parse_contract(text, f"{file} at {revision}")


def _print_changes(changes: list[Change]) -> None:
    rows = [[change.level, change.table or "", change.column or "", change.text] for change in changes]
    print_table(["level", "table", "column", "change"], rows, empty="Nothing changed.")


def _verdict(found: Diff) -> str:
    step = f"{found.old_version} -> {found.new_version}"
    if found.needed == "none" and found.enough:
        return f"Version {step}: no change asks for another one."
    if found.enough:
        return f"Version {step}: says so (a {found.needed} version was needed)."
    if found.made is None:
        return f"Version {step}: went down; expected {found.smallest_version} or more."
    return f"Version {step}: not enough; a {found.needed} version is needed: {found.smallest_version}."
