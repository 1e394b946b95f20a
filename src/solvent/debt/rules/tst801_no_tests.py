"""No test touches the code that prepares data, trains or predicts.

## What it does
Finds projects with code that transforms data, trains models or predicts, and with no tests at all, or only with tests
that neither import nor call any of it. It speaks once for the repository.

## Why is this bad?
Errors in features and models do not crash: they show as a worse number, months later. A change can't be made with
confidence. (Test debt; ML Test Score, Data 7 and Infra 2.)

## Example
```text
src/features.py
src/train.py
tests/test_version.py
```

## Use instead
```python
# tests/test_features.py
from features import add_ratios


def test_ratios_of_nothing_are_missing():
    assert add_ratios(frame(total=0)).ratio.isna().all()
```

## Limits
Tests of modules or functions whose names speak of data, features or models count as touching, and so do tests that run
notebooks or scripts as a whole or import modules by computed names, and doctests. One call that trains is enough to
ask for tests; notebooks alone are not.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from solvent.debt.findings import REPOSITORY, Found, Spot
from solvent.debt.project.project import Project
from solvent.debt.project.summary import FileSummary
from solvent.debt.project.work import works
from solvent.debt.rule import project_rule
from solvent.debt.syntax.module import Module

_WORK = frozenset({"trains", "predicts", "fits_transform", "transforms", "resamples", "splits", "logs_model"})
_DYNAMIC = ("importlib.import_module", "runpy.run_path", "runpy.run_module", "__import__", "exec", "testbook.testbook")
_SETTINGS = ("setup.cfg", "pytest.ini", "tox.ini", "pyproject.toml", "Makefile", "noxfile.py")
_MEANT = re.compile(
    r"model|train|predict|infer|feature|pre_?process|transform|data|pipeline|loss|layer|score|split|clean|encod|embed"
    r"|metric|learn|estimat|classif|regress|forecast|detect",
    re.IGNORECASE,
)
"""Modules and functions of these names work with data or models, also where the facts can't tell."""
_WHOLE = re.compile(r"--doctest-modules|--doctest-glob|nbmake|nbval|papermill")


def collect(module: Module) -> Iterator[str]:
    """In tests: names of scripts that they start, and ``*`` if they import what only running would tell."""
    if module.role != "test":
        return
    if any(call.name in _DYNAMIC for call in module.calls):
        yield "*"
    for node in module.of(ast.Constant):
        if isinstance(node.value, str) and node.value.endswith((".py", ".ipynb")) and len(node.value) < 300:
            yield node.value.replace("\\", "/").rpartition("/")[2]


@project_rule("TST801", "no-tests", severity="high", minutes=120, evidence="P", preview=False, collect=collect)
def check(project: Project) -> Iterator[Found]:
    worked = {place.file.path: place.file for place in project.places("source") if works(project, place, _WORK)}
    if not worked:
        return
    shown = ", ".join(sorted(worked, key=lambda path: (path.count("/"), path))[:3])
    tests = [file for file in project.of_roles(["test"]) if _has_tests(file)]
    if not tests:
        message = (
            f"no tests, and {len(worked)} files prepare data, train or predict ({shown}): test what they do to data"
        )
        yield Found(Spot(REPOSITORY), message, subject="no tests")
    elif not _touched(project, worked):
        message = f"{len(tests)} test files, and none touches what prepares data, trains or predicts ({shown})"
        yield Found(Spot(REPOSITORY), f"{message}: test what it does to data", subject="nothing is tested")


def _has_tests(file: FileSummary) -> bool:
    return any(
        function.qualname.rpartition(".")[2].startswith("test")
        or function.qualname.rpartition(".")[2] in ("runTest", "should")
        for function in file.functions
    )


def _touched(project: Project, worked: dict[str, FileSummary]) -> bool:
    if any(_WHOLE.search(project.text(name) or "") for name in _SETTINGS if name in set(project.paths)):
        return True
    started = {item for _, item in project.extras("TST801", "test")}
    if "*" in started or any(path.rpartition("/")[2] in started for path in worked):
        return True
    return any(_touches(project, file, worked) for file in project.of_roles(["test"]))


def _touches(project: Project, test: FileSummary, worked: dict[str, FileSummary]) -> bool:
    """Whether a test file imports a file that works with models, or calls what leads there."""
    for name in test.imports:
        for module in (name, name.rpartition(".")[0]):
            file = project.module(module, test) if module else None
            if file is None:
                continue
            inner = name.partition(".")[2] or ("" if file.is_package else name)
            if file.path in worked or _MEANT.search(inner) or _leads(project, file, worked):
                return True
    return _leads(project, test, worked)


def _leads(project: Project, file: FileSummary, worked: dict[str, FileSummary]) -> bool:
    """Whether a file's functions call, over however many steps, what works with models."""
    seen: set[tuple[str, str]] = set()
    todo = [project.functions[file.path, function.qualname] for function in file.functions]
    while todo:
        place = todo.pop()
        if place.file.path in worked:
            return True
        if place.key not in seen:
            seen.add(place.key)
            todo += [callee for _, callee in project.calls(place)]
    return False
