"""Whether a project is run, and not only imported by others: then somebody has to know which versions it runs with."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from solvent.debt.project.manifests import manifests_of
from solvent.debt.project.project import Project
from solvent.debt.project.work import reached_work, works
from solvent.debt.sources.roles import role_of

_WORK = frozenset({"trains", "serves", "reads_data", "loads_model"})
_SERVICE = ("Dockerfile", "docker-compose.yml", "docker-compose.yaml", "Procfile", "MLproject", "app.yaml")


@lru_cache(maxsize=2)
def is_application(project: Project) -> bool:
    """Whether something here is run, and not only imported by others."""
    if any(_is_service(project, path) for path in project.paths) or any(working_entries(project)):
        return True
    if any(works(project, place, ["serves"]) for place in project.places()):
        return True
    commands = any(manifest.scripts for manifest in manifests_of(project).manifests)
    return commands and any(works(project, place, _WORK) for place in project.places())


def working_entries(project: Project) -> Iterator[bool]:
    """For each program, whether it works with data or models, or is a service."""
    for entry in project.entries:
        yield bool(reached_work(project, entry.place, *_WORK))


def _is_service(project: Project, path: str) -> bool:
    """Whether a file says how the project is run; those of its examples and tests say it of them alone."""
    return path.rpartition("/")[2] in _SERVICE and role_of(path, project.settings.profiles) == "source"
