"""``solvent db``: upgrade, copy, restore and check the database."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from solvent.cli.options import json_option, tracking_uri_option
from solvent.cli.output import print_json, readable_size

if TYPE_CHECKING:
    from solvent.store.check import Finding
    from solvent.store.store import Store

_MOST_MODELS = 10_000


@click.group()
def db() -> None:
    """Upgrade, copy, restore and check the database."""


@db.command()
@click.argument("uri", required=False)
@json_option
@tracking_uri_option
def upgrade(uri: str | None, as_json: bool, tracking_uri: str | None) -> None:
    """Bring the database to this version's schema.

    Every command and server does so by itself; the old database is kept beside the new one.
    """
    from solvent.store.database import connect
    from solvent.store.migrate import migrate

    path = _database(uri or tracking_uri)
    connection = connect(path)
    try:
        done = migrate(connection, path)
    finally:
        connection.close()
    if as_json:
        kept = str(done.backup.path) if done.backup else None
        print_json({"database": str(path), "before": done.before, "after": done.after, "backup": kept})
    elif done.before == done.after:
        click.echo(f"{path} has schema version {done.after}: there is nothing to upgrade.")
    else:
        click.echo(f"Upgraded {path} from schema version {done.before} to {done.after}.")


@db.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@json_option
@tracking_uri_option
def backup(file: Path | None, as_json: bool, tracking_uri: str | None) -> None:
    """Copy the database to FILE, also while a server works with it.

    Without FILE the copy lies beside the database. Artifacts are files: copy their folder as well.
    """
    from solvent.store.backup import backup as make
    from solvent.store.backup import verify

    started = time.monotonic()
    made = make(_database(tracking_uri), file.absolute() if file else None)
    verify(made.path)
    if as_json:
        seconds = round(time.monotonic() - started, 3)
        print_json({"backup": str(made.path), "bytes": made.size, "version": made.version, "seconds": seconds})
    else:
        click.echo(f"Copied the database to {made.path} ({readable_size(made.size)}), and checked the copy.")


@db.command()
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@tracking_uri_option
def restore(file: Path, as_json: bool, tracking_uri: str | None) -> None:
    """Put the backup FILE in the place of the database, which is kept beside it."""
    from solvent.store.backup import restore as put_back

    done = put_back(_database(tracking_uri), file)
    if as_json:
        replaced = str(done.replaced) if done.replaced else None
        print_json({"database": str(done.path), "version": done.version, "replaced": replaced})
        return
    click.echo(f"Restored {done.path} from {file}.")
    if done.replaced:
        click.echo(f"What was there before is kept in {done.replaced}.")


@db.command()
@click.option("--repair", is_flag=True, help="Make wrong metric summaries anew from their histories.")
@json_option
@tracking_uri_option
def check(repair: bool, as_json: bool, tracking_uri: str | None) -> None:
    """Check the database: pages, references, metric summaries, files of logged models.

    Exit code 1 if something is wrong and was not repaired.
    """
    from solvent.backend.resolve import open_embedded
    from solvent.store import check as checks

    path = _database(tracking_uri)
    if not path.is_file():
        raise click.ClickException(f"there is no database at {path}")
    backend = open_embedded(str(path))
    try:
        findings = [backend.store.snapshot(checks.integrity)]
        if not findings[0].problems:  # else the others would stumble over the damage
            findings.append(backend.store.snapshot(checks.references))
            findings.append(backend.store.snapshot(checks.experiments_of_values))
            findings.append(_summaries(backend.store, repair=repair))
            findings.append(_files(backend))
    finally:
        backend.close()
    wrong = any(finding.problems and not finding.repaired for finding in findings)
    if as_json:
        print_json({"database": str(path), "sound": not wrong, "checks": [finding._asdict() for finding in findings]})
    else:
        for finding in findings:
            _print(finding)
    sys.exit(1 if wrong else 0)


def _summaries(store: Store, *, repair: bool) -> Finding:
    from functools import partial

    from solvent.store import check as checks

    finding, wrong = store.snapshot(checks.summaries)
    if wrong and repair:
        store.maintain(partial(checks.repair, wrong=wrong))
        return finding._replace(repaired=True)
    return finding


def _files(backend: Any) -> Finding:
    """Logged models that are ready and have no file: the newest 10,000 of them."""
    from functools import partial

    from solvent.artifacts.paths import PROXY_SCHEME
    from solvent.store import check as checks
    from solvent.store.addresses import join

    missing = []
    for model_id, experiment, location, own in backend.store.snapshot(partial(checks.ready_models, limit=_MOST_MODELS)):
        place = location or f"{backend.store.artifact_root}{experiment}"
        address = own or join(place, "models", model_id, "artifacts")
        if address.startswith(PROXY_SCHEME) and not backend.artifacts(address).list(""):
            missing.append(f"logged model {model_id} has no files at {address}")
    return checks.Finding("files of logged models", len(missing), missing[:5])


def _print(finding: Finding) -> None:
    verdict = "ok" if not finding.problems else f"{finding.problems:,} problems" + (", repaired" * finding.repaired)
    click.echo(f"{finding.check}: {verdict}")
    for example in finding.examples:
        click.echo(f"  {example}")


def _database(uri: str | None) -> Path:
    from solvent.backend.resolve import database_file
    from solvent.errors import InvalidInput
    from solvent.settings import tracking_uri

    address = tracking_uri(uri)
    if address and address.startswith(("http://", "https://")):
        raise InvalidInput(f"{address} is a server: run this on its machine, with --tracking-uri naming the database")
    return database_file(address)
