"""What runs by itself on each change: the files of CI services, and whether they run tests or a training."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from solvent.debt.project.project import Project

_SERVICES = re.compile(
    r"^(\.(github|gitea|forgejo)/workflows/[^/]+\.ya?ml|\.gitlab-ci\.ya?ml|\.gitlab/.*\.ya?ml|(.*/)?Jenkinsfile[^/]*"
    r"|(.*/)?azure-pipelines[^/]*\.ya?ml|\.azure[^/]*/.*\.ya?ml|\.circleci/config\.ya?ml|bitbucket-pipelines\.ya?ml"
    r"|\.travis\.ya?ml|\.?appveyor\.ya?ml|\.drone\.ya?ml|\.woodpecker(/.*)?\.ya?ml|\.buildkite/.*\.ya?ml"
    r"|(.*/)?buildspec[^/]*\.ya?ml|(.*/)?cloudbuild[^/]*\.ya?ml|\.semaphore/.*\.ya?ml|\.cirrus\.ya?ml|codefresh\.ya?ml)$"
)
_LOCAL = re.compile(r"(^|/)(Makefile|makefile|GNUmakefile|tox\.ini|noxfile\.py|justfile|Justfile|Taskfile\.ya?ml)$")
_TESTS = re.compile(
    r"\b(pytest|py\.test|tox|nox|nosetests|unittest|stestr|behave|nbmake|nbval|testbook|doctest|trial)\b"
    r"|setup\.py\s+test|\bhatch\s+(run\s+)?(\S*:)?\S*(test|cov)\S*|manage\.py\s+test|(run_?)?tests?\.(py|sh)\b"
    r"|\b(make|just|task|poe|invoke|inv|pdm run|poetry run|uv run|pixi run|rye|npm|earthly)\s+[^\n]*?\b\S*(tests?|check|coverage|ci|verify)\b"
)
_TRAINS = re.compile(
    r"\bpython3?\s+(-m\s+)?\S*(train|pipeline|fit|smoke|main)\S*|\bdvc\s+(repro|exp)|\b(mlflow|solvent)\s+run\b|\bpapermill\b"
    r"|\bnbconvert\b[^\n]*--execute|\bkedro\s+run\b|\bcml\b"
)
_ELSEWHERE = re.compile(
    r"^\s*-?\s*(uses|include|extends|template|remote|project)\s*:\s*[^\n]*(workflows?/|\.ya?ml)", re.MULTILINE
)
_MAKE = re.compile(r"\b(?:make|just|task)\s+(?:-\S+\s+)*([\w.-]+)")
_SCRIPT = re.compile(r"(?:\b(?:bash|sh|python3?)\s+|(?<![\w/])\./)([\w./-]+\.(?:sh|py))")


class Continuous(NamedTuple):
    """``files`` are those of CI services. ``may_test``: they run tests or a training, or something we can't see does."""

    files: list[str]
    may_test: bool


@lru_cache(maxsize=2)
def continuous_of(project: Project) -> Continuous:
    """What CI does for a project."""
    files = [path for path in project.paths if _SERVICES.match(path)]
    texts = [_commands(project.text(path) or "") for path in files]
    return Continuous(files, any(_runs(project, text) for text in texts))


def local_runners(project: Project) -> list[str]:
    """Files that a person runs checks by: Makefile, tox.ini and their like."""
    return [path for path in project.paths if _LOCAL.search(path)]


def _runs(project: Project, text: str) -> bool:
    if _TESTS.search(text) or _TRAINS.search(text) or _ELSEWHERE.search(text):
        return True
    for target in _MAKE.findall(text):
        recipes = (_recipe(_commands(project.text(path) or ""), target) for path in local_runners(project))
        if any(_TESTS.search(recipe) or _TRAINS.search(recipe) for recipe in recipes):
            return True
    known = set(project.paths)
    scripts = (name.removeprefix("./") for name in _SCRIPT.findall(text))
    return any(_TESTS.search(_commands(project.text(name) or "")) for name in scripts if name in known)


def _recipe(text: str, target: str) -> str:
    """The lines of a Makefile's target."""
    found = re.search(rf"^{re.escape(target)}\s*:[^\n]*\n((?:[ \t]+[^\n]*\n?|\n)*)", text, re.MULTILINE)
    return found[0] if found else ""


def _commands(text: str) -> str:
    """A text without its comments, without names of steps, and without what is only installed."""
    text = re.sub(r"(^|\s)#.*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"^\s*-?\s*(name|description)\s*:.*$", "", text, flags=re.MULTILINE)
    return re.sub(r"\b(pip3?|uv|conda|mamba|pipx|poetry|apt-get)\s+(?:\w+\s+)?(install|add)\b[^\n&|;]*", "", text)
