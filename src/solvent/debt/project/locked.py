"""The versions that a project's lock files name, and those that are installed beside it.

A version is taken from there or not at all: none is made up, and where two sources differ there is none.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from solvent.debt.project.manifest_readers import read_requirements
from solvent.debt.project.manifests import manifests_of
from solvent.debt.project.project import Project
from solvent.debt.project.requirements import Requirement, normal_name, release_of
from solvent.provenance.packages import installed_packages

_PLAIN = re.compile(r"\d+(\.\d+){0,9}(\.post\d+)?")
_NO_INDEX = ("vcs", "directory", "archive")
_ENVIRONMENTS = (".venv", "venv")
_PACKAGES = ("lib/python*/site-packages", "Lib/site-packages")


@lru_cache(maxsize=8)
def locked_versions(project: Project, folder: str) -> Mapping[str, str]:
    """The version of each distribution on which all lock files and lists of pinned versions in a folder, and in
    those above it, agree."""
    manifests = manifests_of(project)
    found: dict[str, set[str]] = {}
    for path in manifests.locks:
        if _is_within(folder, path):
            for name, version in _versions(path, project.text(path) or ""):
                found.setdefault(normal_name(name), set()).add(version)
    for manifest in manifests.manifests:
        if manifest.kind == "requirements" and manifest.is_pinned and _is_within(folder, manifest.path):
            for name, version in _pins(manifest.requirements):
                found.setdefault(name, set()).add(version)
    return {name: next(iter(versions)) for name, versions in found.items() if len(versions) == 1}


def installed_versions(root: Path) -> dict[str, str]:
    """What is installed in the project's own environment (``.venv``), or else in that in which Solvent runs.

    What came from elsewhere than an index is left out: nobody could install that version by its number.
    """
    places = (root / name for name in _ENVIRONMENTS)
    folders = [str(folder) for place in places for pattern in _PACKAGES for folder in sorted(place.glob(pattern))]
    lines = installed_packages(folders or None)
    return dict(line.split("==", 1) for line in lines if "#" not in line)


def fitting(requirement: Requirement, version: str | None) -> str | None:
    """The version to pin a loose requirement to, without a local part; None if it does not fit or is no plain release,
    or if the requirement holds only somewhere (a marker), or names where it comes from.

    >>> fitting(Requirement("torch", ((">=", "2.1"),)), "2.3.0+cu121")
    '2.3.0'
    """
    public = (version or "").partition("+")[0]
    release = release_of(public) if _PLAIN.fullmatch(public) else None
    if release is None or requirement.marker or requirement.url:
        return None
    if not all(_meets(release, *each) for each in requirement.specifiers):
        return None
    return public


def _meets(release: tuple[int, ...], operator: str, asked: str) -> bool:
    """Whether a release is surely one that a specifier without an upper bound allows."""
    bound = release_of(asked)
    if bound is None:
        return asked == "*"
    length = max(len(release), len(bound))
    here, there = (each + (0,) * (length - len(each)) for each in (release, bound))
    if operator == "!=":
        return here[: len(bound)] != there[: len(bound)]
    return here > there or (operator == ">=" and here == there)


def _is_within(folder: str, path: str) -> bool:
    """Whether a file lies in a folder or above it."""
    place = path.rpartition("/")[0]
    return not place or f"{folder}/".startswith(f"{place}/")


def _versions(path: str, text: str) -> Iterator[tuple[str, str]]:
    """What a lock file takes from an index. Formats that are not known (those of conda) say nothing."""
    name = path.rpartition("/")[2]
    try:
        if name.endswith(".toml") or name in ("uv.lock", "poetry.lock", "pdm.lock"):
            yield from _packages(tomllib.loads(text))
        elif name == "Pipfile.lock":
            default = json.loads(text).get("default", {})
            yield from ((each, fields["version"].removeprefix("==")) for each, fields in default.items())
        elif not name.startswith(("pixi", "conda")):
            yield from _pins(read_requirements(path, text).requirements)
    except (ValueError, RecursionError, AttributeError, KeyError, TypeError):
        return


def _packages(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for each in [*document.get("package", ()), *document.get("packages", ())]:
        source = each.get("source", {})
        from_index = not source or "registry" in source or source.get("type") == "legacy"
        if from_index and "version" in each and not any(key in each for key in _NO_INDEX):
            yield str(each["name"]), str(each["version"])


def _pins(requirements: list[Requirement]) -> Iterator[tuple[str, str]]:
    for each in requirements:
        yield from ((each.name, version) for operator, version in each.specifiers if operator == "==")
