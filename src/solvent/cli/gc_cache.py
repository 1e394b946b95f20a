"""``solvent gc --cache``: remove from this machine's cache what nothing has used for long."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from solvent.cli.output import print_json, readable_size

if TYPE_CHECKING:
    from solvent.projects.pruning import Pruned

_QUIET_SECONDS = 1.0


def prune_cache(age: str, seconds: float, *, dry_run: bool, as_json: bool) -> int:
    """Remove what is older, and say it; the exit code."""
    from solvent.projects.pruning import prune
    from solvent.settings import cache_folder

    found = prune(cache_folder(), time.time() - seconds, dry_run=dry_run, each=_Progress())
    if as_json:
        print_json({**{name: getattr(found, name) for name in found.__struct_fields__}, "freed_bytes": found.freed})
    else:
        _print(found, age)
    for line in found.failed:
        click.echo(f"not removed: {line}", err=True)
    return 1 if found.failed else 0


def _print(found: Pruned, age: str) -> None:
    counts: dict[str, int] = {}
    for entry in found.removed:
        counts[entry.kind] = counts.get(entry.kind, 0) + 1
    if counts:
        verb = "Would remove" if found.dry_run else "Removed"
        what = ", ".join(f"{count} {_several(kind, count)}" for kind, count in counts.items())
        click.echo(f"{verb} {what}, not used for {age} ({readable_size(found.freed)}).")
    else:
        click.echo(f"Nothing in the cache is unused for {age} or longer.")
    if shared := sum(entry.shared_bytes for entry in found.removed):
        click.echo(f"{readable_size(shared)} more lie in uv's own cache too: uv cache prune")
    for entry in found.in_use:
        click.echo(f"Kept, a process uses it: {entry.kind} {entry.path}")


def _several(kind: str, count: int) -> str:
    """
    >>> _several("fetched repository", 2), _several("wheel of Solvent", 2), _several("environment", 1)
    ('fetched repositories', 'wheels of Solvent', 'environment')
    """
    if count == 1:
        return kind
    if kind.endswith("y"):
        return f"{kind[:-1]}ies"
    first, space, rest = kind.partition(" of ")
    return f"{first}s{space}{rest}"


class _Progress:
    """Says on stderr how far it is, once a second after the first."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _QUIET_SECONDS

    def __call__(self, so_far: Pruned) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _QUIET_SECONDS
            click.echo(f"{len(so_far.removed)} folders, {readable_size(so_far.freed)} ...", err=True)
