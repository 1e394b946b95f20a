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
    """What provides a top-level module; None if the table does not know it, as a project's own."""
    return _table().get(module)
