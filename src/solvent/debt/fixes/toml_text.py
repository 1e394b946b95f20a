"""Changes in the text of pyproject.toml and Pipfile.

A place is found by its layout, and what comes of it is parsed: ``Texts`` compares what the file declares, this module
everything else in the document. So a layout that misleads is refused, and never written.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from solvent.debt.fixes.requirements_text import line_end, pinned_text
from solvent.debt.fixes.tree import CannotFix
from solvent.debt.project.requirements import Requirement, normal_name, parse_requirement

_TOKEN = re.compile(r'"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|[\[\],]')
_ARRAY = re.compile(r"^[ \t]*(?:dependencies|\"dependencies\")[ \t]*=[ \t]*(?=\[)", re.MULTILINE)
_ENTRY = re.compile(r"^[ \t]*[\"']?([A-Za-z0-9][\w.-]*)[\"']?[ \t]*=[ \t]*", re.MULTILINE)
_VERSION = re.compile(r"(?:\{[^\n{}]*?\bversion[ \t]*=[ \t]*)?(\"[^\"\\\n]*\"|'[^'\n]*')")
_HEADER = re.compile(r"^\[", re.MULTILINE)
_LINE = re.compile(r"[^\r\n]*")
_TABLES = {"tool.poetry.dependencies": "", "packages": "=="}
"""Tables of names and versions, and what stands before a version that is the only one."""


class _Splice(NamedTuple):
    start: int
    end: int
    text: str


class _Array(NamedTuple):
    """A list of texts: its place, those of its texts with their quotes, and where a new line goes: behind the last
    text, its comma, and the comment on that line."""

    start: int
    end: int
    strings: list[tuple[int, int]]
    tail: int
    comma: bool


def added(text: str, distribution: str, version: str | None) -> str:
    """The document with one requirement more, laid out as the one before it.

    Raises:
        CannotFix: there is no list or table for it that this module understands.
    """
    array = _array(text)
    if array is not None:
        return _spliced(text, _appended(text, array, f"{distribution}=={version}" if version else distribution))
    for table, operator in _TABLES.items():
        if entries := list(_entries(text, table)):
            line = _LINE.match(text, entries[-1][1])
            assert line is not None
            new = f'{line_end(text)}{distribution} = "{operator + version if version else "*"}"'
            return _spliced(text, [_Splice(line.end(), line.end(), new)])
    return _spliced(text, [_first(text, f"{distribution}=={version}" if version else distribution)])


def pinned(text: str, requirements: Sequence[Requirement], versions: Mapping[str, str]) -> str:
    """The document with its requirements pinned.

    Raises:
        CannotFix: one is asked for in a place that this module does not understand.
    """
    splices: list[_Splice] = []
    for each in requirements:
        places = [*_in_array(text, each.name, versions[each.name]), *_in_tables(text, each.name, versions[each.name])]
        if len(places) != 1:
            raise CannotFix(f"no fix knows the place that asks for {each.name}")
        splices += places
    return _spliced(text, splices)


def _in_array(text: str, name: str, version: str) -> Iterator[_Splice]:
    array = _array(text)
    for start, end in array.strings if array is not None else ():
        requirement = parse_requirement(text[start + 1 : end - 1])
        if requirement is not None and requirement.name == name:
            yield _Splice(start + 1, end - 1, pinned_text(text[start + 1 : end - 1], version))


def _in_tables(text: str, name: str, version: str) -> Iterator[_Splice]:
    for table, operator in _TABLES.items():
        for key, at in _entries(text, table):
            found = _VERSION.match(text, at) if normal_name(key) == name else None
            if found is not None:
                yield _Splice(found.start(1) + 1, found.end(1) - 1, f"{operator}{version}")


def _appended(text: str, array: _Array, requirement: str) -> list[_Splice]:
    end = line_end(text)
    if not array.strings:
        in_lines = "\n" in text[array.start : array.end]
        new = f'{end}    "{requirement}",' if in_lines else f'"{requirement}"'
        return [_Splice(array.tail, array.tail, new)]
    start, behind = array.strings[-1]
    item = f"{text[start]}{requirement}{text[start]}"
    line = text.rfind("\n", 0, start) + 1
    indent = text[line:start]
    if line < array.start or indent.strip():
        return [_Splice(behind, behind, f", {item}")]
    if array.comma:
        return [_Splice(array.tail, array.tail, f"{end}{indent}{item},")]
    return [_Splice(behind, behind, ","), _Splice(array.tail, array.tail, f"{end}{indent}{item}")]


def _first(text: str, requirement: str) -> _Splice:
    """A list of dependencies for a project that has none."""
    section = _section(text, "project")
    project = tomllib.loads(text).get("project", {})
    if section is None or "dependencies" in project or "dependencies" in project.get("dynamic", ()):
        raise CannotFix("it has no list of dependencies that a fix could add to")
    end = section[0] + len(text[slice(*section)].rstrip())
    start = "" if text[end - 1 : end] == "\n" else line_end(text)
    return _Splice(end, end, f'{start}dependencies = ["{requirement}"]{"" if start else line_end(text)}')


def _array(text: str) -> _Array | None:
    """The list of the project's dependencies."""
    section = _section(text, "project")
    found = _ARRAY.search(text, *section) if section is not None else None
    if found is None:
        return None
    strings: list[tuple[int, int]] = []
    tail, comma = found.end() + 1, False
    for token in _TOKEN.finditer(text, found.end() + 1):
        if token[0] == "]":
            return _Array(found.end(), token.end(), strings, tail, comma)
        if token[0] == "[":
            return None
        if token[0].startswith("#"):
            if strings and "\n" not in text[tail : token.start()]:
                tail = len(text[: token.end()].rstrip("\r"))
            continue
        comma = token[0] == ","
        if not comma:
            strings.append(token.span())
        tail = token.end()
    return None


def _entries(text: str, table: str) -> Iterator[tuple[str, int]]:
    """The keys of a table, and where their values begin."""
    section = _section(text, table)
    for found in _ENTRY.finditer(text, *section) if section is not None else ():
        yield found[1], found.end()


def _section(text: str, name: str) -> tuple[int, int] | None:
    """Where the lines of a table begin and end."""
    head = re.search(rf"^\[[ \t]*{re.escape(name)}[ \t]*\][ \t]*(?:#[^\n]*)?\r?\n", text, re.MULTILINE)
    if head is None:
        return None
    following = _HEADER.search(text, head.end())
    return head.end(), following.start() if following else len(text)


def _spliced(text: str, splices: Sequence[_Splice]) -> str:
    """The text with its splices, if they change nothing but what is asked for.

    Raises:
        CannotFix: they would.
    """
    after, at = "", 0
    for each in sorted(splices, key=lambda each: each.start):  # two at one place in their order
        after += text[at : each.start] + each.text
        at = each.end
    after += text[at:]
    try:
        same = _rest(tomllib.loads(after)) == _rest(tomllib.loads(text))
    except tomllib.TOMLDecodeError:
        same = False
    if not same:
        raise CannotFix("it is laid out in a way that no fix knows")
    return after


def _rest(document: dict[str, Any]) -> dict[str, Any]:
    """A document without what the project asks for."""
    for *tables, key in (("project", "dependencies"), ("tool", "poetry", "dependencies"), ("packages",)):
        holder: Any = document
        for table in tables:
            holder = holder.get(table) if isinstance(holder, dict) else None
        if isinstance(holder, dict):
            holder.pop(key, None)
    return document
