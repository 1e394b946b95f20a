"""The parameters of ``solvent run``: of a file, and of the command line, which comes first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from solvent.projects.errors import InvalidParameters
from solvent.projects.parameters import parse_pairs
from solvent.projects.sweep import split_values
from solvent.projects.yamlfile import read_mapping


@dataclass(frozen=True)
class Parameters:
    """``values``: the values of each parameter, more than one only for a sweep. ``origins``: where they come from."""

    values: dict[str, list[str]]
    origins: dict[str, str]

    @property
    def first(self) -> dict[str, str]:
        return {name: values[0] for name, values in self.values.items()}


def read_parameters(pairs: Sequence[str], file: str | None, *, sweep: bool) -> Parameters:
    """
    Raises:
        BadParameter: a ``-P`` is not of the form NAME=VALUE, or one of its values is missing.
        InvalidProject, InvalidParameters: the file can't be used.
    """
    try:
        given = {name: split_values(name, text) if sweep else [text] for name, text in parse_pairs(pairs).items()}
    except InvalidParameters as error:
        raise click.BadParameter(str(error), param_hint="-P") from error
    found: dict[str, list[str]] = {}
    if file is not None:
        found = {name: _values(name, value, file, sweep) for name, value in read_mapping(Path(file)).items()}
    origins = dict.fromkeys(found, f"file {file}") | dict.fromkeys(given, "command line")
    return Parameters(found | given, origins)


def _values(name: str, value: Any, file: str, sweep: bool) -> list[str]:
    if sweep and isinstance(value, list) and value:
        return [_text(name, one, file) for one in value]
    return [_text(name, value, file)]


def _text(name: str, value: Any, file: str) -> str:
    if value is None or isinstance(value, list | dict):
        hint = " (several values are for a sweep: add --sweep)" if isinstance(value, list) else ""
        raise InvalidParameters(f"{file}: parameter '{name}': expected a single value, found '{value}'{hint}")
    return json.dumps(value) if isinstance(value, bool) else str(value)
