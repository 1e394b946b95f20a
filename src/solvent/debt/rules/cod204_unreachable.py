"""A function or a module that nothing uses: no entry point leads to it, and nobody reads its name.

## What it does
In applications (projects with scripts or notebooks that do work), finds functions and methods whose name is read
nowhere in the project, neither in code nor in configuration, and modules that no program imports.

## Why is this bad?
It is read, kept working and searched in vain. In machine learning it is often the former experiment, and looks as if
it were how the model was made. (Code debt; "dead experimental codepaths", Sculley et al. 2015.)

## Example
```python
def load_old_features(path):
    return pd.read_csv(path, sep=";")


data = load_features("data.parquet")
```

## Use instead
```python
data = load_features("data.parquet")
```

## Limits
A library's public functions are for its users: in a project that is distributed as a package, only scripts and
private functions are judged; and of classes only private methods. What a framework calls is used: decorated functions, methods of classes that inherit,
tests, hooks by name (`lambda_handler`, `model_fn`), names in `__all__` and in configuration files.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import msgspec

from solvent.debt.findings import Found, Spot
from solvent.debt.project.project import Place, Project
from solvent.debt.project.summary import FileSummary, FunctionSummary
from solvent.debt.rule import project_rule
from solvent.debt.sources.roles import ROLES
from solvent.debt.syntax.module import Module

_WORD = re.compile(r"[A-Za-z_]\w*")
_LONGEST = 200
_CONFIGURATION = (
    ".toml",
    ".cfg",
    ".ini",
    ".yaml",
    ".yml",
    ".json",
    ".sh",
    ".bat",
    ".ps1",
    ".tf",
    ".r",
    ".js",
    ".html",
    ".rst",
)
_NAMED_FILES = ("MLproject", "Dockerfile", "Makefile", "Procfile", "justfile", "Jenkinsfile", "dvc.yaml", "README.md")
_MAX_CONFIGURATION = 200_000
_MAX_FILES = 2_000
_HOOKS = frozenset(
    {"main", "run", "init", "app", "create_app", "make_app", "handler", "handle", "lambda_handler", "score", "setup"}
    | {"model_fn", "input_fn", "predict_fn", "output_fn", "transform_fn", "train_fn", "serving_input_fn", "register"}
    | {"load_context", "load_model", "predict", "preprocess", "postprocess", "inference", "execute", "configure", "cli"}
    | {
        "setup_module",
        "teardown_module",
        "upgrade",
        "downgrade",
        "ready",
        "get_model",
        "hubconf",
        "entrypoint",
        "start",
    }
)
_HOOK = re.compile(r"(on_|test|pytest_|setUp|tearDown|handle_)")
_FILES = re.compile(
    r"(^|/)(setup|manage|wsgi|asgi|settings|urls|admin|apps|noxfile|fabfile|tasks|conf|gunicorn[._]conf|locustfile|"
    r"hubconf|__main__|conftest|version|__version__|handler|lambda_function|score|env|dodo|sitecustomize|_version)\.py$"
    r"|(^|/)(migrations|pages|dags|plugins|management|alembic|hooks|routers|functions|lambdas|templates|scripts|bin)/"
)
_PACKAGED = ("setup.py", "setup.cfg", "pyproject.toml")


class Mentioned(msgspec.Struct, frozen=True, array_like=True):
    """What of a file the summary does not hold: names in text, classes that inherit, and dynamic access."""

    words: list[str]
    inheriting: list[str]
    dynamic: bool


def collect(module: Module) -> Iterator[Mentioned]:
    """The names that a file's texts hold, so that ``getattr(self, "train")`` is a use of ``train``."""
    words: set[str] = set()
    for node in module.of(ast.Constant):
        value = node.value
        if value.__class__ is str and 2 < len(value) <= _LONGEST and _may_name(value):
            words.update(_WORD.findall(value))
    bases = [name for name, node in module.classes.items() if any(not _is_plain(each) for each in node.bases)]
    decorated = [name for name, node in module.classes.items() if node.decorator_list or node.keywords]
    dynamic = any(call.name in _DYNAMIC for call in module.calls)
    yield Mentioned(sorted(words), sorted({*bases, *decorated}), dynamic)


def _may_name(text: str) -> bool:
    """Whether a text may name something that is called, rather than be prose."""
    return " " not in text or "(" in text or "," in text


def _is_plain(base: ast.expr) -> bool:
    return isinstance(base, ast.Name) and base.id == "object"


_DYNAMIC = frozenset({"globals", "fire.Fire", "locals", "vars", "inspect.getmembers", "dir", "importlib.import_module"})


