"""Reading small YAML files of a project: bounded, safe, and exact about what is wrong where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from solvent.projects.errors import InvalidProject
from solvent.yaml_text import decoded, read_yaml

MAX_BYTES = 1_000_000


def read_mapping(path: Path) -> dict[str, Any]:
    """The mapping at the top of a YAML file; an empty file is an empty mapping.

    Raises:
        InvalidProject: unreadable, larger than 1 MB, not UTF-8, not YAML (with line and column), too deep, unfolding to
            too much, or no mapping.
    """
    text = read_text(path)
    _check_syntax(text, path)
    value = read_yaml(text, str(path), InvalidProject, merge_keys=True).value
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InvalidProject(f"{path}: expected 'key: value' lines, found a {type(value).__name__}")
    return value


def _check_syntax(text: str, path: Path) -> None:
    """Nothing is built yet. The parser in Python names the place of a mistake better than the one in C."""
    try:
        yaml.compose(text, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise InvalidProject(f"{path}{place}: not valid YAML: {error.problem or error.context}") from error
    except yaml.YAMLError as error:
        raise InvalidProject(f"{path}: not valid YAML: {' '.join(str(error).split())}") from error
    except (RecursionError, ValueError) as error:
        raise InvalidProject(f"{path}: not usable YAML: {error}") from error


def read_text(path: Path) -> str:
    """The text of a file that is part of a project."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InvalidProject(f"{path} is not there: correct its name in the project, or add it") from None
    except OSError as error:
        raise InvalidProject(f"{path} can't be read: {error.strerror}") from error
    return decoded(content, str(path), InvalidProject, MAX_BYTES)
