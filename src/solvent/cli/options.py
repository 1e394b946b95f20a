"""What several commands share: options, the backend that they speak to, and help for a missing extra."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from threading import Timer
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from solvent.backend.protocol import Backend

F = TypeVar("F", bound=Callable[..., Any])

SILENT_SECONDS = 3.0

VIEWS = {"active_only": "ACTIVE_ONLY", "deleted_only": "DELETED_ONLY", "all": "ALL"}


def tracking_uri_option(command: F) -> F:
    return click.option(
        "--tracking-uri",
        metavar="URI",
        help="A folder, sqlite:///file.db or http://server; else SOLVENT_TRACKING_URI, MLFLOW_TRACKING_URI or .solvent/.",
    )(command)


def json_option(command: F) -> F:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def view_option(command: F) -> F:
    return click.option(
        "-v",
        "--view",
        type=click.Choice(list(VIEWS), case_sensitive=False),
        default="active_only",
        show_default=True,
        help="Which ones: active, deleted or all.",
    )(command)


@contextmanager
def backend_of(uri: str | None) -> Iterator[Backend]:
    """The backend that a tracking URI means, closed at the end. A server that takes its time is named on stderr."""
    from solvent.backend.resolve import connect

    backend = connect(uri)
    notice = Timer(SILENT_SECONDS, click.echo, [f"Waiting for {backend.uri} (Ctrl-C ends it) ..."], {"err": True})
    notice.daemon = True
    if backend.uri.startswith("http"):
        notice.start()
    try:
        yield backend
    finally:
        notice.cancel()
        backend.close()


def require(module: str, extra: str) -> ModuleType:
    """Import a module that an extra brings.

    Raises:
        ClickException: it is not installed; the message says which extra has it and how to get it.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or module.split(".")[0] != error.name.split(".")[0]:
            raise
        raise click.ClickException(
            f"this needs {error.name}, which comes with the extra [{extra}]: pip install 'solvent[{extra}]'"
        ) from error
