"""Settings that are written in Python: options of argument parsers, constants of configuration modules, fields."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import msgspec

from solvent.debt.findings import Spot
from solvent.debt.syntax.functions import Function
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import keyword, parent_of, text_of

_MODULE = re.compile(r"(^|/)(\w*_)?(config|configs|configuration|settings?|constants?|params|parameters|hparams)\.py$")
_CLASS = re.compile(
    r"(Config|Configuration|Settings|Params|Parameters|HParams|Hyperparameters|Options|Args|Arguments)$"
)
_FIELDS = frozenset({"BaseModel", "BaseSettings", "NamedTuple"})
_PLACE = re.compile(r"(^|_)((dir|directory|path|root|folder|home)s?(_|$)|files?$)", re.IGNORECASE)
"""Folders and files of a project's template: nobody believes that a run changes with one that is not used."""
_WORD = re.compile(r"[A-Za-z_]\w*")
_WHOLE = frozenset(
    {"vars", "asdict", "astuple", "dict", "model_dump", "fields", "to_dict", "deepcopy", "copy", "replace", "getattr"}
    | {"from_argparse_args", "initialize", "from_object", "dir", "json", "items", "keys", "to_container", "dumps"}
)
_RECORDS = frozenset({"print", "pprint", "info", "debug"})
_NO_OPTION = frozenset({"help", "version"})
_LAUNCHERS = frozenset({"local_rank", "node_rank", "f"})
"""Options that a launcher gives, so that a parser has to know them."""


class Setting(msgspec.Struct, frozen=True, array_like=True):
    """``kind`` is option, constant or field; ``group`` the class or the module that it is part of."""

    kind: str
    group: str
    name: str
    spot: Spot


class Told(msgspec.Struct, frozen=True, array_like=True):
    """``texts``: words by which settings that are written in Python may be read; ``whole``: what is read at once."""

    texts: list[str]
    whole: list[str]


def settings_in_code(module: Module) -> Iterator[Setting]:
    """All that a file defines."""
    if "add_argument" in module.source:
        yield from _options(module)
    if _MODULE.search(module.path):
        yield from _constants(module)
    for name, node in module.classes.items():
        if _CLASS.search(name) and _has_fields(module, node):
            for field in node.body:
                if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and _is_own(field):
                    yield Setting("field", name, field.target.id, module.spot(field))


def _options(module: Module) -> Iterator[Setting]:
    for call in module.calls:
        if call.method != "add_argument" or text_of(keyword(call.node, "action")) in _NO_OPTION:
            continue
        flags = [text for each in call.node.args if (text := text_of(each)) is not None]
        long = next((flag for flag in flags if flag.startswith("--")), "")
        name = text_of(keyword(call.node, "dest")) or long.lstrip("-").replace("-", "_")
        if long and name.isidentifier() and name not in _LAUNCHERS and _is_store(call.node):
            yield Setting("option", long, name, module.spot(call.node))


def _is_store(call: ast.Call) -> bool:
    action = text_of(keyword(call, "action"))
    return keyword(call, "action") is None or (action or "").startswith(("store", "append", "count"))


def _constants(module: Module) -> Iterator[Setting]:
    given = module.own_code.given
    for statement in module.tree.body:
        target = statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", None)
        if not isinstance(target, ast.Name) or not isinstance(statement, ast.Assign | ast.AnnAssign):
            continue
        name = target.id
        if (
            name.startswith("_")
            or _PLACE.search(name)
            or len(given.get(name, ())) != 1
            or isinstance(statement.value, ast.Lambda)
        ):
            continue
        yield Setting("constant", module.name, name, module.spot(statement))


def _has_fields(module: Module, node: ast.ClassDef) -> bool:
    bases = {module.names.of(base, module.own_code).rpartition(".")[2] for base in node.bases}
    decorated = any("dataclass" in ast.unparse(each) for each in node.decorator_list)
    return not bases.isdisjoint(_FIELDS) or (decorated and not bases)


def _is_own(field: ast.AnnAssign) -> bool:
    assert isinstance(field.target, ast.Name)
    marked = ast.unparse(field.annotation)
    name = field.target.id
    return not (name.startswith("_") or name == "model_config" or _PLACE.search(name) or "ClassVar" in marked)


def texts_read(module: Module) -> Iterator[str]:
    """The words of a file's texts, prose left out, by which a setting may be read: none that define or pass options."""
    for node in module.of(ast.Constant):
        text = node.value
        if not isinstance(text, str) or len(text) > _LONGEST or text.startswith("-") or not text.isprintable():
            continue
        above = parent_of(node)
        call = parent_of(above) if isinstance(above, ast.keyword) and above.arg in ("dest", "help") else above
        if isinstance(call, ast.Call) and module.call_of(call).method == "add_argument":
            continue
        if text.isidentifier():
            yield text
        elif " " not in text:
            yield from _WORD.findall(text)


_LONGEST = 80


def used_whole(module: Module) -> Iterator[str]:
    """The variables, attributes and classes whose fields are all read at once, in a way that names none of them."""
    for call in module.calls:
        node = call.node
        given = [*node.args, *(each.value for each in node.keywords)]
        if call.method in _WHOLE and not (call.method == "getattr" and _names_one(node)):
            above = parent_of(node)
            if isinstance(above, ast.keyword):
                above = parent_of(above)
            if isinstance(above, ast.Call) and _records(module, above):
                continue
            for each in [call.receiver, *given]:
                if each is not None:
                    yield from _meant(module, each, call.function)
        for keywords in node.keywords:
            if keywords.arg is None:
                yield from _meant(module, keywords.value, call.function)
    for attribute in module.of(ast.Attribute):
        if attribute.attr == "__dict__":
            yield from _meant(module, attribute.value, module.function_at(attribute.lineno))


def _meant(module: Module, node: ast.expr, function: Function) -> Iterator[str]:
    """The variable's own name, and those of the class or the function that it was made by."""
    if isinstance(node, ast.Call):
        node = node.func
    if not isinstance(node, ast.Name | ast.Attribute):
        return
    yield node.attr if isinstance(node, ast.Attribute) else node.id
    yield from (part for part in module.names.of(node, function).split(".")[-1:] if part != "?")
    scope: Function | None = function
    while isinstance(node, ast.Name) and scope is not None:
        for value in scope.given.get(node.id, ()):
            if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute | ast.Name):
                yield value.func.attr if isinstance(value.func, ast.Attribute) else value.func.id
        scope = scope.outer


def _names_one(call: ast.Call) -> bool:
    return len(call.args) > 1 and text_of(call.args[1]) is not None


def _records(module: Module, call: ast.Call) -> bool:
    known = module.call_of(call)
    return known.method in _RECORDS or not known.kinds.isdisjoint({"logs_param", "starts_run"})