@project_rule("COD204", "unreachable", severity="low", minutes=15, evidence="F", fix="unsafe", collect=collect)
def check(project: Project) -> Iterator[Found]:
    entries = {entry.place.file.path for entry in project.entries}
    if not entries:
        return
    mentioned = {f.path: msgspec.convert(item, Mentioned) for f, item in project.extras("COD204", *ROLES)}
    imported = {file.path: _imported_files(project, file) for file in project.files.values()}
    reached = _reached_files(project, entries, imported)
    distributed = any(_packages(project, path) for path in project.paths)
    scripts = entries - {path for paths in imported.values() for path in paths}
    read = {name for file in project.files.values() for name in (*file.names, *_last_names(file))}
    for each in mentioned.values():
        read.update(each.words)
    judged = scripts if distributed else reached
    dead = [place for place in _candidates(project, reached, judged, mentioned) if _own_name(place) not in read]
    modules = [] if distributed else list(_modules(project, reached, read))
    told = _configured(project) if dead or modules else set()
    for place in dead:
        if _own_name(place) not in told:
            name = place.function.qualname
            message = f"nothing uses {name}: no program leads to it. Delete it"
            yield place.found(place.function.spot, message, subject=f"def {name}")
    for file in modules:
        if file.name.rpartition(".")[2] not in told:
            message = f"no program imports {file.path}: delete it, or use it"
            yield Found(Spot(file.path), message, "", f"module {file.name}")


def _own_name(place: Place) -> str:
    return place.function.qualname.rpartition(".")[2]


def _packages(project: Project, path: str) -> bool:
    """Whether a file says that the project is made into a package."""
    name = path.rpartition("/")[2]
    if name == "setup.py":
        return True
    text = project.text(path) if name in ("setup.cfg", "pyproject.toml") else None
    return (
        text is not None
        and re.search(r"^\[(build-system|project|tool\.poetry|metadata)\]", text, re.MULTILINE) is not None
    )


def _last_names(file: FileSummary) -> Iterator[str]:
    return (imported.rpartition(".")[2] for imported in file.imports)


def _imported_files(project: Project, file: FileSummary) -> set[str]:
    """The files of the project that a file imports."""
    found = set()
    for imported in file.imports:
        parts = imported.split(".")
        for end in range(len(parts), 0, -1):
            other = project.module(".".join(parts[:end]), file)
            if other is not None and other is not file:
                found.add(other.path)
    return found


def _reached_files(project: Project, entries: set[str], imported: dict[str, set[str]]) -> set[str]:
    """Files that programs and tests import, over however many steps."""
    todo = [*entries, *(file.path for file in project.of_roles(("test", "docs", "example")))]
    seen = set(todo)
    while todo:
        more = imported[todo.pop()] - seen
        seen |= more
        todo += more
    return seen


def _candidates(
    project: Project, reached: set[str], judged: set[str], mentioned: dict[str, Mentioned]
) -> Iterator[Place]:
    """Functions that are dead if nobody reads their name: all of the judged files, private ones of the others."""
    for file in project.of_roles(("source", "notebook")):
        told = mentioned.get(file.path)
        if file.path not in reached or told is None or told.dynamic or _FILES.search(f"/{file.path}"):
            continue
        inner = {function.qualname for function in file.functions}
        for function in file.functions[1:]:
            name = function.qualname.rpartition(".")[2]
            public = not name.startswith("_") and (file.path not in judged or function.class_name is not None)
            if not public and not _is_root(function, name, told, inner):
                yield Place(file, function)


def _is_root(function: FunctionSummary, name: str, told: Mentioned, inner: set[str]) -> bool:
    """Whether others than the project's own code may call a function."""
    owner = function.qualname.rpartition(".")[0]
    if function.decorators or name in _HOOKS or _HOOK.match(name) or (name.startswith("__") and name.endswith("__")):
        return True
    if owner in inner:  # a nested function
        return True
    return function.class_name is not None and (function.class_name in told.inheriting or "." in function.class_name)


def _configured(project: Project) -> set[str]:
    """The words of files that are no Python and may name functions."""
    words: set[str] = set()
    paths = [p for p in project.paths if p.endswith(_CONFIGURATION) or p.rpartition("/")[2] in _NAMED_FILES]
    for path in paths[:_MAX_FILES]:
        try:
            small = (project.root / path).stat().st_size <= _MAX_CONFIGURATION
        except OSError:
            continue
        if small and (text := project.text(path)) is not None:
            words.update(_WORD.findall(text))
    return words


def _modules(project: Project, reached: set[str], read: set[str]) -> Iterator[FileSummary]:
    """Files that no program imports and that are none themselves: they only define."""
    for file in project.of_roles(("source",)):
        if file.path in reached or file.is_package or file.main_guard or _FILES.search(f"/{file.path}"):
            continue
        only_defines = len(file.functions) > 1 and not file.functions[0].calls
        used = any(function.decorators for function in file.functions)
        if only_defines and not used and file.name.rpartition(".")[2] not in read:
            yield file
