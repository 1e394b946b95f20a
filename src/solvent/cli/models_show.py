"""``solvent models show``: a model, or one version of it with its files and where it comes from."""

from __future__ import annotations

from typing import Any

import click

from solvent.backend.protocol import Backend
from solvent.cli.models_find import all_versions, model_named, name_and_version
from solvent.cli.options import backend_of, json_option, tracking_uri_option
from solvent.cli.output import local_time, print_json, print_table, readable_size, visible
from solvent.errors import SolventError
from solvent.wire.model_files import ResolvedModel, ResolveModel
from solvent.wire.registry import GetModelVersion, ModelVersion, RegisteredModel
from solvent.wire.runs import GetRun, Run


@click.command()
@click.argument("name")
@click.argument("version", required=False)
@json_option
@tracking_uri_option
def show(name: str, version: str | None, as_json: bool, tracking_uri: str | None) -> None:
    """Show a model, or one version: files, origin, data.

    A version may also be named in one word: NAME/VERSION.
    """
    name, version = name_and_version(name, version)
    with backend_of(tracking_uri) as backend:
        model = model_named(backend, name)
        if version is None:
            return _show_model(model, all_versions(backend, name), as_json=as_json)
        found = backend.call(GetModelVersion(name=name, version=version)).model_version
        run = _run(backend, found)
        resolved = _files(backend, found)
    data = [each.dataset for each in (run.inputs.dataset_inputs if run and run.inputs else []) if each.dataset]
    if as_json:
        known = {key: value for key, value in resolved.items() if value is not None}
        return print_json({"version": found, "data": data, **known})
    _print_fields(_of_version(found, resolved.get("files"), resolved.get("problem")))
    _print_fields({"Run": found.run_id or "none", "Data": ", ".join(f"{each.name} ({each.digest})" for each in data)})
    return None


def _run(backend: Backend, version: ModelVersion) -> Run | None:
    """The run that the version comes from; None if there is none, or not any more."""
    if not version.run_id:
        return None
    try:
        return backend.call(GetRun(run_id=version.run_id)).run
    except SolventError:
        return None


def _files(backend: Backend, version: ModelVersion) -> dict[str, Any]:
    """``files`` as they are recorded, or the ``problem`` with them."""
    try:
        return {"files": backend.call(ResolveModel(uri=f"models:/{version.name}/{version.version}")).model}
    except SolventError as error:
        return {"problem": str(error)}


def _show_model(model: RegisteredModel, versions: list[ModelVersion], *, as_json: bool) -> None:
    if as_json:
        return print_json({"model": model, "versions": versions})
    tags = ", ".join(f"{tag.key}={tag.value}" for tag in model.tags)
    _print_fields(
        {
            "Name": model.name,
            "Since": local_time(model.creation_timestamp),
            "Changed": local_time(model.last_updated_timestamp),
            "Description": model.description or "",
            "Tags": tags,
        }
    )
    click.echo()
    rows = [
        [
            each.version,
            each.current_stage,
            ", ".join(each.aliases),
            local_time(each.creation_timestamp),
            each.description or "",
        ]
        for each in versions
    ]
    return print_table(["Version", "Stage", "Aliases", "Since", "Description"], rows, empty="No versions registered")


def _of_version(version: ModelVersion, files: ResolvedModel | None, problem: str | None) -> dict[str, str]:
    facts = files.facts if files else None
    fields = {
        "Name": version.name,
        "Version": version.version,
        "Stage": version.current_stage,
        "Aliases": ", ".join(version.aliases),
        "Since": local_time(version.creation_timestamp),
        "By": version.user_id or "",
        "Description": version.description or "",
        "Tags": ", ".join(f"{tag.key}={tag.value}" for tag in version.tags),
        "Source": version.source or "",
        "Model ID": version.model_id or "",
    }
    if facts is not None:
        fields |= {
            "Flavours": ", ".join(facts.flavors),
            "Signature": facts.signature,
            "Example": "yes" if facts.input_example else "no",
            "Runs code": ", ".join(facts.unsafe) or "no",
            "Not known": facts.problem or "",
        }
    if files is not None and files.files:
        size = readable_size(sum(file.size for file in files.files))
        fields |= {"Files": f"{len(files.files)}, {size}, as recorded", "Digest": files.digest or ""}
    elif problem is not None:
        fields["Files"] = problem
    return fields


def _print_fields(fields: dict[str, str]) -> None:
    for name, value in fields.items():
        if value:
            click.echo(f"{name:<12}: {visible(value)}")
