"""A requirement allows only versions that get no mending any more, or a distribution that has ended.

## What it does
Finds requirements all of whose allowed versions are in a table of ended versions and known holes: Python itself,
frameworks of machine learning, and what serves models. The table is dated November 2026 and written by hand; each
entry names its source. It is no substitute for an audit against a database of vulnerabilities.

## Why is this bad?
Holes stay open, wheels for new Pythons are missing, and each month makes the way to a mended version longer.
(Environment debt.)

## Example
```text
tensorflow==1.15.0
fbprophet==0.7.1
```

## Use instead
```text
tensorflow==2.17.0
prophet==1.1.5
```

## Limits
A range that allows a mended version is silent: `torch>=1.13` installs the newest one. So are lock files,
extras and development groups.
"""

from __future__ import annotations

from collections.abc import Iterator

from solvent.debt.findings import Found, Severity, Spot
from solvent.debt.project.end_of_life import end_of_life, ended, ended_python
from solvent.debt.project.manifest_readers import Manifest
from solvent.debt.project.manifests import manifests_of
from solvent.debt.project.project import Project
from solvent.debt.project.requirements import Requirement
from solvent.debt.rule import project_rule


@project_rule("ENV704", "end-of-life", severity="medium", minutes=20, evidence="P", preview=False)
def check(project: Project) -> Iterator[Found]:
    for manifest in manifests_of(project).manifests:
        if manifest.python is not None and (version := ended_python(manifest.python)) is not None:
            message = f"Python {version[0]} has got no mending since {version[1]}: move to a newer version"
            yield _found(manifest, manifest.python, message, "medium")
        for requirement in manifest.requirements:
            known = ended(requirement)
            if known is not None:
                wanted = f": use {known.below} or newer" if known.below else ""
                message = f"{requirement.name}: {known.why}{wanted} (as of {end_of_life().as_of:%B %Y})"
                yield _found(manifest, requirement, message, known.severity)


def _found(manifest: Manifest, requirement: Requirement, message: str, severity: Severity) -> Found:
    line = requirement.line or 1
    return Found(Spot(manifest.path, line, 1, line), message, "", requirement.name, severity)
