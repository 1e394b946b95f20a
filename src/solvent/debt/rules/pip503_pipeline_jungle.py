"""Scripts that hand files to each other without anything that says in which order, or write files that nobody reads.

## What it does
Joins scripts and notebooks by the names of the files that they write and read. It finds chains of more than five
steps and steps that read more than six files of others, where no orchestrator runs them; and files that a step in the
middle writes and nothing reads or mentions.

## Why is this bad?
Nobody knows what must run again after a change, and nobody dares to delete a step. (Pipeline jungle, Sculley et al.
2015.)

## Example
```python
# six scripts later
frame = pd.read_csv("tmp/step5.csv")
frame.to_csv("tmp/step6.csv")
frame.to_csv("tmp/step6_backup.csv")  # read by nobody
```

## Use instead
One program that calls the steps as functions, or an orchestrator that knows what each step reads and writes:
```yaml
# dvc.yaml
stages:
  features: {cmd: python features.py, deps: [raw.csv], outs: [features.csv]}
```

## Limits
Only names that are literals are seen. Silent about chains with a Makefile, dvc.yaml, MLproject, Snakefile or a
workflow library; about outputs of last steps, models, reports, predictions and submissions; and about unread files
where folders are listed.

## Options
`limit`: how many files of others a step may read (6).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from solvent.debt.findings import Found, Spot
from solvent.debt.practice.files import files_used
from solvent.debt.project.project import Project
from solvent.debt.rule import project_rule
from solvent.debt.syntax.module import Module

_FAN_IN, _DEPTH = 6, 5
_MOST_TEXTS = 2_000
_DATA = re.compile(
    r"\.(csv|tsv|parquet|pq|feather|arrow|jsonl?|ndjson|npy|npz|pkl|pickle|h5|hdf5?|xlsx?|txt|pt|pth|joblib|sav)(\.gz)?$",
    re.IGNORECASE,
)
_LAST = re.compile(
    r"submi|result|report|predict|pred|output|metric|score|model|summary|log|final|eval|importance|export|stat|histor"
    r"|config|param|figure|plot|weights|checkpoint|vocab|label|mapping|schema|version",
    re.IGNORECASE,
)
_ORCHESTRATORS = re.compile(
    r"(^|/)(dvc\.yaml|Snakefile|[\w.-]+\.smk|MLproject|Makefile|makefile|justfile|Justfile|Taskfile\.ya?ml|tasks\.py|dodo\.py"
    r"|main\.nf|nextflow\.config|[\w.-]*pipeline[\w.-]*\.ya?ml|[\w.-]+\.sh|[\w.-]+\.bat)$"
)
_WORKFLOWS = (
    "airflow",
    "prefect",
    "dagster",
    "kedro",
    "luigi",
    "metaflow",
    "kfp",
    "flytekit",
    "sagemaker.workflow",
    "argo",
    "ploomber",
    "zenml",
    "doit",
    "invoke",
    "ray.workflow",
)
_LISTING = ("glob.glob", "glob.iglob", "os.listdir", "os.scandir", "os.walk", "?.glob", "?.iterdir", "?.rglob")
_LISTING_METHODS = (".glob", ".iterdir", ".rglob")
_TEXT = (
    ".py",
    ".ipynb",
    ".yaml",
    ".yml",
    ".json",
    ".toml",
    ".md",
    ".rst",
    ".sh",
    ".bat",
    ".r",
    ".sql",
    ".cfg",
    ".ini",
    ".js",
    ".ts",
    ".html",
)


class _Step(NamedTuple):
    """A file that reads or writes data; paths with their places."""

    path: str
    reads: dict[str, Spot]
    writes: dict[str, Spot]
    models: set[str]


def collect(module: Module) -> Iterator[tuple[bool, str, bool, int, int, int, int | None]]:
    """Data files by literal names: whether it is written, its path, whether it is a model, the place."""
    if module.role not in ("source", "notebook"):
        return
    for use in files_used(module):
        if use.path is not None and _DATA.search(use.path):
            spot = module.spot(use.call.node)
            model = not use.call.kinds.isdisjoint({"saves_model", "loads_model"})
            yield use.writes, use.path, model, spot.line, spot.column, spot.end_line, spot.cell


@project_rule("PIP503", "pipeline-jungle", severity="medium", minutes=120, evidence="FP", collect=collect)
def check(project: Project) -> Iterator[Found]:
    steps = _steps(project)
    if len(steps) < 2:
        return
    before = _links(steps)
    if not _is_orchestrated(project, steps):
        yield from _tangled(steps, before, int(project.limit("PIP503", _FAN_IN)))
    yield from _orphans(project, steps, before)


def _steps(project: Project) -> dict[str, _Step]:
    steps: dict[str, _Step] = {}
    for file, (writes, path, model, *place) in project.extras("PIP503"):
        step = steps.setdefault(file.path, _Step(file.path, {}, {}, set()))
        (step.writes if writes else step.reads).setdefault(path, Spot(file.path, *place))
        if model:
            step.models.add(path)
    return steps


def _links(steps: dict[str, _Step]) -> dict[str, dict[str, set[str]]]:
    """For each step the steps before it, with the files that it takes from them."""
    writers: dict[str, list[tuple[_Step, str]]] = defaultdict(list)
    for step in steps.values():
        for path in step.writes:
            writers[path.rpartition("/")[2]].append((step, path))
    before: dict[str, dict[str, set[str]]] = {path: {} for path in steps}
    for step in steps.values():
        for path in step.reads:
            if any(_same(path, own) for own in step.writes):
                continue
            for writer, written in writers[path.rpartition("/")[2]]:
                if writer is not step and _same(path, written):
                    before[step.path].setdefault(writer.path, set()).add(path)
    return before


def _same(first: str, second: str) -> bool:
    """Whether two paths end alike as far as both are known."""
    ends = [[part for part in path.split("/") if part not in ("", ".", "..")] for path in (first, second)]
    length = min(len(end) for end in ends)
    return length > 0 and ends[0][-length:] == ends[1][-length:]


def _tangled(steps: dict[str, _Step], before: dict[str, dict[str, set[str]]], most: int) -> Iterator[Found]:
    """The step that takes most files, and the end of the longest chain, over the limits."""
    widest = max(steps, key=lambda path: len(set().union(*before[path].values())))
    taken = set().union(*before[widest].values())
    if len(taken) > most:
        spot = steps[widest].reads[min(taken)]
        message = f"reads {len(taken)} files of {len(before[widest])} other scripts, which nothing runs in order"
        yield Found(spot, f"{message}: join the steps in one program or an orchestrator", "<module>", "fan-in")
    known: dict[str, list[str]] = {}
    chain = max((_chain(path, before, known) for path in steps), key=len)
    if len(chain) > _DEPTH:
        last = chain[-1]
        path = min(before[last][chain[-2]])
        message = (
            f"the last of {len(chain)} scripts that hand files on ({' > '.join(chain)}), which nothing runs in order"
        )
        yield Found(
            steps[last].reads[path], f"{message}: join them in one program or an orchestrator", "<module>", "chain"
        )


def _chain(path: str, before: dict[str, dict[str, set[str]]], known: dict[str, list[str]]) -> list[str]:
    """The longest chain of steps that ends with this one; a circle is cut where it closes."""
    if path not in known:
        known[path] = [path]  # while it is looked for
        chains = [_chain(each, before, known) for each in sorted(before[path])]
        known[path] = [*max((chain for chain in chains if path not in chain), key=len, default=[]), path]
    return known[path]


def _is_orchestrated(project: Project, steps: dict[str, _Step]) -> bool:
    if any(name.startswith(_WORKFLOWS) for file in project.files.values() for name in file.imports):
        return True
    names = {path.rpartition("/")[2] for path in steps}
    return any(
        any(name in (project.text(path) or "") for name in names)
        for path in project.paths
        if _ORCHESTRATORS.search(path)
    )


def _orphans(project: Project, steps: dict[str, _Step], before: dict[str, dict[str, set[str]]]) -> Iterator[Found]:
    """For each step whose output others read, what else it writes that nobody reads."""
    read = {path for step in steps.values() for path in step.reads}
    middle = {writer for found in before.values() for writer in found}
    for step in (steps[path] for path in sorted(middle)):
        unread = [
            path
            for path in step.writes
            if path not in step.models and not _LAST.search(path) and not any(_same(path, each) for each in read)
        ]
        unread = [path for path in unread if not _is_mentioned(project, path.rpartition("/")[2])] if unread else []
        if unread and not _lists_folders(project):
            first = unread[0]
            more = f" (and {len(unread) - 1} more files)" if len(unread) > 1 else ""
            message = f"{first} is written and nothing reads it{more}: stop writing it, or say what it is for"
            yield Found(step.writes[first], message, "<module>", first)


def _lists_folders(project: Project) -> bool:
    return any(
        call.name in _LISTING or call.name.endswith(_LISTING_METHODS)
        for place in project.places()
        for call in place.function.calls
    )


def _is_mentioned(project: Project, name: str) -> bool:
    """Whether a file's name stands anywhere but where it is written."""
    count = 0
    for path in [path for path in project.paths if path.lower().endswith(_TEXT)][:_MOST_TEXTS]:
        count += (project.text(path) or "").count(name)
        if count > 1:
            return True
    return False
