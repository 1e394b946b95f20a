"""``solvent models list|list-versions``: which models there are, and the stages of their versions."""

from __future__ import annotations

import click

from solvent.cli.models_find import all_models, all_versions, model_named
from solvent.cli.options import backend_of, json_option, tracking_uri_option
from solvent.cli.output import local_time, print_json, print_table
from solvent.wire.registry import ModelVersion, RegisteredModel

_STAGES = ("Production", "Staging")
_NONE = "No registered models. Register one: solvent.register_model(uri, name), or as with MLflow"


@click.command("list")
@json_option
@tracking_uri_option
def list_models(as_json: bool, tracking_uri: str | None) -> None:
    """List the registered models."""
    with backend_of(tracking_uri) as backend:
        found = list(all_models(backend))
    if as_json:
        return print_json(found)
    return print_table(
        ["Name", "Newest", *_STAGES, "Aliases", "Changed"], [_model_row(model) for model in found], empty=_NONE
    )


@click.command("list-versions")
@click.option("--model-name", required=True, metavar="NAME", help="Of which model.")
@click.option("--output", type=click.Choice(["table", "json"]), help="Another form than the one-line list.")
@json_option
@tracking_uri_option
def list_versions(model_name: str, output: str | None, as_json: bool, tracking_uri: str | None) -> None:
    """List a model's versions with their stages."""
    with backend_of(tracking_uri) as backend:
        model_named(backend, model_name)
        found = all_versions(backend, model_name)
    stages = [{"version": version.version, "stage": version.current_stage} for version in found]
    if as_json or output == "json":
        return print_json(stages)
    if not found:
        return click.echo("No versions registered")
    if output == "table":
        return print_table(
            ["Version", "Stage", "Aliases", "Since", "Run", "Source"],
            [_version_row(version) for version in found],
            empty="",
        )
    return click.echo(str(stages))


def _model_row(model: RegisteredModel) -> list[str]:
    newest = max((int(version.version) for version in model.latest_versions), default=None)
    by_stage = {version.current_stage: version.version for version in model.latest_versions}
    aliases = ", ".join(f"{entry.alias}: {entry.version}" for entry in model.aliases)
    stages = [by_stage.get(stage, "") for stage in _STAGES]
    return [model.name, str(newest or ""), *stages, aliases, local_time(model.last_updated_timestamp)]


def _version_row(version: ModelVersion) -> list[str]:
    return [
        version.version,
        version.current_stage,
        ", ".join(version.aliases),
        local_time(version.creation_timestamp),
        version.run_id or "",
        version.source or "",
    ]
