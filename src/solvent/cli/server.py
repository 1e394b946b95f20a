"""``solvent server`` and ``solvent ui``: serve tracking, artifacts and the page."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

import click

_READ_AHEAD_SECONDS = 0.1
"""So long the start waits for a large database to be asked for."""


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(
        [
            click.option("-h", "--host", default="127.0.0.1", show_default=True, help="The address to listen on."),
            click.option(
                "-p",
                "--port",
                type=click.IntRange(0, 65535),
                default=5000,
                show_default=True,
                help="The port; 0 takes a free one.",
            ),
            click.option(
                "-w",
                "--workers",
                type=click.IntRange(min=1),
                default=1,
                show_default=True,
                help="Processes that answer.",
            ),
            click.option(
                "--backend-store-uri",
                "--tracking-uri",
                "store",
                metavar="URI",
                help="The store: a folder or sqlite:///file.db; else SOLVENT_TRACKING_URI or .solvent/.",
            ),
            click.option(
                "--artifacts-destination",
                metavar="FOLDER",
                help="Where the files behind mlflow-artifacts: addresses are kept; else artifacts/ beside the store.",
            ),
            click.option(
                "--default-artifact-root", metavar="URI", help="Where new experiments keep their files; else with us."
            ),
            click.option(
                "--serve-artifacts/--no-serve-artifacts",
                default=True,
                show_default=True,
                help="Whether files are given and taken.",
            ),
            click.option(
                "--allowed-hosts",
                default="",
                metavar="NAMES",
                help="Names under which browsers may reach it, by commas.",
            ),
            click.option(
                "--trusted-proxy",
                "trusted_proxies",
                default="",
                metavar="ADDRESSES",
                help="Addresses or networks of proxies whose X-Forwarded-* headers hold, by commas.",
            ),
            click.option(
                "--auth/--no-auth",
                "auth",
                default=None,
                help="Whether people are asked who they are; without either, as soon as there is a user.",
            ),
            click.option(
                "--log-format",
                type=click.Choice(["text", "json"]),
                help="Log each request on stderr, in this form; without it, only what goes wrong.",
            ),
            click.option(
                "--insecure", is_flag=True, help="Let other machines in, although nobody is asked who they are."
            ),
        ]
    ):
        command = option(command)
    return command


@click.command()
@_options
def server(**options: Any) -> None:
    """Serve tracking, artifacts and the page."""
    _serve("Solvent server", **options)


@click.command()
@_options
def ui(**options: Any) -> None:
    """Serve the page on this machine, to look at runs."""
    _serve("Solvent UI", **options)


def _serve(
    what: str,
    *,
    host: str,
    port: int,
    workers: int,
    store: str | None,
    artifacts_destination: str | None,
    default_artifact_root: str | None,
    serve_artifacts: bool,
    allowed_hosts: str,
    trusted_proxies: str,
    auth: bool | None,
    insecure: bool,
    log_format: str | None,
) -> None:
    from solvent.backend.resolve import database_file, open_embedded
    from solvent.errors import InvalidInput
    from solvent.settings import tracking_uri
    from solvent.store.ahead import read_ahead

    address = tracking_uri(store)
    if address and address.startswith(("http://", "https://")):
        raise InvalidInput(
            f"{address} is a server already: open it in a browser, or name a store with --backend-store-uri"
        )
    reading = read_ahead(database_file(address))  # while the rest of the server is loaded

    from solvent.server.run import serve

    backend = open_embedded(
        address, artifacts_destination=artifacts_destination, default_artifact_root=default_artifact_root
    )
    reading.join(_READ_AHEAD_SECONDS)  # the first answers would share the processor with it
    gc.freeze()  # what is loaded stays: a large answer would have the garbage collector look at all of it
    try:
        serve(
            backend,
            host,
            port,
            workers=workers,
            serve_artifacts=serve_artifacts,
            allowed_hosts=_names(allowed_hosts),
            trusted_proxies=_names(trusted_proxies),
            auth=auth,
            insecure=insecure,
            log_format=log_format,
            on_listening=lambda url: click.echo(f"Starting {what} at {url}"),
        )
    finally:
        backend.close()


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
