"""The same parameter has different values in two places that should agree.

## What it does
Finds three kinds of conflict: a module constant of the same name with another value in the code that trains and in
the code that predicts or serves (sizes, lengths, thresholds, classes ...); a key of a configuration file that the code
loads, whose default in the code (an argument parser, `config.get(key, default)`) is another; and splits of the same
data file with another seed or share in the program that evaluates.

## Why is this bad?
One of the two is wrong, and which one is used depends on the way that the program is started. A model that is served
with another window or image size than it was trained with answers, and answers wrongly. (Configuration debt, Sculley et
al. 2015: "it should be easy to see the difference between two configurations".)

## Example
```python
# train.py
IMAGE_SIZE = 224
# predict.py
IMAGE_SIZE = 256
```

## Use instead
```python
# settings.py
IMAGE_SIZE = 224
# train.py, predict.py
from settings import IMAGE_SIZE
```

## Limits
Defaults in signatures of functions are no conflict, nor are two training programs with different settings.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from solvent.debt.findings import Found, Spot
from solvent.debt.project.configuration import SUFFIXES, Key, configuration_paths, keys_of
from solvent.debt.project.project import Project
from solvent.debt.project.summary import FileSummary
from solvent.debt.rule import project_rule
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import argument, constant, keyword, text_of

Scalar = int | float | str | bool

_SHARED = re.compile(
    r"(^|_)(SIZE|WIDTH|HEIGHT|DIM|DIMS|SHAPE|LEN|LENGTH|WINDOW|LOOKBACK|HORIZON|STEPS|LAGS?|THRESHOLD|CUTOFF|CLASSES"
    r"|LABELS|FEATURES|COLUMNS|TARGET|CHANNELS|VOCAB|TOKENS|MEAN|STD|RATE|HIDDEN|LAYERS|N_MELS|N_MFCC|SR|FPS|HOP|N_FFT)(_|$)"
)
_NOT_SHARED = re.compile(
    r"BATCH|LEARNING|_LR|DROPOUT|TEST_SIZE|VAL|FONT|FIG|BUFFER|PAGE|CHUNK|CACHE|QUEUE|POOL|MAX_FILE|UPLOAD|DECAY|LIMIT"
)
_PARAMETER = re.compile(
    r"^(learning_?rate|lr|batch_?size|n?_?epochs|num_epochs|n_estimators|max_depth|num_leaves|test_size|val_size"
    r"|valid(ation)?_(size|split)|random_state|random_seed|seed|threshold|dropout(_rate)?|hidden_(size|dim|units)"
    r"|num_layers|n_layers|embedding_dim|max_len(gth)?|seq(uence)?_len(gth)?|window(_size)?|img_size|image_size"
    r"|num_classes|n_splits|weight_decay|momentum|patience|horizon|lookback|min_samples_\w+|subsample|gamma|alpha|top_k|n_components|n_clusters|k_folds)$"
)
_SPLIT = "sklearn.model_selection.train_test_split"
_LEARNS = frozenset({"trains", "fits_transform", "tunes"})
_ANSWERS = frozenset({"predicts", "loads_model", "serves"})


class Given(msgspec.Struct, frozen=True, array_like=True):
    """A value: ``kind`` is constant, default (of an argument or a key), split, or file (a name of one)."""

    kind: str
    name: str
    value: Scalar | list[Scalar]
    spot: Spot


class Conflict(NamedTuple):
    """What a file says, and the line that says it."""

    file: FileSummary
    given: Given


def collect(module: Module) -> Iterator[Given]:
    """Constants, defaults, splits and file names."""
    for statement in module.tree.body:
        if (
            isinstance(statement, ast.Assign)
            and len(statement.targets) == 1
            and isinstance(statement.targets[0], ast.Name)
        ):
            name = statement.targets[0].id
            value = _value(statement.value)
            once = len(module.own_code.given.get(name, ())) == 1
            if name.isupper() and value is not None and once:
                yield Given("constant", name, value, module.spot(statement))
    for node in module.of(ast.Constant):
        if (
            isinstance(node.value, str)
            and len(node.value) < _LONGEST
            and node.value.isprintable()
            and node.value.endswith((*SUFFIXES, ".csv", ".parquet"))
        ):
            yield Given("file", node.value.replace("\\", "/").rpartition("/")[2], "", module.spot(node))
    for call in module.calls:
        if call.name == _SPLIT:
            for name in ("random_state", "test_size"):
                value = _value(keyword(call.node, name))
                if value is not None:
                    yield Given("split", name, value, module.spot(call.node))
        elif call.method in ("add_argument", "option", "get"):
            yield from _default(module, call.node, call.method)


_LONGEST = 120


def _default(module: Module, node: ast.Call, method: str) -> Iterator[Given]:
    """The default that an argument parser, or an access to a key, falls back to."""
    if method == "get":
        names, default = node.args[:1], argument(node, 1, "default")
    else:
        names, default = node.args, keyword(node, "default")
    value = _value(default)
    for each in names:
        name = (text_of(each) or "").lstrip("-").replace("-", "_")
        if value is not None and _PARAMETER.match(name):
            yield Given("default", name, value, module.spot(node))
            return


def _value(node: ast.AST | None) -> Scalar | list[Scalar] | None:
    if isinstance(node, ast.Tuple | ast.List) and 0 < len(node.elts) <= _MOST_ITEMS:
        values = [constant(each) for each in node.elts]
        return values if all(_is_scalar(each) for each in values) else None
    value = constant(node)
    return value if _is_scalar(value) and value != "" else None


def _is_scalar(value: object) -> bool:
    """Whether a value can be kept: texts with lone surrogates can't, nor can integers beyond 64 bits."""
    if isinstance(value, str):
        return value.isprintable()
    return isinstance(value, float) or (isinstance(value, int) and abs(value) < _LARGEST)


