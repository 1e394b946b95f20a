"""Requirements as people write them: the part of PEP 508 that says which distribution in which versions.

Poetry's ``^`` and ``~`` and conda's ``=`` are specifiers too. Markers are kept as text; nothing is evaluated.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_NAME = re.compile(r"^\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(.*)$", re.DOTALL)
_SPECIFIER = re.compile(r"^\s*(===|==|~=|!=|<=|>=|<|>|\^|~|=)\s*([^\s,;]+)\s*$")
_RELEASE = re.compile(r"^v?(?:\d+!)?(\d+(?:\.\d+)*)")
_UPPER = frozenset({"==", "===", "~=", "<", "<=", "^", "~", "="})
_REVISION = re.compile(r"@[^/@]+(?:#.*)?$")


class Requirement(NamedTuple):
    """``name`` is in normal form (PEP 503). ``url`` is where it is fetched from instead of the index, else empty.

    ``line`` is that of the file that asks for it, 0 if unknown.
    """

    name: str
    specifiers: tuple[tuple[str, str], ...] = ()
    url: str = ""
    marker: str = ""
    line: int = 0

    @property
    def is_bounded(self) -> bool:
        """Whether not any future version fits: it is pinned, has an upper bound, or names a revision or a file."""
        if self.url:
            return not self.url.startswith("git+") or _REVISION.search(self.url.partition("://")[2]) is not None
        return any(operator in _UPPER and version != "*" for operator, version in self.specifiers)

    @property
    def is_pinned(self) -> bool:
        """Whether exactly one version fits."""
        if self.url:
            return self.is_bounded
        return any(op in ("==", "===") and not version.endswith("*") for op, version in self.specifiers)

    @property
    def newest(self) -> tuple[tuple[int, ...], bool] | None:
        """The release that no fitting version is above, and whether it fits itself; None if there is no bound."""
        bounds = [bound for each in self.specifiers if (bound := _bound(*each)) is not None]
        return min(bounds) if bounds else None


def normal_name(name: str) -> str:
    """A distribution's name in normal form (PEP 503).

    >>> normal_name("Scikit_Learn")
    'scikit-learn'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def release_of(version: str) -> tuple[int, ...] | None:
    """The numbers of a version: ``(1, 2)`` of ``1.2rc1``; None if it begins with none."""
    found = _RELEASE.match(version)
    return tuple(int(part) for part in found[1].split(".")) if found and len(found[1]) < 100 else None


def parse_requirement(text: str, line: int = 0) -> Requirement | None:
    """The requirement that a text names; None if it is none."""
    head, _, marker = text.partition(";") if "://" not in text else _split_url_marker(text)
    found = _NAME.match(head)
    if found is None:
        return None
    rest = found[2].strip()
    if rest.startswith("@"):
        return Requirement(normal_name(found[1]), (), rest[1:].strip(), marker.strip(), line)
    specifiers = specifiers_of(rest)
    return None if specifiers is None else Requirement(normal_name(found[1]), specifiers, "", marker.strip(), line)


def specifiers_of(text: str) -> tuple[tuple[str, str], ...] | None:
    """The specifiers that stand behind a name; None if they are none."""
    text = text.strip()
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    if text in ("", "*"):
        return ()
    found: list[tuple[str, str]] = []
    for part in text.split(","):
        if not part.strip():
            continue
        match = _SPECIFIER.match(part)
        if match is None:
            return None
        found.append((match[1], match[2]))
    return tuple(found)


def _split_url_marker(text: str) -> tuple[str, str, str]:
    return text.partition(" ;")


def _bound(operator: str, version: str) -> tuple[tuple[int, ...], bool] | None:
    """The upper bound that one specifier sets."""
    release = release_of(version)
    if release is None or operator not in _UPPER:
        return None
    if operator == "<":
        return release, False
    if operator == "<=" or (operator in ("==", "===") and not version.endswith("*")):
        return release, True
    if operator == "^":
        place = next((number for number, part in enumerate(release) if part), len(release) - 1)
        return _next(release, place), False
    if operator == "~=":
        return _next(release, max(0, len(release) - 2)), False
    if operator == "~":
        return _next(release, min(1, len(release) - 1)), False
    return _next(release, len(release) - 1), False  # ==1.2.* and conda's =1.2


def _next(release: tuple[int, ...], place: int) -> tuple[int, ...]:
    return (*release[:place], release[place] + 1)
