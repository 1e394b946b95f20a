"""Versions of contracts (Semantic Versioning 2.0.0) and which change needs which."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from solvent.data.errors import InvalidContract

Bump = Literal["none", "patch", "minor", "major"]
BUMPS: tuple[Bump, ...] = ("none", "patch", "minor", "major")
_VERSION = re.compile(r"v?(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})(?:[-+][0-9A-Za-z.+-]+)?")


class Version(NamedTuple):
    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


def is_version(text: str) -> bool:
    return _VERSION.fullmatch(text) is not None


def version_of(text: str) -> Version:
    """
    Raises:
        InvalidContract: not MAJOR.MINOR.PATCH.
    """
    found = _VERSION.fullmatch(text)
    if found is None:
        raise InvalidContract(f"expected a version MAJOR.MINOR.PATCH such as 1.0.0, came '{text}'")
    return Version(*(int(part) for part in found.groups()))


def made(old: str, new: str) -> Bump | None:
    """The bump from one version to another; None if the new one is lower.

    >>> made("1.2.3", "1.3.0"), made("1.2.3", "2.0.0"), made("1.2.3", "1.2.3"), made("1.2.3", "1.2.2")
    ('minor', 'major', 'none', None)
    """
    before, after = version_of(old), version_of(new)
    if after < before:
        return None
    if after.major != before.major:
        return "major"
    if after.minor != before.minor:
        return "minor"
    return "patch" if after != before else "none"


def next_version(old: str, bump: Bump) -> str:
    """
    >>> next_version("1.2.3", "minor"), next_version("1.2.3", "major"), next_version("1.2.3", "none")
    ('1.3.0', '2.0.0', '1.2.3')
    """
    before = version_of(old)
    match bump:
        case "major":
            return str(Version(before.major + 1, 0, 0))
        case "minor":
            return str(Version(before.major, before.minor + 1, 0))
        case "patch":
            return str(Version(before.major, before.minor, before.patch + 1))
    return str(before)


def is_enough(needed: Bump, given: Bump | None) -> bool:
    return given is not None and BUMPS.index(given) >= BUMPS.index(needed)
