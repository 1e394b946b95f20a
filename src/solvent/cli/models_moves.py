"""``solvent models promote|rollback``: moving versions, told what stands in the way."""

from __future__ import annotations

import click

from solvent.backend.protocol import Backend
from solvent.cli.models_find import all_versions, in_stage, model_named, name_and_version, origin
from solvent.cli.options import backend_of, json_option, tracking_uri_option
from solvent.cli.output import print_json, visible
from solvent.errors import EndpointNotFound, NotFound, NotSupported
from solvent.wire.gates import CheckGate, GateReport
from solvent.wire.registry import ModelVersion, TransitionModelVersionStage
from solvent.wire.registry_moves import RollbackModel

_PRODUCTION = "Production"
_reason = click.option("--reason", metavar="TEXT", help="Why; it stands in the history.")
_override = click.option("--override", metavar="REASON", help="Go past the gate (needs the role admin), and say why.")


@click.command()
@click.argument("name")
@click.argument("version", required=False)
@click.option(
    "--to",
    "stage",
    required=True,
    type=click.Choice(["Staging", _PRODUCTION], case_sensitive=False),
    help="The stage that it moves to.",
)
@click.option(
    "--archive-existing/--keep-existing",
    default=None,
    help="Archive the versions that are there. Default: for Production yes, for Staging no.",
)
@_reason
@_override
@json_option
@tracking_uri_option
def promote(
    name: str,
    version: str | None,
    stage: str,
    archive_existing: bool | None,
    reason: str | None,
    override: str | None,
    as_json: bool,
    tracking_uri: str | None,
) -> None:
    """Move a version to Staging or Production.

    Shows what the gate before the stage says. If somebody else moves a version meanwhile, nothing is moved.
    A version may also be named in one word: NAME/VERSION.
    """
    name, version = name_and_version(name, version)
    if version is None:
        raise click.UsageError("Missing argument 'VERSION': which version of the model moves?")
    with backend_of(tracking_uri) as backend:
        versions = _versions(backend, name)
        moving = _one(versions, name, version)
        there = [number for number in in_stage(versions, stage) if number != moving.version]
        report = _gate(backend, name, moving.version, stage)
        if report is not None and not as_json:
            _print_report(report)
        archive = stage == _PRODUCTION if archive_existing is None else archive_existing
        newest = in_stage(versions, stage)[-1:]
        asked = TransitionModelVersionStage(
            name=name,
            version=moving.version,
            stage=stage,
            archive_existing_versions=archive,
            expected_stage=moving.current_stage,
            expected_current=newest[0] if newest else "",
            reason=reason,
            origin=origin("promote"),
            override=override,
        )
        moved = backend.call(asked).model_version
    if as_json:
        return print_json({"gate": report, "version": moved, "archived": there if archive else []})
    was = "was there already" if moving.current_stage == stage else f"was in {moving.current_stage}"
    click.echo(f"Version {moved.version} of '{visible(name)}' is in {stage} ({was}){_archived(there, archive)}")
    return None


@click.command()
@click.argument("name")
@click.option("--to", "version", metavar="VERSION", help="Another version that was in Production.")
@_reason
@_override
@json_option
@tracking_uri_option
def rollback(
    name: str,
    version: str | None,
    reason: str | None,
    override: str | None,
    as_json: bool,
    tracking_uri: str | None,
) -> None:
    """Bring back the version that was in Production before.

    The one that is there now is archived in the same step. To roll back twice goes two versions back.
    """
    with backend_of(tracking_uri) as backend:
        there = in_stage(_versions(backend, name), _PRODUCTION)
        asked = RollbackModel(
            name=name,
            version=version,
            expected_current=there[-1] if there else "",
            reason=reason,
            origin=origin("rollback"),
            override=override,
        )
        moved = backend.call(asked).model_version
    there = [number for number in there if number != moved.version]
    if as_json:
        return print_json({"version": moved, "archived": there})
    click.echo(f"Version {moved.version} of '{visible(name)}' is back in Production{_archived(there, archive=True)}")
    return None


def _versions(backend: Backend, name: str) -> list[ModelVersion]:
    model_named(backend, name)
    return all_versions(backend, name)


def _one(versions: list[ModelVersion], name: str, given: str) -> ModelVersion:
    found = next((version for version in versions if version.version == given), None)
    if found is None:
        numbers = ", ".join(version.version for version in versions) or "none"
        raise NotFound(f"version {given} of '{name}' not found: there is {numbers}")
    return found


def _gate(backend: Backend, name: str, version: str, target: str) -> GateReport | None:
    """What the gate says; None from a server that has none."""
    try:
        return backend.call(CheckGate(name=name, version=version, target=target)).report
    except (EndpointNotFound, NotSupported):
        return None


def _print_report(report: GateReport) -> None:
    met = sum(check.met for check in report.checks)
    word = "open" if report.passes else "refuses" if report.level == "strict" else "records what is missing"
    click.echo(f"Gate before {report.target} ({report.level}): {met} of {len(report.checks)} met, {word}", err=True)
    for check in report.checks:
        if not check.met:
            next_step = f"; next: {check.next}" if check.next else ""
            click.echo(f"  missing: {visible(check.need)}: {visible(check.found + next_step)}", err=True)


def _archived(numbers: list[str], archive: bool) -> str:
    if not numbers or not archive:
        return ""
    one = len(numbers) == 1
    return f"; version{'' if one else 's'} {', '.join(numbers)} {'is' if one else 'are'} archived"
