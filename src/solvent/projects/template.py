"""Command templates: text for bash with ``{name}`` where a parameter's value goes.

Braces follow ``str.format`` (``{{`` and ``}}`` are literal), as in MLflow. A value is quoted for
the place where it stands: bare, within '...' or within "...". A place where no quoting
would be safe (a here-document, a comment, a command substitution inside double quotes) is refused
when the project is read, and so is one where bash evaluates even what is quoted (``[[ ... ]]``, a subscript, ``eval``,
the text after ``bash -c``), unless the parameter's type leaves no room for code. What another program than a shell makes
of its arguments (``python -c``, ``ssh``), and what the command does with a value that it has put into a variable, is
not looked at.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterable, Mapping
from string import Formatter
from typing import NamedTuple

from solvent.projects.errors import InvalidProject, nearest
from solvent.projects.evaluated import is_evaluated

BARE, SINGLE, DOUBLE, UNSAFE = "bare", "single", "double", "unsafe"

_STEPS: dict[str, list[tuple[re.Pattern[str], str]]] = {
    BARE: [
        (re.compile(r"\\(.|\n)"), BARE),
        (re.compile(r"'"), SINGLE),
        (re.compile(r'\$?"'), DOUBLE),
        (re.compile(r"\$\{[A-Za-z0-9_@*#?]+\}|\$[A-Za-z0-9_@*#?!$-]|\$\((?!\()"), BARE),
        (re.compile(r"<<<"), BARE),
        (re.compile(r"\$|`|<<|\\|\(\(|(?:^|(?<=[\s;&|()<>]))#"), UNSAFE),
        (re.compile(r"."), BARE),
    ],
    SINGLE: [(re.compile(r"'"), BARE), (re.compile(r"."), SINGLE)],
    DOUBLE: [
        (re.compile(r"\\(.|\n)"), DOUBLE),
        (re.compile(r'"'), BARE),
        (re.compile(r"\$\{[A-Za-z0-9_@*#?]+\}|\$[A-Za-z0-9_@*#?!$-]|\$\([^()\"'`\\#]*\)"), DOUBLE),
        (re.compile(r"\$|`|\\"), UNSAFE),
        (re.compile(r"."), DOUBLE),
    ],
    UNSAFE: [(re.compile(r"."), UNSAFE)],
}
for _steps in _STEPS.values():  # "." is any character, the end of a line too
    _steps[-1] = (re.compile(r".", re.DOTALL), _steps[-1][1])


class Part(NamedTuple):
    """Literal text, then a parameter's value quoted for ``place``; the last part has no name."""

    text: str
    name: str | None
    place: str


class Template:
    """A parsed command template.

    ``where`` says where it stands, for messages. ``plain`` are names whose values hold no code, wherever they stand, such
    as numbers. ``names`` are the placeholders it has.

    Raises:
        InvalidProject: unbalanced braces, an unknown name, or a placeholder in an unsafe place.
    """

    def __init__(self, text: str, known: Iterable[str], where: str, plain: Collection[str] = ()) -> None:
        self.text = text
        self._parts = _parse(text, list(known), where, plain)
        self.names = {part.name for part in self._parts if part.name is not None}

    def fill(self, values: Mapping[str, str]) -> str:
        """The command with every placeholder replaced by its quoted value."""
        return "".join(
            part.text + (quoted(values[part.name], part.place) if part.name is not None else "") for part in self._parts
        )


def quoted(value: str, place: str = BARE) -> str:
    """The text that bash reads as exactly ``value`` at that place."""
    if place == SINGLE:
        return value.replace("'", "'\\''")
    if place == DOUBLE:
        return re.sub(r'([\\"$`])', r"\\\1", value)
    return shlex.quote(value)


def _parse(text: str, known: list[str], where: str, plain: Collection[str]) -> list[Part]:
    try:
        fields = list(Formatter().parse(text))
    except ValueError as error:
        raise InvalidProject(f"{where}: {error}: write a literal brace as {{{{ or }}}}") from error
    parts: list[Part] = []
    literal, place, seen = "", BARE, ""
    for text_before, name, spec, conversion in fields:
        literal += text_before
        if name is None:
            continue
        if spec or conversion or name not in known:
            raise InvalidProject(_unknown(name, known, where, formatted=bool(spec or conversion)))
        # a value stands before all but the first literal: "x" for it, so that "#" after it is no comment
        place, walked = _walk("x" * bool(parts) + literal, place)
        seen += walked
        if place == UNSAFE:
            raise InvalidProject(
                f"{where}: {{{name}}} stands where no quoting is safe (after a lone $ or \\, in a comment, a"
                " here-document, `...`, or $(...) within double quotes): move that part into a script"
            )
        if name not in plain and is_evaluated(seen):
            raise InvalidProject(
                f"{where}: {{{name}}} stands where bash evaluates even what is quoted ([[ ]], a subscript, eval, bash -c and"
                " its like): declare it as int, float, bool or choice, use [ ] instead of [[ ]], or move that part into a"
                " script"
            )
        parts.append(Part(literal, name, place))
        literal = ""
    parts.append(Part(literal, None, BARE))
    return parts


def _walk(text: str, place: str) -> tuple[str, str]:
    """The quoting that holds at the end of ``text``, from the one at its start; and the text, what is quoted in it as
    letters."""
    position, seen = 0, ""
    while position < len(text):
        for pattern, following in _STEPS[place]:
            if match := pattern.match(text, position):
                bare = place == following == BARE and not match[0].startswith("\\")
                seen += match[0] if bare else "q" * len(match[0])
                position, place = match.end(), following
                break
    return place, seen


def _unknown(name: str, known: list[str], where: str, *, formatted: bool) -> str:
    if formatted and name in known:
        return f"{where}: {{{name}}} takes no format or conversion: write {{{name}}} alone"
    declared = ", ".join(known) or "none"
    return (
        f"{where}: {{{name}}} is not a declared parameter (declared: {declared}){nearest(name, known)}"
        " (a literal brace is written {{ or }})"
    )
