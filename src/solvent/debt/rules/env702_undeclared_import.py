"""A library is imported that no requirements file, lock or package metadata declares.

## What it does
Finds imports of third-party modules whose distribution is named by none of the project's manifests: requirements
files, pyproject.toml, setup.py and setup.cfg, conda environments, Pipfile, container files, `pip install` in
notebooks. It speaks once for each missing distribution, at its first import, in the project's package before its
scripts and notebooks. What only another library brings along is not declared. And it finds what a distributed package
imports and its metadata asks for in groups for development alone.

## Why is this bad?
The program runs where it was written and breaks where it is installed anew: in CI, in the training job, in the
service. (Environment debt; deptry's DEP001.)

## Example
```python
# pyproject.toml: dependencies = ["pandas==2.2.3"]
import pandas as pd
import lightgbm as lgb
```

## Use instead
```python
# pyproject.toml: dependencies = ["pandas==2.2.3", "lightgbm==4.5.0"]
import pandas as pd
import lightgbm as lgb
```

## Limits
Silent about what may be meant to be missing: imports inside functions, in `try`, or for type checkers; tests, docs
and examples; about modules that our table of distributions does not know; and about projects whose manifests compute
what they ask for. A library whose own interface another one is part of (starlette of fastapi) declares it. Extras are
declarations: they say that a part of the package needs more.

## Fix
`--fix` adds the distribution to the nearest requirements file, pyproject.toml or Pipfile above the import: with the
version that a lock file names; by its bare name where the manifest has such names already, or is a library's, which
leaves room. Where all others are bounded, only an environment can tell the version, and it takes `--unsafe-fixes`.
What a lock file covers is added by the tool that locks it (`uv add`): the lock would be out of date otherwise. Left
to you are conda environments, setup.py and setup.cfg, files with hashes or written by a program, and groups for
development.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, Literal

from solvent.debt.findings import FixKind, Found, Spot
from solvent.debt.project.declaring import declaration, declaring
from solvent.debt.project.distributions import Provided, known_module, namespaces, provided
from solvent.debt.project.manifests import Manifests, installs, manifests_of
from solvent.debt.project.project import Project
from solvent.debt.project.requirements import normal_name
from solvent.debt.project.summary import FileSummary
from solvent.debt.rule import project_rule
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import FUNCTIONS, ancestors, is_main_guard

_CODE = (".py", ".pyw", ".pyx", ".pyi", ".so", ".pyd", ".ipynb")
_KERNEL = frozenset({"IPython", "ipywidgets", "google", "matplotlib_inline"})
"""What a notebook's own program brings along."""


def collect(module: Module) -> Iterator[tuple[str, Any]]:
    """Known third-party modules that are imported unconditionally, with their places; what a notebook installs."""
    if module.notebook is not None:
        for cell in module.notebook.cells:
            if "install" in cell.source:
                yield from (("installs", name) for name in installs(cell.source))
    seen: set[str] = set()
    nodes: list[ast.Import | ast.ImportFrom] = [*module.of(ast.Import), *module.of(ast.ImportFrom)]
    for node in sorted(nodes, key=lambda each: each.lineno):
        for name in _modules(node):
            if name in seen or provided(name) is None or _is_optional(node):
                continue
            if not (module.notebook is not None and name in _KERNEL):
                seen.add(name)
                spot = module.spot(node)
                yield name, [spot.line, spot.column, spot.end_line, spot.cell]


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [known_module(alias.name) for alias in node.names]
    if node.level or not node.module:
        return []
    if "." not in node.module and node.module not in namespaces():
        return [node.module]
    return list(dict.fromkeys(known_module(f"{node.module}.{alias.name}") for alias in node.names))


def _is_optional(node: ast.AST) -> bool:
    return any(
        isinstance(above, (*FUNCTIONS, ast.Try, ast.With)) or (isinstance(above, ast.If) and not is_main_guard(above))
        for above in ancestors(node)
    )


@project_rule(
    "ENV702",
    "undeclared-import",
    severity="medium",
    minutes=3,
    evidence="SP",
    fix="safe",
    preview=False,
    collect=collect,
)
def check(project: Project) -> Iterator[Found]:
    manifests = manifests_of(project)
    collected = list(project.extras("ENV702"))
    if not manifests.manifests or not manifests.complete or not collected:
        return
    declared = set(manifests.declared) | {item for _, (what, item) in collected if what == "installs"}
    own = _own_modules(project) | {manifest.distribution for manifest in manifests.manifests}
    missing: dict[str, Found] = {}
    for file, (module, place) in sorted(collected, key=lambda pair: _order(project, pair[0])):
        known = provided(module) if module != "installs" else None
        if known is None or module.partition(".")[0] in own or known.usual in missing:
            continue
        fix: FixKind | Literal["none"] = "none"
        if known.any_of.isdisjoint(declared):
            manifest, *others = declaring(project, file.path)
            message = f"{module} is imported, but no manifest declares {known.usual}: add it to {manifest.path}"
            fix = "none" if others else declaration(project, manifest, known.usual).fix
        elif where := _only_for_development(manifests, file, known):
            message = f"{module} is imported, but {where} asks for {known.usual} for development alone: move it"
        else:
            continue
        missing[known.usual] = Found(Spot(file.path, *place), message, "<module>", known.usual, fix=fix)
    yield from missing.values()


def _order(project: Project, file: FileSummary) -> tuple[bool, bool, str]:
    """The project's package first, then scripts, then notebooks."""
    folder = file.path.rpartition("/")[0]
    return file.role == "notebook", f"{folder}/__init__.py" not in project.files, file.path


def _only_for_development(manifests: Manifests, file: FileSummary, known: Provided) -> str:
    """The metadata of the package that a file is part of, if only its groups for development ask for a distribution."""
    package = [normal_name(part) for part in file.path.split("/")[:-1]]
    for manifest in manifests.manifests:
        names = known.any_of & manifest.for_development
        if names and normal_name(manifest.distribution) in package:
            others = {
                each.name
                for other in manifests.manifests
                for each in other.everything
                if other is not manifest or each.name not in manifest.for_development
            }
            return "" if not known.any_of.isdisjoint(others | manifests.installed) else manifest.path
    return ""


def _own_modules(project: Project) -> set[str]:
    """Every name that a file or a folder with code gives to a module, wherever the import path begins."""
    found: set[str] = set()
    for path in project.paths:
        if path.endswith(_CODE):
            folders, _, name = path.rpartition("/")
            found.update((*folders.split("/"), name.partition(".")[0]))
    return found
