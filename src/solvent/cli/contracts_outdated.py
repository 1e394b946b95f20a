"""``solvent contracts outdated``: what was built with contracts that are no longer the current ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from solvent.backend.protocol import Backend
from solvent.cli.options import backend_of, json_option, tracking_uri_option
from solvent.cli.output import local_time, print_json, print_table
from solvent.wire.contracts import ContractUse, ListContractUses

if TYPE_CHECKING:
    from solvent.tracking.contracts_outdated import Current, Held, Verdict

_SHOWN = 20
_PAGE = 1_000
_SKIPPED = {"node_modules", "site-packages", "__pycache__"}


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@json_option
@tracking_uri_option
def outdated(paths: tuple[Path, ...], as_json: bool, tracking_uri: str | None) -> None:
    """List runs, models and pipelines with outdated contracts.

    The current contracts are the *.odcs.yaml files below PATHS, the working folder unless others are named. Contracts
    that data has left, those whose newest check failed, are listed too.
    """
    from solvent.tracking.contracts_outdated import judge

    current = _current(paths or (Path(),))
    if not current:
        raise click.ClickException("there is no *.odcs.yaml file here: name a contract, or the folder that holds it")
    with backend_of(tracking_uri) as backend:
        verdict = judge(_uses(backend), current)
    if as_json:
        return print_json(verdict)
    return _print(verdict)


def _current(paths: tuple[Path, ...]) -> dict[str, Current]:
    found: dict[str, Current] = {}
    for file in sorted(file for path in paths for file in _files(path)):
        contract = _read(file)
        other = found.get(contract.id)
        if other is not None and other.digest != contract.digest:
            raise click.ClickException(f"{other.path} and {file} are both contract '{contract.id}': name one of them")
        found[contract.id] = contract
    return found


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    for child in path.iterdir():
        if child.is_dir() and not child.is_symlink():
            if not child.name.startswith(".") and child.name not in _SKIPPED:
                yield from _files(child)
        elif child.name.endswith((".odcs.yaml", ".odcs.yml")):
            yield child


def _uses(backend: Backend) -> Iterator[ContractUse]:
    token: str | None = None
    while True:
        answer = backend.call(ListContractUses(max_results=_PAGE, page_token=token))
        yield from answer.uses
        token = answer.next_page_token
        if not token:
            return


def _print(verdict: Verdict) -> None:
    if verdict.left:
        click.echo("Contracts that data has left:\n")
        rows = [
            [_named(one.contract), one.contract.path, one.run_id, local_time(one.start_time)] for one in verdict.left
        ]
        print_table(["Contract", "File", "Run ID", "Checked"], rows, empty="")
        click.echo()
    if verdict.pipelines:
        click.echo("Pipelines whose newest run had an outdated contract:\n")
        rows = [
            [f"{one.source} {one.entry_point}".strip(), _named(one.contract), one.current.version, one.run_id]
            for one in verdict.pipelines
        ]
        print_table(["Pipeline", "Contract", "Current", "Run ID"], rows, empty="")
        click.echo()
    if verdict.runs:
        _print_runs(verdict)
    if not (verdict.left or verdict.runs):
        held = "run was" if verdict.looked_at == 1 else "runs were"
        click.echo(f"Nothing is outdated: {verdict.looked_at:,} {held} held against contracts.")
    if verdict.elsewhere:
        click.echo(f"Not here, so not compared: {', '.join(verdict.elsewhere)}.", err=True)
    for run_id in verdict.unreadable:
        click.echo(f"The tag solvent.contracts of run {run_id} can't be read: it was not compared.", err=True)


def _print_runs(verdict: Verdict) -> None:
    models = [
        [f"{version.name} {version.version}", version.stage, _named(run.contract), run.current.version, run.run_id]
        for run in verdict.runs
        for version in run.model_versions
    ]
    models += [
        [model.model_id, "", _named(run.contract), run.current.version, run.run_id]
        for run in verdict.runs
        for model in run.models
    ]
    if models:
        click.echo("Models built with an outdated contract:\n")
        print_table(["Model", "Stage", "Contract", "Current", "Run ID"], models, empty="")
        click.echo()
    click.echo("Runs with an outdated contract:\n")
    rows = [
        [run.run_id, run.run_name, _named(run.contract), run.current.version, local_time(run.start_time)]
        for run in verdict.runs[:_SHOWN]
    ]
    print_table(["Run ID", "Name", "Contract", "Current", "Started"], rows, empty="")
    if len(verdict.runs) > _SHOWN:
        click.echo(f"... and {len(verdict.runs) - _SHOWN:,} older ones; --json lists all.")


def _named(contract: Held) -> str:
    return f"{contract.id} {contract.version}"


def _read(file: Path) -> Current:
    from solvent.data.contract.read import read_contract
    from solvent.tracking.contracts_outdated import Current

    contract = read_contract(file)
    return Current(contract.id, contract.version, contract.digest, str(file))
