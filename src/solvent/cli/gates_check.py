"""``solvent gates check``: what a version lacks."""

from __future__ import annotations

import click

from solvent.cli.gates_version import version_argument
from solvent.cli.options import backend_of, json_option, tracking_uri_option
from solvent.cli.output import print_json, print_table
from solvent.wire.gates import CheckGate, GateReport


@click.command()
@version_argument
@click.option("--for", "target", default="Production", show_default=True, help="A stage, or @ and an alias.")
@json_option
@tracking_uri_option
def check(version: tuple[str, str], target: str, as_json: bool, tracking_uri: str | None) -> None:
    """Say what MODEL/VERSION lacks; exit code 1 if anything.

    Nothing is moved, and nothing recorded.
    """
    with backend_of(tracking_uri) as backend:
        report = backend.call(CheckGate(name=version[0], version=version[1], target=target)).report
    if as_json:
        print_json(report)
    else:
        _print(report)
    if not report.passes:
        missing = sum(not one.met for one in report.checks)
        does = "would be refused" if report.level == "strict" else "would pass all the same, and be recorded"
        raise click.ClickException(
            f"{missing} of {len(report.checks)} missing: version {report.version} of '{report.name}' {does}"
        )


def _print(report: GateReport) -> None:
    if not report.checks:
        return click.echo(f"Nothing is asked of a version for {report.target}.")
    rows = [["yes" if one.met else "no", one.need, one.found, one.next or ""] for one in report.checks]
    return print_table(["Met", "Need", "Found", "Next"], rows, empty="")
