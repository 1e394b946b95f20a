"""A configuration key is defined and never read, or read and never defined.

## What it does
Looks at configuration files (YAML, TOML, JSON, INI) that the code loads by name. Finds keys whose name occurs nowhere
in the project, although keys beside them are read; and accesses like `config["train"]["epochs"]` to keys that the
loaded file doesn't have. Settings that are written in Python are keys too: options of an argument parser, constants
of a module that is named like a configuration, fields of dataclasses and pydantic models that are.

## Why is this bad?
Somebody changes the dead key and believes that the next run is another one. A key that is missing ends a long training
with a `KeyError`. (Configuration debt, Sculley et al. 2015: "it should be hard to make manual errors or omissions".)

## Example
```yaml
train:
  epochs: 10
  learning_rate: 0.1  # nothing reads it
```

## Use instead
```yaml
train:
  epochs: 10
```

## Limits
A mapping of which no key is read by name is taken to be handed on as a whole (`Model(**config["model"])`), and so is
one that is unpacked or looped over anywhere. Keys with a default (`config.get(...)`) are never missing. Options and
fields of what is turned into a dictionary (`vars(args)`) are read, unless that is only printed or logged.

## Fix
None, not even an unsafe one: of 28 findings on labelled projects 12 were right (see the bench), since other programs
and people read configuration too. A deleted key that something reads is a default that nobody has chosen.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import msgspec

from solvent.debt.findings import Found, Spot
from solvent.debt.practice.settings_in_code import Setting, Told, settings_in_code, texts_read, used_whole
from solvent.debt.project.configuration import SUFFIXES, Key, configuration_paths, keys_of
from solvent.debt.project.project import Place, Project
from solvent.debt.project.unread_settings import imported, unread_settings
from solvent.debt.rule import project_rule
from solvent.debt.sources.roles import ROLES
from solvent.debt.syntax.functions import Function
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import ancestors, text_of

_WORD = re.compile(r"[A-Za-z_][\w-]*")
_LOADS = frozenset({"safe_load", "load", "full_load", "unsafe_load", "load_config"})
_LOADERS = ("yaml.", "json.", "toml.", "tomllib.", "tomli.", "omegaconf.", "ruamel.", "hjson.", "pytoml.")
_READ_TOO = re.compile(
    r"(\.(sh|ya?ml|toml|json|ini|cfg|bat|ps1|jsonnet|js|ts|html|j2|R|scala|tf|env)|Makefile|Dockerfile[\w.]*|MLproject|Procfile|justfile)$"
)
_SETTINGS = re.compile(r"conf|cfg|param|setting|load|read|opts|options|yaml|json|toml", re.IGNORECASE)
_TOLD = (".yaml", ".yml", ".toml", ".ini")
_ALL = frozenset({"items", "values", "keys", "copy", "to_container", "instantiate", "update", "dict"})
_LONGEST = 80
_MOST_FILES = 200
_ROUTING = frozenset(
    {"_target_", "defaults", "_partial_", "_convert_", "hydra", "version", "_base_", "formatters", "handlers"}
)


class Read(msgspec.Struct, frozen=True, array_like=True):
    """What a file reads. ``words`` are all names in it; ``files`` configuration files that it names; ``whole`` the
    keys or variables that it unpacks or loops over; ``loads`` that it loads one whose name it is told."""

    words: list[str]
    files: list[str]
    whole: list[str]
    loads: bool


class Access(msgspec.Struct, frozen=True, array_like=True):
    """``keys`` empty: the function loads and returns ``file``. Else keys of what ``file`` (or ``source``, a function) gave."""

    qualname: str
    file: str
    source: str
    keys: list[str]
    spot: Spot


def collect(module: Module) -> Iterator[tuple[str, Read | Access | Told | Setting]]:
    """All words of a file, its accesses to what it loads, and settings that it defines."""
    yield "told", Told(sorted(set(texts_read(module))), sorted(set(used_whole(module))))
    if module.role in ("source", "notebook"):
        yield from (("setting", each) for each in settings_in_code(module))
    words: set[str] = set()
    files: set[str] = set()
    for node in module.of(ast.Constant):
        text = node.value
        if not isinstance(text, str) or len(text) > _LONGEST or not text.isprintable():
            continue
        if text.endswith(SUFFIXES):
            files.add(text.replace("\\", "/").rpartition("/")[2])
        words.update(_WORD.findall(text))
    for call in module.of(ast.Call):
        words.update(each.arg for each in call.keywords if each.arg)
    for function in module.functions:
        words.update(function.parameters)
        words.update(function.given)
    for field in module.of(ast.AnnAssign):
        if isinstance(field.target, ast.Name):
            words.add(field.target.id)
    yield "read", Read(sorted(words), sorted(files), sorted(set(_whole(module))), _loads_any(module))
    if files or any(word in module.source for word in ("config", "param", "setting", "cfg")):
        yield from (("access", each) for each in _accesses(module))


def _loads_any(module: Module) -> bool:
    """Whether a file reads configuration, and not from a place that it names itself."""
    return module.role == "source" and any(
        call.method in _LOADS and call.name.startswith(_LOADERS) and not call.name.startswith("json.")
        for call in module.calls
    )


def _whole(module: Module) -> Iterator[str]:
    """The last key or the variable of all that is unpacked, looped over, copied or searched."""
    for call in module.calls:
        for each in call.node.keywords:
            if each.arg is None:
                yield from _last_keys(each.value, call.function)
        named = call.node.args and text_of(call.node.args[0]) is not None
        if (call.method == "get" and not named) or call.method in _ALL:
            for node in [call.receiver, *call.node.args]:
                if node is not None:
                    yield from _last_keys(node, call.function)
    for item in module.of(ast.Subscript):
        if not isinstance(item.slice, ast.Constant | ast.Slice | ast.Tuple) and isinstance(
            item.value, ast.Subscript | ast.Attribute
        ):
            yield from _last_keys(item.value, module.own_code)
    for node in module.of(ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                yield from _last_keys(value, module.own_code)


def _last_keys(node: ast.expr, function: Function) -> Iterator[str]:
    if isinstance(node, ast.Subscript) and (text := text_of(node.slice)) is not None:
        yield text.encode(errors="replace").decode()
    elif isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.Call) and node.args and (text := text_of(node.args[0])) is not None:
        yield text.encode(errors="replace").decode()
    elif isinstance(node, ast.Name):
        yield node.id
        for value in function.given.get(node.id, ()):
            if not isinstance(value, ast.Name):
                yield from _last_keys(value, function)


def _accesses(module: Module) -> Iterator[Access]:
    """Functions that return what they load, and keys that are read of what was loaded."""
    loaded: dict[tuple[int, str], tuple[str, str]] = {}
    for function in module.functions:
        for name, values in function.given.items():
            if (
                len(values) == 1
                and isinstance(values[0], ast.Call)
                and (source := _source(module, values[0], function))
            ):
                loaded[id(function), name] = source
    functions = {id(function.node): function for function in module.functions[1:]}
    for returning in module.of(ast.Return):
        holder = _function_of(returning, functions)
        file = _returned(module, holder, returning.value, loaded) if holder is not None else ""
        if holder is not None and file:
            yield Access(holder.qualname, file, "", [], module.spot(holder.line))
    if not loaded:
        return
    for node in module.of(ast.Subscript):
        if isinstance(getattr(node, "parent", None), ast.Subscript) and node.parent.value is node:  # type: ignore[attr-defined]
            continue
        found = _chain(node)
        if found is None:
            continue
        name, keys = found
        function = module.function_at(node.lineno)
        scope: Function | None = function
        while scope is not None and name not in scope.given and name not in scope.parameters:
            scope = scope.outer
        source = loaded.get((id(scope), name)) if scope is not None else None
        if source is not None and not _guarded(node):
            yield Access(function.qualname, source[0], source[1], keys, module.spot(node))
            if not isinstance(node.ctx, ast.Load):
                yield Access(function.qualname, source[0], source[1], ["=", *keys], module.spot(node))


def _source(module: Module, node: ast.Call, function: Function) -> tuple[str, str] | None:
    """The file that a call loads, or the function that may load it."""
    call = module.call_of(node)
    if call.method in _LOADS and call.name.startswith(_LOADERS):
        file = _file_near(module, function, node)
        return (file, "") if file else None
    if call.name.startswith("?") or "." not in call.name or not _SETTINGS.search(call.method):
        return None
    return "", call.name


def _file_near(module: Module, function: Function, node: ast.Call) -> str:
    """The only configuration file that a function, or the constants that it uses, can name."""
    within = [function.node] if function.outer is not None else list(_with_around(node))
    found: set[str] = set()
    for each in within:
        for below in ast.walk(each):
            text = text_of(below)
            if text is None and isinstance(below, ast.Name):
                given = module.own_code.given.get(below.id, ())
                texts = [t for value in given for sub in ast.walk(value) if (t := text_of(sub)) is not None]
                text = next((t for t in texts if t.endswith(SUFFIXES)), None)
            if text is not None and text.endswith(SUFFIXES) and text.isprintable():
                found.add(text.replace("\\", "/").rpartition("/")[2])
    return found.pop() if len(found) == 1 else ""


def _with_around(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for each in ancestors(node):
        if isinstance(each, ast.With):
            yield each


def _returned(
    module: Module, function: Function, node: ast.expr | None, loaded: dict[tuple[int, str], tuple[str, str]]
) -> str:
    """The file whose content a function returns."""
    if isinstance(node, ast.Call):
        source = _source(module, node, function)
        return source[0] if source else ""
    return loaded.get((id(function), node.id), ("", ""))[0] if isinstance(node, ast.Name) else ""


def _function_of(node: ast.AST, functions: dict[int, Function]) -> Function | None:
    return next((functions[id(each)] for each in ancestors(node) if id(each) in functions), None)


def _chain(node: ast.expr) -> tuple[str, list[str]] | None:
    """``config["a"]["b"]`` as its variable and its keys."""
    keys: list[str] = []
    while isinstance(node, ast.Subscript):
        text = text_of(node.slice)
        if text is None:
            keys = []
        else:
            keys.insert(0, text)
        node = node.value
    plain = keys and all(key.isprintable() for key in keys)
    return (node.id, keys) if isinstance(node, ast.Name) and plain else None


def _guarded(node: ast.AST) -> bool:
    """Whether what is missing is expected: in a try, or under a test for the key."""
    for each in ancestors(node):
        if isinstance(each, ast.Try) and each.handlers:
            return True
        if isinstance(each, ast.If | ast.IfExp) and any(
            isinstance(c, ast.Compare) and isinstance(c.ops[0], ast.In | ast.NotIn) for c in ast.walk(each.test)
        ):
            return True
    return False


@project_rule("CFG108", "unused-config-key", severity="medium", minutes=10, evidence="P", collect=collect)
def check(project: Project) -> Iterator[Found]:
    settings = [
        (file, msgspec.convert(item, Setting)) for file, (kind, item) in project.extras("CFG108") if kind == "setting"
    ]
    told = [msgspec.convert(item, Told) for _, (kind, item) in project.extras("CFG108", *ROLES) if kind == "told"]
    for setting in unread_settings(project, settings, told):
        said = f"option {setting.group}" if setting.kind == "option" else f"{setting.kind} {setting.name}"
        symbol = setting.group if setting.kind == "field" else "<module>"
        yield Found(setting.spot, f"nothing reads the {said}: delete it, or use it", symbol, setting.name)
    paths = configuration_paths(project)
    if not paths:
        return
    reads = [msgspec.convert(item, Read) for _, (kind, item) in project.extras("CFG108", *ROLES) if kind == "read"]
    named = {name for read in reads for name in read.files}
    by_name: dict[str, list[str]] = {}
    for path in paths:
        by_name.setdefault(path.rpartition("/")[2], []).append(path)
    files = {name: found[0] for name, found in by_name.items() if name in named and len(found) == 1}
    keys = {name: keys_of(path, project.text(path) or "") for name, path in files.items()}
    others = [path for path in paths if path not in files.values() and path.endswith(_TOLD)][:_MOST_FILES]
    if not any(read.loads for read in reads) or "hydra" in {name.partition(".")[0] for name in imported(project)}:
        others = []
    words = {word for read in reads for word in read.words}
    words.update(name for file in project.files.values() for name in file.names)
    whole = {name for read in reads for name in read.whole}
    for name, path in files.items():
        yield from _never_read(path, keys[name], words | _words_of_others(project, path, set()), whole)
    for path in others:
        alike = set(by_name[path.rpartition("/")[2]])
        read = words | _words_of_others(project, path, alike)
        yield from _never_read(path, keys_of(path, project.text(path) or ""), read, whole)
    yield from _never_defined(project, files, keys)


def _words_of_others(project: Project, path: str, alike: set[str]) -> set[str]:
    """The words of scripts and other configuration, and of the values of this one.

    A file of the same name elsewhere (``alike``) is this one for another run: that it has the key too reads nothing.
    """
    others = [each for each in project.paths if _READ_TOO.search(each) and each != path and each not in alike]
    words = {word for each in others[:_MOST_FILES] for word in _WORD.findall((project.text(each) or "")[:_MOST_TEXT])}
    for line in (project.text(path) or "").splitlines():
        if "{" in line or "$" in line or "*" in line:
            words.update(_WORD.findall(line.partition(":")[2]))
    return words


_MOST_TEXT = 100_000


def _never_read(path: str, keys: list[Key], words: set[str], whole: set[str]) -> Iterator[Found]:
    beside: dict[tuple[str, ...], list[Key]] = {}
    for key in keys:
        beside.setdefault(key.path[:-1], []).append(key)
    unread: set[tuple[str, ...]] = set()
    for parent, siblings in beside.items():
        if parent in unread or any(parent[:end] in unread for end in range(len(parent))):
            continue
        names = {key.path[-1] for key in siblings}
        if not names.isdisjoint(_ROUTING) or not whole.isdisjoint(parent):
            continue
        known = {name for name in names if _is_known(name, words)}
        if 2 * len(known) < len(names) or not known:
            continue
        for key in siblings:
            name = key.path[-1]
            if name in known or name.startswith(("_", ".", "x-")) or not _WORD.fullmatch(name):
                continue
            if key.is_mapping and any(
                _is_known(other.path[-1], words)
                for other in keys
                if other.path[: len(key.path)] == key.path and other != key
            ):
                continue
            unread.add(key.path)
            dotted = ".".join(key.path)
            yield Found(
                Spot(path, key.line, 1, key.line), f"nothing reads '{dotted}': delete it, or use it", "", dotted
            )


def _is_known(name: str, words: set[str]) -> bool:
    return name in words or name.replace("-", "_") in words or name.lower() in words or name.upper() in words


def _never_defined(project: Project, files: dict[str, str], keys: dict[str, list[Key]]) -> Iterator[Found]:
    accesses: list[tuple[Place, Access]] = []
    returned: dict[tuple[str, str], str] = {}
    for file, (kind, item) in project.extras("CFG108"):
        if kind != "access":
            continue
        access = msgspec.convert(item, Access)
        place = project.functions.get((file.path, access.qualname))
        if place is None:
            continue
        if access.keys:
            accesses.append((place, access))
        else:
            returned[place.key] = access.file
    stored: set[tuple[str, tuple[str, ...]]] = set()
    resolved: list[tuple[Place, Access, str]] = []
    for place, access in accesses:
        name = access.file
        if not name:
            callee = project.callee(access.source, place.file)
            name = returned.get(callee.key, "") if callee is not None else ""
        if name not in files:
            continue
        if access.keys[0] == "=":
            stored.add((name, tuple(access.keys[1:])))
        else:
            resolved.append((place, access, name))
    for place, access, name in resolved:
        missing = _missing(access.keys, keys[name])
        if missing and not any(file == name and missing[: len(path)] == path for file, path in stored):
            dotted = ".".join(missing)
            yield place.found(access.spot, f"'{dotted}' is read and {files[name]} does not define it", subject=dotted)


def _missing(wanted: list[str], keys: list[Key]) -> tuple[str, ...]:
    """The beginning of a path of keys that a file does not have; empty if it has it, or can't be told."""
    known = {key.path: key for key in keys}
    for end in range(1, len(wanted) + 1):
        path = tuple(wanted[:end])
        if path not in known:
            return path
        if not known[path].is_mapping:
            return ()
    return ()
