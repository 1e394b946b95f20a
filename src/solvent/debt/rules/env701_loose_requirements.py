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

## Fix
`--fix` pins a manifest to what lock files and lists of pinned versions in its folder or above name, if they name a
fitting release for each of its loose requirements. What they don't know, `--unsafe-fixes` takes from the project's
environment (`.venv`), or else from that in which Solvent runs: these are the versions that run on this machine, not
those that somebody has chosen. No version is made up: pre-releases, what was not installed from an index, and
requirements under a marker are left to you, and so are setup.py, setup.cfg and conda environments.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from solvent.debt.findings import REPOSITORY, FixKind, Found, Spot
from solvent.debt.project.application import is_application, working_entries
from solvent.debt.project.declaring import CHANGEABLE, loose_requirements
from solvent.debt.project.locked import fitting, locked_versions
from solvent.debt.project.manifest_readers import Manifest
from solvent.debt.project.manifests import manifests_of
from solvent.debt.project.project import Project
from solvent.debt.project.requirements import Requirement
from solvent.debt.rule import project_rule

_NAMED = 4


@project_rule("ENV701", "loose-requirements", severity="medium", minutes=10, evidence="P", fix="unsafe", preview=False)
def check(project: Project) -> Iterator[Found]:
    manifests = manifests_of(project)
    if not is_application(project):
        return
    if not manifests.manifests and not manifests.locks:
        if not manifests.installed and any(working_entries(project)):
            message = "no file says which libraries the programs need: add requirements with a lock file"
            yield Found(Spot(REPOSITORY), message, subject="no manifest", fix="none")
        return
    for manifest in manifests.manifests:
        loose = loose_requirements(manifest)
        if loose and manifests.lock_of(manifest) is None:
            yield _found(manifest, loose, locked_versions(project, manifest.path.rpartition("/")[0]))


def _found(manifest: Manifest, loose: list[Requirement], locked: Mapping[str, str]) -> Found:
    names = ", ".join(each.name for each in loose[:_NAMED]) + (", ..." if len(loose) > _NAMED else "")
    line = min(each.line or 1 for each in loose)
    message = (
        f"{len(loose)} of {len(manifest.requirements)} requirements have no upper bound and no lock file pins them"
        f" ({names}): lock or pin them"
    )
    minutes = 10 + len(loose) // 10 * 5
    fix: FixKind | Literal["none"] = "none"
    if manifest.kind in CHANGEABLE:
        fix = "safe" if all(fitting(each, locked.get(each.name)) for each in loose) else "unsafe"
    return Found(Spot(manifest.path, line, 1, line), message, subject=manifest.path, minutes=minutes, fix=fix)
