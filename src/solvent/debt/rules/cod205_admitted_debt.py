"""A comment admits debt about data, models or their configuration.

## What it does
Finds comments like `TODO`, `FIXME`, `HACK`, `XXX`, "quick and dirty", "workaround for", "hard-coded for now" or "should
be refactored" in code that trains, serves or prepares data, and marks like `TODO` in all files of a project that
trains. Equal comments of a file are one finding. In a git repository the severity rises from low to medium once nobody
has changed the line for 180 days.

## Why is this bad?
Somebody knew that this is not how it should be. Such comments live long: half of them outlive their authors'
memory, and those about data and configuration are the ones that change results. (Code debt; self-admitted technical
debt in machine learning software, OBrien et al. 2022.)

## Example
```python
data = pd.read_csv("data.csv")  # TODO: hard-coded for now, take the path from the config
```

## Use instead
```python
data = pd.read_csv(config.data_path)
```

## Limits
Words in prose are no debt ("temporary folder", "the todo list"), nor are comments that only a template left behind.

## Options
`limit`: after how many days the severity rises (180).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from solvent.debt.findings import Found, Spot
from solvent.debt.project.blame import days_unchanged
from solvent.debt.project.project import Project
from solvent.debt.rule import project_rule
from solvent.debt.syntax.module import Module

DAYS = 180
_TAGS = re.compile(
    r"\bTODO\b|\btodo:|\bFIXME\b|\bHACK\b|^XXX\b|\bXXX:|\bBUG\b\s*:|\bTBD\b|^(?i:@?(?:todo|fixme|hack))\b\s*[:(-]|^(?i:todo) (?!list\b)"
)
_PHRASES = re.compile(
    r"quick(?:[- ](?:and|&|n)[- ]|[- ]?&[- ]?)dirty|\bkludge|\bhacky\b"
    r"|\b(?:ugly|dirty|horrible|nasty|temporary|temp|quick|dirty) (?:hack|fix|solution|workaround|work-around)\b"
    r"|\b(?:is|bit of) an? hack\b|\bwork-?arounds?\b|\bwork around (?:an?|the|this) (?:bug|issue|problem|limitation)"
    r"|\bhard[- ]?cod(?:ed|ing)\b(?=.*\b(?:for now|should|change|config|remove|fix|bad|temporar|later))"
    r"|\b(?:should|needs? to|must|has to) (?:really |probably )?be (?:refactored|cleaned up|rewritten|removed later)\b"
    r"|\bneeds? (?:refactoring|a rewrite|cleanup|clean-up)\b|\brefactor (?:this|me|later)\b"
    r"|\b(?:remove|delete|fix|change|improve|clean up|revisit|replace) (?:this |it |me |that )?(?:later|at some point)\b"
    r"|\bfor now\b|\b(?:change|adjust|adapt|update|modify) (?:this |it )?(?:if|as|when) (?:necessary|needed)\b"
    r"|\bwill be \w+ (?:later|from \w+ (?:if|once|when) available|once .* available)\b|\bfor the (?:moment|time being),? we\b"
    r"|\bnot implemented yet\b|\btemporar(?:y|ily)\b.*\b(?:until|for now)\b"
    r"|\b(?:is not|isn't|not) (?:ideal|optimal|quite right)\b|\bprobably a bug\b|\bget rid of this\b|\bremove me\b"
    r"|\bneeds? to (?:fix|implement|refactor|clean up|rewrite) (?:this|it)\b|\b(?:there is|find) a better way\b"
    r"|\bthis is (?:wrong|broken|stupid|terrible)\b|\bdo(?:es)?(?:n't| not) work (?:yet|properly|correctly)\b",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"(?:todo|fixme|hack|xxx)\b\s*[:(]", re.IGNORECASE)
"""A comment of its own, though it stands right below another."""
_WORDS = (
    *("todo", "fixme", "hack", "xxx", "bug", "tbd", "dirty", "kludge", "work", "hard", "refactor", "clean", "rewrit"),
    *(
        "for now",
        "necessary",
        "needed",
        "available",
        "the moment",
        "time being",
        "later",
        "some point",
        "yet",
        "tempor",
        "temp ",
        "fix",
        "solution",
        "this is",
    ),
)
"""One of them is in all that the expressions find: they are slow, and most comments have none."""
_HASH = re.compile(r"#+[^\n]*")
_TEMPLATE = re.compile(
    r"\byour (?:code|name|own|model|data|implementation)\b|type: ignore|noqa|\bTODO list\b", re.IGNORECASE
)
_ABOUT = re.compile(
    r"data|model|train|featur|param|config|path|hard|batch|gpu|cuda|seed|metric|loss|threshold|column|label|predict|"
    r"weight|epoch|learn|split|valid|test|scal|encod|schema|csv|tensor|shape|layer|class|sampl|score|tun|pipeline|cache",
    re.IGNORECASE,
)
_MACHINERY = frozenset(
    {"pandas", "numpy", "sklearn", "torch", "tensorflow", "keras", "xgboost", "lightgbm", "catboost", "mlflow", "wandb"}
    | {"transformers", "datasets", "polars", "pyspark", "scipy", "statsmodels", "jax", "flax", "cv2", "torchvision"}
    | {"pytorch_lightning", "lightning", "optuna", "joblib", "nltk", "spacy", "gensim", "fastai", "tensorboard"}
)
_MOST_SHOWN = 90
_BARE = 2


class Admitted(msgspec.Struct, frozen=True, array_like=True):
    """A comment. ``line`` counts in the file, for git; in a notebook it is 0.

    ``about_models``: whether it, or its file, says that it is about data or models.
    """

    spot: Spot
    symbol: str
    text: str
    line: int
    about_models: bool


def collect(module: Module) -> Iterator[Admitted]:
    """The comments of one file that admit debt."""
    if module.role not in ("source", "notebook") or not any(
        _admits(found[0].lstrip("# ")) for found in _HASH.finditer(module.source)
    ):
        return  # before what costs more: telling comments from texts
    last = -1
    about_models = _is_about_models(module)
    for comment in module.comments:
        text = comment.text
        if not _admits(text):
            continue
        marked = _TAGS.search(text) is not None
        if not _ABOUT.search(text) and not marked and (not about_models or _is_bare(module, comment.line, text)):
            continue
        goes_on = comment.own_line and last == comment.line - 1 and _BEGINS.match(text) is None
        last = comment.line if comment.own_line else -1
        if goes_on:
            continue
        symbol = module.function_at(comment.line).qualname
        line = 0 if module.notebook is not None else comment.line
        yield Admitted(module.spot(comment.line), symbol, text, line, about_models or _ABOUT.search(text) is not None)


def _admits(text: str) -> bool:
    lower = text.lower()
    if not any(word in lower for word in _WORDS):
        return False
    return (_TAGS.search(text) or _PHRASES.search(text)) is not None and _TEMPLATE.search(text) is None


def _is_bare(module: Module, line: int, text: str) -> bool:
    """Whether a comment only says that something is a workaround, behind code that has nothing to do with models."""
    if len(text.split()) > _BARE:
        return False
    return _ABOUT.search(module.lines[line - 1]) is None


def _is_about_models(module: Module) -> bool:
    """Whether the file works with data or models."""
    return any(name.partition(".")[0] in _MACHINERY for name in module.names.imported.values()) or any(
        call.kinds for call in module.calls
    )


@project_rule("COD205", "admitted-debt", severity="low", minutes=30, evidence="SP", preview=False, collect=collect)
def check(project: Project) -> Iterator[Found]:
    first: dict[tuple[str, str], Admitted] = {}
    trains = any("trains" in call.kinds for place in project.places() for call in place.function.calls)
    for file, item in project.extras("COD205"):
        admitted = msgspec.convert(item, Admitted)
        if admitted.about_models or trains:
            first.setdefault((file.path, _normal(admitted.text)), admitted)
    ages = _ages(project, first.values())
    for (_, normal), each in first.items():
        age = ages.get((each.spot.path, each.line), 0)
        old = age >= project.limit("COD205", DAYS)
        told = f", unchanged for {age} days" if old else ""
        yield Found(
            each.spot,
            f"the code admits debt{told}: '{_short(each.text)}'. Mend it, or open an issue and name it here",
            each.symbol,
            normal,
            "medium" if old else None,
        )


def _ages(project: Project, found: Iterable[Admitted]) -> dict[tuple[str, int], int]:
    """For how many days nobody has changed the lines; only git knows."""
    if project.tracked is None:
        return {}
    lines: dict[str, list[int]] = {}
    for each in found:
        if each.line and each.spot.path in project.tracked:
            lines.setdefault(each.spot.path, []).append(each.line)
    return days_unchanged(project.root, lines, int(project.limit("COD205", DAYS)))


def _normal(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _short(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 3]}..."
