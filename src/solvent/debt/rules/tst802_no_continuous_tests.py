"""Nothing runs the tests or a training by itself when the code changes.

## What it does
Finds repositories with programs that train or serve models that have no CI, or a CI whose steps run neither tests
nor a training.

## Why is this bad?
Tests that only run when somebody remembers stop passing unseen; a change that breaks the training is found when the
next model is due. (Test debt; mllint's ci/use; ML Test Score, Infra 1 and 3.)

## Example
```yaml
# .github/workflows/lint.yml
- run: ruff check .
```

## Use instead
```yaml
# .github/workflows/check.yml
- run: ruff check .
- run: pytest
- run: python train.py --rows 1000
```

## Limits
Silent where nothing shows that CI files would be here: an unpacked archive without a repository, dot files or local
runners; and where CI starts workflows of other repositories.
"""

from __future__ import annotations

from collections.abc import Iterator

from solvent.debt.findings import REPOSITORY, Found, Spot
from solvent.debt.project.continuous import continuous_of, local_runners
from solvent.debt.project.project import Project
from solvent.debt.project.work import works
from solvent.debt.rule import project_rule

_WORK = frozenset({"trains", "serves", "saves_model", "logs_model"})
_DOT_FILES = (".gitignore", ".gitattributes", ".pre-commit-config.yaml", ".flake8", ".dockerignore", ".editorconfig")


@project_rule("TST802", "no-continuous-tests", severity="high", minutes=45, evidence="P")
def check(project: Project) -> Iterator[Found]:
    if not _is_whole(project) or not _has_work(project):
        return
    continuous = continuous_of(project)
    if not continuous.files:
        message = "no CI: nothing runs tests or a short training when the code changes; add a workflow that does"
        yield Found(Spot(REPOSITORY), message, subject="no CI")
    elif not continuous.may_test:
        shown = ", ".join(continuous.files[:3])
        message = f"CI ({shown}) runs neither tests nor a training: add a step that does"
        yield Found(Spot(REPOSITORY), message, subject="CI without tests")


def _is_whole(project: Project) -> bool:
    """Whether what the team keeps beside the code is here too."""
    return (
        project.tracked is not None
        or any(path in _DOT_FILES or path.startswith((".github/", ".circleci/")) for path in project.paths)
        or bool(local_runners(project))
    )


def _has_work(project: Project) -> bool:
    return any(works(project, place, _WORK) for place in project.places())
