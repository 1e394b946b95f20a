"""A function or a module that nothing uses: no entry point leads to it, and nobody reads its name.

## What it does
Finds functions and methods whose name is read nowhere in the project, neither in code nor in configuration, and, in
projects that are not distributed as a package, modules that no program imports.

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
A library's public functions are for its users: of a project that is distributed as a package, public functions are
judged in scripts, and in what a training or serving program of it reaches if its packages offer nothing: their
`__init__` is empty and no text shows an import. Of classes only private methods are judged. What a framework calls is
used: functions with decorators that may register them, methods of classes that inherit, tests, hooks by name
(`lambda_handler`, `model_fn`), names in `__all__` and in configuration files, and names like those that are put
together for `getattr`. A file that has a function of the same name, and imports not this one, means its own.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import msgspec

from solvent.debt.findings import Found, Spot
from solvent.debt.project.project import Place, Project
from solvent.debt.project.summary import FileSummary, FunctionSummary
from solvent.debt.project.work import reached_work
from solvent.debt.rule import project_rule
from solvent.debt.sources.roles import ROLES
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import text_of

_WORD = re.compile(r"[A-Za-z_]\w*")
_LONGEST = 200
_SHORTEST_END = 2
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
        "create_pipeline",
        "register_pipelines",
    }
)
_HOOK = re.compile(r"(on_|test|pytest_|setUp|tearDown|handle_|_load_pyfunc$|_more_tags$|_repr_|_ipython_|_jupyter_)")
_FILES = re.compile(
    r"(^|/)(setup|manage|wsgi|asgi|settings|urls|admin|apps|noxfile|fabfile|tasks|conf|gunicorn[._]conf|locustfile|"
    r"hubconf|__main__|conftest|version|__version__|handler|lambda_function|score|env|dodo|sitecustomize|_version)\.py$"
    r"|(^|/)(migrations|pages|dags|plugins|management|alembic|hooks|functions|lambdas)/"
)
_WRAPPERS = frozenset(
    {"contextlib.contextmanager", "contextlib.asynccontextmanager", "staticmethod", "classmethod"}
    | {"functools.lru_cache", "functools.cache", "functools.wraps", "torch.no_grad", "torch.inference_mode"}
    | {"numba.jit", "numba.njit", "jax.jit", "tensorflow.function", "tenacity.retry"}
    | {"streamlit.cache_data", "streamlit.cache_resource", "streamlit.cache"}
)
"""Decorators that change how a function is called, and call it not."""
_TEXTS = re.compile(r"\.(md|rst|txt|ipynb)$|(^|/)PKG-INFO$", re.IGNORECASE)
_WORK = ("trains", "tunes", "predicts", "serves", "writes_data", "saves_model")
_NO_OFFER = ("importlib.metadata", "pkg_resources", "logging", "warnings", "os", "sys", "pathlib", "__future__")
"""What a package may import and offer nothing by it."""


class Mentioned(msgspec.Struct, frozen=True, array_like=True):
    """What of a file the summary does not hold: names in text, classes that inherit, and dynamic access.

    ``ends`` are beginnings and ends of names that are put together: ``getattr(self, f"_load_{kind}")``.
    """

    words: list[str]
    inheriting: list[str]
    dynamic: bool
    ends: list[str]


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
    ends = {end for call in module.calls if call.name in _BY_NAME for end in _ends(call.node)}
    yield Mentioned(sorted(words), sorted({*bases, *decorated}), dynamic, sorted(ends))


def _ends(call: ast.Call) -> Iterator[str]:
    """What stays the same of a name that is put together for ``getattr``: ``_load_*``, ``*_reader``."""
    for node in call.args[1:2]:
        parts: list[ast.expr] = []
        if isinstance(node, ast.JoinedStr):
            parts = node.values
        elif isinstance(node, ast.BinOp):
            parts = [node.left, node.right]
        for pattern, part in (("{}*", parts[:1]), ("*{}", parts[-1:])):
            text = text_of(part[0]) if part else None
            if text is not None and len(text) > _SHORTEST_END and text.isidentifier():
                yield pattern.format(text)


def _may_name(text: str) -> bool:
    """Whether a text may name something that is called, rather than be prose."""
    return " " not in text or "(" in text or "," in text


def _is_plain(base: ast.expr) -> bool:
    return isinstance(base, ast.Name) and base.id == "object"


_BY_NAME = frozenset({"getattr", "hasattr", "operator.methodcaller", "operator.attrgetter"})
_DYNAMIC = frozenset({"globals", "fire.Fire", "locals", "vars", "inspect.getmembers", "dir", "importlib.import_module"})


@project_rule("COD204", "unreachable", severity="low", minutes=15, evidence="F", preview=False, collect=collect)
def check(project: Project) -> Iterator[Found]:
    entries = {entry.place.file.path for entry in project.entries}
    mentioned = {f.path: msgspec.convert(item, Mentioned) for f, item in project.extras("COD204", *ROLES)}
    imported = {file.path: _imported_files(project, file) for file in project.files.values()}
    reached = _reached_files(entries | _others(project), imported)
    distributed = any(_packages(project, path) for path in project.paths)
    if distributed:
        scripts = entries - {path for paths in imported.values() for path in paths}
        judged = scripts | (_inside_applications(project) & _reached_files(_programs(project), imported))
    else:
        judged = reached if entries else set()
    uses = _Uses(project, mentioned, imported)
    dead = [place for place in _candidates(project, judged, mentioned) if not uses.of(place)]
    modules = [] if distributed or not entries else list(_modules(project, reached, uses.names))
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


class _Uses:
    """Who may mean what by a name."""

    def __init__(self, project: Project, mentioned: dict[str, Mentioned], imported: dict[str, set[str]]) -> None:
        self._imported = imported
        self._read: dict[str, set[str]] = {}
        self._own: dict[str, set[str]] = {}
        ends = {end for each in mentioned.values() for end in each.ends}
        self._beginnings = tuple(end[:-1] for end in ends if end.endswith("*"))
        self._endings = tuple(end[1:] for end in ends if end.startswith("*"))
        for file in project.files.values():
            for name in {*file.names, *_last_names(file), *mentioned[file.path].words}:
                self._read.setdefault(name, set()).add(file.path)
            for function in file.functions:
                self._own.setdefault(function.qualname, set()).add(file.path)
        self.names = set(self._read)

    def of(self, place: Place) -> bool:
        """Whether anybody reads a function's name, and may mean this one.

        A file that has a function of that name and does not import this one's file means its own.
        """
        name, path = _own_name(place), place.file.path
        if name.startswith(self._beginnings) or name.endswith(self._endings):
            return True
        readers = self._read.get(name, set())
        if place.function.class_name is not None:
            return bool(readers)
        own = self._own[name] - {path}
        return any(reader not in own or path in self._imported[reader] for reader in readers)


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


def _others(project: Project) -> set[str]:
    return {file.path for file in project.of_roles(("test", "docs", "example"))}


def _reached_files(starts: set[str], imported: dict[str, set[str]]) -> set[str]:
    """Files that these import, over however many steps, and they themselves."""
    todo = list(starts)
    seen = set(todo)
    while todo:
        more = imported[todo.pop()] - seen
        seen |= more
        todo += more
    return seen


def _programs(project: Project) -> set[str]:
    """Scripts with a guard and commands that train, predict or write data; a notebook may only show a library."""
    return {
        entry.place.file.path
        for entry in project.entries
        if (entry.kind == "command" or (entry.kind == "script" and entry.place.file.main_guard))
        and reached_work(project, entry.place, *_WORK)
    }


def _inside_applications(project: Project) -> set[str]:
    """Files of packages that offer nothing to others: their ``__init__`` is empty, and no text shows an import."""
    offering = {file.name for file in project.files.values() if file.is_package and _offers(file)}
    texts = "\n".join(project.text(path) or "" for path in project.paths if _TEXTS.search(path))
    found = set()
    for file in project.of_roles(("source",)):
        packages = _packages_around(file)
        if packages and offering.isdisjoint(packages):
            top = re.escape(packages[0].removeprefix("src."))
            if re.search(rf"\b(from|import)\s+{top}\b", texts) is None:
                found.add(file.path)
    return found


def _offers(file: FileSummary) -> bool:
    return len(file.functions) > 1 or any(not name.startswith(_NO_OFFER) for name in file.imports)


def _packages_around(file: FileSummary) -> list[str]:
    parts = file.name.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts))]


def _candidates(project: Project, judged: set[str], mentioned: dict[str, Mentioned]) -> Iterator[Place]:
    """Functions that are dead if nobody reads their name: all of the judged files, private ones of the others."""
    for file in project.of_roles(("source", "notebook")):
        told = mentioned.get(file.path)
        if told is None or told.dynamic or _FILES.search(f"/{file.path}"):
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
    if not all(decorator in _WRAPPERS for decorator in function.decorators):
        return True
    if name in _HOOKS or _HOOK.match(name) or (name.startswith("__") and name.endswith("__")):
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
