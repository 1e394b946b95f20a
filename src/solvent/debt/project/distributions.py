"""Which distribution an imported module comes from, by a table of our own: nothing needs to be installed."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import NamedTuple

import msgspec

from solvent.debt.project.requirements import normal_name


class _Table(msgspec.Struct, forbid_unknown_fields=True):
    named_otherwise: dict[str, list[str]]
    named_alike: list[str]
    comes_with: dict[str, list[str]]


class Provided(NamedTuple):
    """``usual`` is the distribution to install for a module, ``any_of`` all that make it importable on purpose."""

    usual: str
    any_of: frozenset[str]


@cache
def _table() -> dict[str, Provided]:
    content = resources.files("solvent.debt.project").joinpath("distributions.yaml").read_bytes()
    table = msgspec.yaml.decode(content, type=_Table)
    named = {module: [normal_name(module)] for module in table.named_alike} | table.named_otherwise
    return {
        module: Provided(names[0], frozenset([*names, *table.comes_with.get(module, ())]))
        for module, names in named.items()
    }


def provided(module: str) -> Provided | None:
    """What provides a top-level module, or part of a namespace; None if the table does not know it."""
    return _table().get(module)


@cache
def namespaces() -> frozenset[str]:
    """Top-level modules that several distributions share, each with modules of its own below: ``azure``, ``google``."""
    return frozenset(module.partition(".")[0] for module in _table() if "." in module)


def known_module(name: str) -> str:
    """The part of a dotted name that says which distribution it comes from: ``azure.storage.blob``, ``pandas``."""
    top = name.partition(".")[0]
    if top not in namespaces():
        return top
    while "." in name and name not in _table():
        name = name.rpartition(".")[0]
    return name
