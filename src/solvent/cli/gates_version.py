"""How commands take a version of a model: MODEL/VERSION."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def version_argument(command: F) -> F:
    """``version``: name and number, of ``fraud/3`` or ``models:/fraud/3``."""
    return click.argument("version", metavar="MODEL/VERSION", callback=_parsed)(command)


def _parsed(_: click.Context, __: click.Parameter, value: str) -> tuple[str, str]:
    name, _slash, number = value.removeprefix("models:/").rpartition("/")
    if not name or not number.isdecimal():
        raise click.BadParameter(f"'{value}' names no version: expected MODEL/VERSION such as fraud/3")
    return name, number