_LARGEST = 1 << 63


_MOST_ITEMS = 40


@project_rule("CFG104", "conflicting-values", severity="high", minutes=20, evidence="P", collect=collect)
def check(project: Project) -> Iterator[Found]:
    by_kind: dict[str, list[Conflict]] = {}
    for file, item in project.extras("CFG104"):
        given = msgspec.convert(item, Given)
        by_kind.setdefault(given.kind, []).append(Conflict(file, given))
    files = by_kind.get("file", [])
    yield from _constants(by_kind.get("constant", []))
    yield from _defaults(project, by_kind.get("default", []), {each.given.name for each in files})
    yield from _splits(by_kind.get("split", []), files)


def _constants(constants: Iterable[Conflict]) -> Iterator[Found]:
    """Constants of code that answers, with another value than in the code beside it that learns."""
    by_name: dict[str, list[Conflict]] = {}
    for each in constants:
        if _SHARED.search(each.given.name) and not _NOT_SHARED.search(each.given.name):
            by_name.setdefault(each.given.name, []).append(each)
    for name, places in by_name.items():
        learning = [each for each in places if _does(each.file, _LEARNS)]
        answering = [each for each in places if not _does(each.file, _LEARNS) and _does(each.file, _ANSWERS)]
        values = {repr(each.given.value) for each in learning}
        if len(values) != 1:
            continue
        for each in answering:
            other = learning[0]
            if each.given.value != other.given.value and _together(each.file, other.file):
                yield _found(
                    each,
                    f"{name} is {_shown(each.given.value)} here and {_shown(other.given.value)} in {other.file.path}, which trains",
                )


def _does(file: FileSummary, kinds: frozenset[str]) -> bool:
    return any(not kinds.isdisjoint(call.kinds) for function in file.functions for call in function.calls)


def _together(one: FileSummary, other: FileSummary) -> bool:
    """Whether two files are of one program: the same folder, or folders beside each other below the same top."""
    first, second = one.path.split("/")[:-1], other.path.split("/")[:-1]
    return first == second or (first[:1] == second[:1] and abs(len(first) - len(second)) <= 1) or not (first and second)


def _defaults(project: Project, defaults: Iterable[Conflict], named: set[str]) -> Iterator[Found]:
    """Defaults in the code that differ from the configuration that it loads."""
    said: dict[str, list[tuple[str, Key]]] = {}
    for path in configuration_paths(project):
        if path.rpartition("/")[2] in named:
            for key in keys_of(path, project.text(path) or ""):
                if not key.is_mapping and _PARAMETER.match(key.path[-1]):
                    said.setdefault(key.path[-1], []).append((path, key))
    for each in defaults:
        found = said.get(each.given.name, [])
        values = {repr(key.value) for _, key in found}
        if len(values) != 1 or not isinstance(found[0][1].value, int | float):
            continue
        path, key = found[0]
        if (
            isinstance(each.given.value, int | float)
            and each.given.value != key.value
            and _uses_configuration(each.file, path, project)
        ):
            yield _found(
                each,
                f"{each.given.name} defaults to {_shown(each.given.value)} here and is {key.value} in {path} line {key.line}",
            )


def _uses_configuration(file: FileSummary, path: str, project: Project) -> bool:
    """Whether a file, or something that it reaches, names the configuration file."""
    name = path.rpartition("/")[2]
    loading = {other.path for other, item in project.extras("CFG104") if item[0] == "file" and item[1] == name}
    if file.path in loading:
        return True
    own = project.functions.get((file.path, "<module>"))
    return own is not None and any(place.file.path in loading for place in project.reach(own).values())


def _splits(splits: Iterable[Conflict], files: Iterable[Conflict]) -> Iterator[Found]:
    """Programs that load a model and split the data of its training in another way."""
    data: dict[str, set[str]] = {}
    for each in files:
        if not each.given.name.endswith(SUFFIXES):
            data.setdefault(each.file.path, set()).add(each.given.name)
    splits = list(splits)
    learning = [each for each in splits if _does(each.file, frozenset({"trains"}))]
    for each in splits:
        if _does(each.file, frozenset({"trains"})) or not _does(each.file, frozenset({"loads_model"})):
            continue
        for other in learning:
            same = data.get(each.file.path, set()) & data.get(other.file.path, set())
            if each.given.name == other.given.name and each.given.value != other.given.value and same:
                yield _found(
                    each,
                    f"{each.given.name}={_shown(each.given.value)} splits {min(same)} in another way than {other.file.path} ({_shown(other.given.value)}): test rows were trained on",
                )
                break


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _found(place: Conflict, message: str) -> Found:
    return Found(place.given.spot, message, "", place.given.name)
