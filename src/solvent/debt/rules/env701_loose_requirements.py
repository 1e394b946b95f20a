"""An application's requirements have no upper bound, and no lock file pins them.

## What it does
Finds the manifests of applications that ask for distributions in any version, or in any from some version on, while
no lock file or list of pinned versions covers them. It speaks once for each manifest, and once for a project with
programs that has no manifest at all.

## Why is this bad?
The same commit installs other libraries tomorrow: a training run can't be repeated, and a new major version breaks
the service on the day of its release. (Environment debt: 6 of 11 ML repositories that we read had it.)

## Example
```text
pandas
scikit-learn>=1.2
```

## Use instead
A lock file beside it (`uv lock`, `poetry lock`, `pip-compile`), or pinned versions:
```text
pandas==2.2.3
scikit-learn==1.5.2
```

## Limits
Silent about libraries, which must leave room to those who use them: distributed packages without commands, programs,
notebooks or container files; about extras and development groups; and about ranges with an upper bound.
"""

from __future__ import annotations

from collections.abc import Iterator

from solvent.debt.findings import REPOSITORY, Found, Spot
from solvent.debt.project.manifest_readers import Manifest
from solvent.debt.project.manifests import Manifests, manifests_of
from solvent.debt.project.project import Project
from solvent.debt.project.requirements import Requirement
from solvent.debt.project.work import reached_work, works
from solvent.debt.rule import project_rule
from solvent.debt.sources.roles import role_of

_NAMED = 4
_TOOLS = frozenset({"pip", "setuptools", "wheel", "python", "nodejs", "ipykernel", "jupyter", "notebook", "jupyterlab"})
_WORK = frozenset({"trains", "serves", "reads_data", "loads_model"})
_SERVICE = ("Dockerfile", "docker-compose.yml", "docker-compose.yaml", "Procfile", "MLproject", "app.yaml")


@project_rule("ENV701", "loose-requirements", severity="medium", minutes=10, evidence="P", preview=False)
def check(project: Project) -> Iterator[Found]:
    manifests = manifests_of(project)
    if not _is_application(project, manifests):
        return
    if not manifests.manifests and not manifests.locks:
        if not manifests.installed and any(_working_entries(project)):
            message = "no file says which libraries the programs need: add requirements with a lock file"
            yield Found(Spot(REPOSITORY), message, subject="no manifest")
        return
    for manifest in manifests.manifests:
        loose = [each for each in manifest.requirements if not each.is_bounded and each.name not in _TOOLS]
        if loose and manifests.lock_of(manifest) is None:
            yield _found(manifest, loose)


def _found(manifest: Manifest, loose: list[Requirement]) -> Found:
    names = ", ".join(each.name for each in loose[:_NAMED]) + (", ..." if len(loose) > _NAMED else "")
    line = min(each.line or 1 for each in loose)
    message = (
        f"{len(loose)} of {len(manifest.requirements)} requirements have no upper bound and no lock file pins them"
        f" ({names}): lock or pin them"
    )
    return Found(Spot(manifest.path, line, 1, line), message, subject=manifest.path, minutes=10 + len(loose) // 10 * 5)


def _is_application(project: Project, manifests: Manifests) -> bool:
    """Whether something here is run, and not only imported by others."""
    if any(_is_service(project, path) for path in project.paths) or any(_working_entries(project)):
        return True
    if any(works(project, place, ["serves"]) for place in project.places()):
        return True
    commands = any(manifest.scripts for manifest in manifests.manifests)
    return commands and any(works(project, place, _WORK) for place in project.places())


def _is_service(project: Project, path: str) -> bool:
    """Whether a file says how the project is run; those of its examples and tests say it of them alone."""
    return path.rpartition("/")[2] in _SERVICE and role_of(path, project.settings.profiles) == "source"


def _working_entries(project: Project) -> Iterator[bool]:
    """For each program, whether it works with data or models, or is a service."""
    for entry in project.entries:
        yield bool(reached_work(project, entry.place, *_WORK))
