"""``solvent gc``: remove for good what is in the trash."""

from __future__ import annotations

import re
import sys
import time
from typing import TYPE_CHECKING

import click

from solvent.cli.options import json_option, tracking_uri_option
from solvent.cli.output import print_json, readable_size

if TYPE_CHECKING:
    from solvent.backend.protocol import Backend
    from solvent.backend.trash import Collected

_SPAN = re.compile(
    r"(?:(?P<d>\d+(?:\.\d*)?|\.\d+)d)?(?:(?P<h>\d+(?:\.\d*)?|\.\d+)h)?"
    r"(?:(?P<m>\d+(?:\.\d*)?|\.\d+)m)?(?:(?P<s>\d+(?:\.\d*)?|\.\d+)s)?"
)
_SECONDS = {"d": 86_400.0, "h": 3_600.0, "m": 60.0, "s": 1.0}
_QUIET_SECONDS = 1.0


@click.command()
@click.option("--older-than", metavar="TIME", help="Only what was deleted at least so long ago: 30d, 12h, 1d2h3m4s.")
@click.option(
    "--cache",
    metavar="TIME",
    help="Instead of the trash: environments and fetched sources on this machine that nothing has used for so long.",
)
@click.option("--run-ids", metavar="IDS", help="Only these runs, by commas; they must be in the trash.")
@click.option("--experiment-ids", metavar="IDS", help="Only these experiments with all that is in them, by commas.")
@click.option("--logged-model-ids", metavar="IDS", help="Only these logged models, by commas.")
@click.option("--dry-run", is_flag=True, help="Say what would be removed, and remove nothing.")
@click.option("--keep-files", is_flag=True, help="Remove rows alone; the files stay where they are.")
@click.option("--vacuum", is_flag=True, help="Give the database's unused room back to the disk; writers wait for it.")
@click.option("--backend-store-uri", metavar="URI", help="The same as --tracking-uri.")
@click.option("--artifacts-destination", metavar="FOLDER", help="Where a store keeps its files; else beside it.")
@click.option("--jobs", is_flag=True, hidden=True)
@click.option("--job-ids", hidden=True)
@click.option("--workspace", hidden=True)
@click.option("--all-workspaces", is_flag=True, hidden=True)
@json_option
@tracking_uri_option
def gc(
    older_than: str | None,
    cache: str | None,
    run_ids: str | None,
    experiment_ids: str | None,
    logged_model_ids: str | None,
    dry_run: bool,
    keep_files: bool,
    vacuum: bool,
    backend_store_uri: str | None,
    artifacts_destination: str | None,
    as_json: bool,
    tracking_uri: str | None,
    **foreign: object,
) -> None:
    """Remove for good what is in the trash.

    Deleted runs, experiments and logged models go with their files; then names and data sets that
    nothing uses any more, and what broken-off uploads left. What is alive, or holds files of what is
    alive, stays. It may be broken off and begun again at any time.

    With --cache, it is what projects have left in this user's cache that goes: their environments, what was fetched of
    git repositories, and wheels of Solvent. All of it can be made again. What a process uses stays.
    """
    if cache is not None:
        others = (older_than, run_ids, experiment_ids, logged_model_ids, keep_files, vacuum, backend_store_uri)
        if any(others):
            raise click.UsageError("--cache removes nothing from a store: only --dry-run and --json go with it")
        from solvent.cli.gc_cache import prune_cache

        sys.exit(prune_cache(cache, seconds(cache, "--cache"), dry_run=dry_run, as_json=as_json))
    from solvent.backend.trash import collect
    from solvent.wire.trash import ListTrash

    for name, value in foreign.items():
        if value:
            click.echo(f"--{name.replace('_', '-')} changes nothing: a Solvent store has no such thing", err=True)
    before = None
    if older_than is not None:
        before = int((time.time() - seconds(older_than)) * 1000)
    choice = ListTrash(
        before=before,
        run_ids=_ids(run_ids),
        experiment_ids=_ids(experiment_ids),
        logged_model_ids=_ids(logged_model_ids),
    )
    backend = _backend(tracking_uri or backend_store_uri, artifacts_destination)
    try:
        report = collect(
            backend, choice, dry_run=dry_run, keep_files=keep_files, vacuum=vacuum, progress=_Progress(dry_run)
        )
    finally:
        backend.close()
    if as_json:
        print_json({**_fields(report), "freed_bytes": report.freed})
    else:
        _print(report)
    for item in (*report.kept, *report.failed):
        what = "kept" if item in report.kept else "not removed"
        click.echo(f"{item.kind.replace('_', ' ')} {item.id} {what}: {' '.join(item.kept.split())}", err=True)
    sys.exit(1 if report.failed else 0)


def seconds(text: str, option: str = "--older-than") -> float:
    """The seconds of a time span such as 1d2h3m4s, as MLflow writes them.

    >>> seconds("1.5d")
    129600.0
    """
    matched = _SPAN.fullmatch(text)
    if not text or matched is None:
        raise click.UsageError(
            f"{option} '{text}' is no time span: give days, hours, minutes, seconds as in 30d or 1d12h"
        )
    return sum(float(value) * _SECONDS[unit] for unit, value in matched.groupdict().items() if value)


def _ids(text: str | None) -> list[str] | None:
    if text is None:
        return None
    ids = [part.strip() for part in text.split(",") if part.strip()]
    if not ids:
        raise click.UsageError(
            "an empty list of ids names nothing: leave the option out to remove all that is in the trash"
        )
    return ids


def _backend(uri: str | None, destination: str | None) -> Backend:
    from solvent.backend.resolve import connect, open_embedded

    return open_embedded(uri, artifacts_destination=destination) if destination else connect(uri)


def _fields(report: Collected) -> dict[str, object]:
    return {name: getattr(report, name) for name in report.__struct_fields__}


def _print(report: Collected) -> None:
    things = [
        f"{count:,} {one if count == 1 else one + 's'}"
        for count, one in (
            (report.runs, "run"),
            (report.experiments, "experiment"),
            (report.logged_models, "logged model"),
        )
        if count
    ]
    verb = "Would remove" if report.dry_run else "Removed"
    if things:
        click.echo(f"{verb} {', '.join(things)} with {report.files:,} files ({readable_size(report.file_bytes)}).")
    else:
        click.echo("Nothing in the trash to remove.")
    if report.uploads:
        click.echo(f"{verb} {report.uploads:,} broken-off uploads ({readable_size(report.upload_bytes)}).")
    if report.keys or report.datasets:
        click.echo(f"Removed {report.keys:,} names and {report.datasets:,} data sets that nothing used.")
    if report.database_bytes:
        click.echo(f"The database gave {readable_size(report.database_bytes)} back to the disk.")
    elif report.database_unused > 1 << 20:
        click.echo(
            f"{readable_size(report.database_unused)} inside the database are free for new rows; --vacuum gives them back."
        )


class _Progress:
    """Says on stderr how far it is, once a second after the first."""

    def __init__(self, dry_run: bool) -> None:
        self._verb = "Found" if dry_run else "Removed"
        self._next = time.monotonic() + _QUIET_SECONDS

    def __call__(self, so_far: Collected) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _QUIET_SECONDS
            done = so_far.runs + so_far.experiments + so_far.logged_models
            click.echo(
                f"{self._verb} {done:,} things, {so_far.files:,} files ({readable_size(so_far.file_bytes)}) ...",
                err=True,
            )
