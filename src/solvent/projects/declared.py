"""``inputs:`` of a project or an entry point: data that its command reads, beside parameters of type path."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from solvent.projects.errors import InvalidProject, nearest


@dataclass(frozen=True)
class DeclaredInput:
    """A path from the project's folder, which may name parameters of the entry point, as ``{train}``."""

    data: str
    where: str

    def path_for(self, values: Mapping[str, str]) -> str:
        """
        Raises:
            InvalidProject: it names a parameter that the entry point does not declare.
        """
        return filled(self.data, values, f"{self.where}: '{self.data}'")


def inputs_of(content: Any, where: str) -> tuple[DeclaredInput, ...]:
    """The list under ``inputs``.

    Raises:
        InvalidProject: it is no list of paths.
    """
    if content is None:
        return ()
    if not isinstance(content, list) or not all(isinstance(path, str) and path for path in content):
        raise InvalidProject(f"{where}: inputs must be a list of paths, such as [data/train.csv], found '{content}'")
    return tuple(DeclaredInput(path, f"{where}: inputs") for path in content)


def filled(text: str, values: Mapping[str, str], where: str) -> str:
    """The text with the parameters' values in it.

    Raises:
        InvalidProject: it names a parameter that is not declared.
    """
    try:
        fields = list(Formatter().parse(text))
    except ValueError as error:
        raise InvalidProject(f"{where}: {error}: write a literal brace as {{{{ or }}}}") from error
    result = ""
    for literal, name, spec, conversion in fields:
        result += literal
        if name is None:
            continue
        if spec or conversion or name not in values:
            declared = ", ".join(values) or "none"
            raise InvalidProject(
                f"{where}: {{{name}}} is not a declared parameter (declared: {declared}){nearest(name, values)}"
            )
        result += values[name]
    return result
