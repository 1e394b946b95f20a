"""Where a distribution is declared that a file needs, and how."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from solvent.debt.findings import FixKind
from solvent.debt.project.application import is_application
from solvent.debt.project.locked import fitting, locked_versions
from solvent.debt.project.manifest_readers import Manifest
from solvent.debt.project.manifests import is_development, manifests_of
from solvent.debt.project.project import Project
from solvent.debt.project.requirements import Requirement

_USUAL = ("pyproject.toml", "Pipfile", "requirements.in", "requirements.txt")
CHANGEABLE = ("requirements", "pyproject", "pipfile")
"""The kinds of manifests that fixes change."""
_TOOLS = frozenset({"pip", "setuptools", "wheel", "python", "nodejs", "ipykernel", "jupyter", "notebook", "jupyterlab"})


class Declaration(NamedTuple):
    """``version`` None: the bare name. A fix that is unsafe takes the version from an environment."""

    fix: FixKind | Literal["none"]
    version: str | None = None


def loose_requirements(manifest: Manifest) -> list[Requirement]:
    """What a manifest asks for without an upper bound, but tools that install and show."""
    return [each for each in manifest.requirements if not each.is_bounded and each.name not in _TOOLS]


def declaring(project: Project, path: str) -> list[Manifest]:
    """The manifest that a person would add a requirement of a file to: the nearest above it. Several, if nothing
    tells which."""
    known = manifests_of(project).manifests
    usable = [each for each in known if not is_development(each.path) and "constraints" not in each.path.lower()]
    candidates = [each for each in usable if each.requirements] or usable or known
    best = min(_order(each, path) for each in candidates)
    return [each for each in candidates if _order(each, path) == best]


def declaration(project: Project, manifest: Manifest, distribution: str) -> Declaration:
    """How a distribution is added to a manifest: as the lock file has it; by its bare name where the manifest itself
    leaves versions open or is a library's; else pinned, as the others are, to what is installed.

    By a person, where a lock file would be out of date afterwards.
    """
    manifests = manifests_of(project)
    if manifest.kind not in CHANGEABLE or manifests.lock_of(manifest) is not None:
        return Declaration("none")
    if manifest.kind == "pyproject" and not is_application(project):
        return Declaration("safe")
    version = locked_versions(project, manifest.path.rpartition("/")[0]).get(distribution)
    if fit := fitting(Requirement(distribution), version):
        return Declaration("safe", fit)
    return Declaration("safe" if loose_requirements(manifest) else "unsafe")


def _order(manifest: Manifest, path: str) -> tuple[bool, int, int]:
    folder, _, name = manifest.path.rpartition("/")
    above = not folder or path.startswith(f"{folder}/")
    depth = manifest.path.count("/")
    return not above, -depth if above else depth, _rank(name, _USUAL)


def _rank(name: str, usual: Iterable[str]) -> int:
    return next((place for place, each in enumerate(usual) if each == name), len(_USUAL))
