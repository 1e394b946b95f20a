"""A script that prepares training data is not under version control.

## What it does
Asks git which Python files and notebooks are untracked or ignored, and finds those among them that write data which a
tracked program reads, or that are named after preparing data (prepare, clean, etl, features, ...) and write data.

## Why is this bad?
The data that the model learned from can't be made again, and nobody sees when the steps that made it change: the
commit of a run says nothing about them. (Pipeline debt; ML Test Score, Infra 1.)

## Example
```text
$ git status --short
?? scripts/prepare_data.py
```

## Use instead
```text
git add scripts/prepare_data.py
```

## Limits
Needs a repository with at least one commit or staged file; tests, docs and examples are not looked at, and of ignored
files only the first 50.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

from solvent.debt.findings import Found, Spot
from solvent.debt.practice.files import files_used
from solvent.debt.project.project import Project
from solvent.debt.rule import project_rule
from solvent.debt.sources.discover import SKIPPED
from solvent.debt.sources.roles import role_of
from solvent.debt.syntax.module import Module
from solvent.provenance.git import Git

_PREPARES = re.compile(
    r"(^|[_\-/.\d])(pre_?process\w*|prep\w*|clean\w*|etl|wrangl\w*|munge\w*|feature\w*|transform\w*|build_data\w*"
    r"|make_data\w*|(build|make|create|generate|extract|split)_?(data\w*|train\w*|features?))([_\-/.\d]|$)",
    re.IGNORECASE,
)
_WRITES = re.compile(
    r"\.(to_(csv|parquet|feather|hdf|json|pickle|sql)|write_(csv|parquet)|tofile)\s*\(|np\.savez?\w*\(|\bjoblib\.dump\("
)
_MOST = 50


def collect(module: Module) -> Iterator[tuple[bool, str, int]]:
    """Data files that are read and written, by name; an empty name where it is not known. Models are no data."""
    if module.role in ("source", "notebook"):
        for use in files_used(module):
            if use.call.kinds & {"reads_data", "writes_data"}:
                yield use.writes, (use.path or "").rpartition("/")[2], module.spot(use.call.node).line


@project_rule("PIP502", "unversioned-preprocessing", severity="high", minutes=10, evidence="P", collect=collect)
def check(project: Project) -> Iterator[Found]:
    if not project.tracked:
        return
    used: dict[str, list[Any]] = {}
    for file, item in project.extras("PIP502"):
        used.setdefault(file.path, []).append(item)
    read = {name for path, items in used.items() if path in project.tracked for writes, name, _ in items if not writes}
    for path, items in used.items():
        written = [name for writes, name, _ in items if writes]
        if path in project.tracked or not written:
            continue
        shared = sorted({name for name in written if name and name in read})
        if shared or _PREPARES.search(path):
            yield _found(path, "not under version control", shared)
    for path in _ignored(project):
        text = project.text(path) or ""
        shared = sorted(name for name in read if name and _WRITES.search(text) and name in text)
        if shared or (_PREPARES.search(path) and _WRITES.search(text)):
            yield _found(path, "ignored by git", shared)


def _found(path: str, state: str, shared: list[str]) -> Found:
    what = f"writes {', '.join(shared[:3])}, which tracked programs read" if shared else "prepares data"
    return Found(Spot(path), f"{path} {what}, and is {state}: commit it", subject=path)


def _ignored(project: Project) -> list[str]:
    """Python files and notebooks that .gitignore names, without what others wrote."""
    skipped = [f":(exclude,glob)**/{name}/**" for name in sorted(SKIPPED)]
    listed = Git(project.root, here=True).run(
        *("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--", "*.py", "*.ipynb", *skipped)
    )
    paths = [os.fsdecode(name) for name in (listed or b"").split(b"\0") if name]
    own = (path for path in paths if role_of(path, project.settings.profiles) in ("source", "notebook"))
    return [path for path in own if "site-packages" not in path and "/lib/python" not in path][:_MOST]
