"""``solvent artifacts``: list, download and log the files of runs."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from solvent.artifacts.protocol import ArtifactStore
from solvent.backend.copying import copy_out, store_of_run, store_of_uri
from solvent.cli.options import backend_of, json_option, tracking_uri_option
from solvent.cli.output import print_json, print_table
from solvent.errors import InvalidInput

_RUN_ID = click.option("-r", "--run-id", required=True, metavar="ID", help="The run's id.")
_ARTIFACT_PATH = click.option("-a", "--artifact-path", metavar="PATH", default="", help="A file or folder of the run.")
_INTO = click.option("-a", "--artifact-path", metavar="FOLDER", default="", help="The run's folder to put it into.")


@click.group()
def artifacts() -> None:
    """List, download and log the files of runs."""


@artifacts.command("list")
@_RUN_ID
@_ARTIFACT_PATH
@json_option
@tracking_uri_option
def list_artifacts(run_id: str, artifact_path: str, as_json: bool, tracking_uri: str | None) -> None:
    """List the files directly in a run's folder."""
    with backend_of(tracking_uri) as backend:
        found = store_of_run(backend, run_id).list(artifact_path)
    if as_json:
        return print_json(found)
    rows = [[one.path + "/" * bool(one.is_dir), "" if one.is_dir else f"{one.file_size or 0:,}"] for one in found]
    return print_table(["Path", "Bytes"], rows, empty="No files here. Log one: solvent artifacts log -r ID FILE")


@artifacts.command()
@click.option("-r", "--run-id", metavar="ID", help="The run's id.")
@_ARTIFACT_PATH
@click.option("-u", "--artifact-uri", metavar="URI", help="Instead: runs:/ID/path, or another artifact URI.")
@click.option(
    "-d",
    "--dst-path",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to put it into, made if it is not there; a new temporary one otherwise.",
)
@tracking_uri_option
def download(
    run_id: str | None, artifact_path: str, artifact_uri: str | None, dst_path: Path | None, tracking_uri: str | None
) -> None:
    """Download a file or a folder, and print where it is."""
    if (run_id is None) == (artifact_uri is None):
        raise click.UsageError("give exactly one of --run-id and --artifact-uri")
    with backend_of(tracking_uri) as backend:
        if artifact_uri is not None:
            store, artifact_path = store_of_uri(backend, artifact_uri)
        else:
            store = store_of_run(backend, run_id or "")
        folder = dst_path or Path(tempfile.mkdtemp(prefix="solvent-"))
        click.echo(copy_out(store, artifact_path.strip("/"), folder))


@artifacts.command()
@_RUN_ID
@_INTO
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH...")
@tracking_uri_option
def log(run_id: str, artifact_path: str, paths: tuple[Path, ...], tracking_uri: str | None) -> None:
    """Keep files and folders with a run."""
    with backend_of(tracking_uri) as backend:
        store = store_of_run(backend, run_id)
        for path in paths:
            name = path.resolve().name
            _upload(store, path, f"{artifact_path.strip('/')}/{name}".strip("/"))


@artifacts.command()
@click.option("-l", "--local-file", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_RUN_ID
@_INTO
@tracking_uri_option
def log_artifact(local_file: Path, run_id: str, artifact_path: str, tracking_uri: str | None) -> None:
    """Keep a file with a run."""
    with backend_of(tracking_uri) as backend:
        _upload(store_of_run(backend, run_id), local_file, f"{artifact_path.strip('/')}/{local_file.name}".strip("/"))


@artifacts.command()
@click.option("-l", "--local-dir", required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@_RUN_ID
@_INTO
@tracking_uri_option
def log_artifacts(local_dir: Path, run_id: str, artifact_path: str, tracking_uri: str | None) -> None:
    """Keep the files within a folder with a run."""
    with backend_of(tracking_uri) as backend:
        _upload(store_of_run(backend, run_id), local_dir, artifact_path.strip("/"))


def _upload(store: ArtifactStore, source: Path, path: str) -> None:
    """Keep a file at ``path``, or all files of a folder below it, and say so."""
    if source.is_dir():
        files = sorted(file for file in source.rglob("*") if file.is_file())
        if not files:
            raise InvalidInput(f"{source} holds no files to log")
        targets = [(file, f"{path}/{file.relative_to(source).as_posix()}".strip("/")) for file in files]
    else:
        targets = [(source, path)]
    for file, target in targets:
        store.write_file(target, file)
        click.echo(f"Logged {file} as {target}", err=True)
