"""The features of a project's folder, read from its files; nothing of it is run."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import msgspec

from solvent.data.features.columns import CONTRACTS, contract_columns
from solvent.data.features.definition import parse
from solvent.data.features.errors import InvalidFeatures
from solvent.data.features.model import Feature, Problem
from solvent.data.features.scan import features_in
from solvent.data.features.yaml_file import FILES, read_features
from solvent.debt.sources.discover import list_files
from solvent.debt.sources.errors import Unreadable
from solvent.debt.sources.notebook import Notebook, read_notebook
from solvent.debt.sources.read import decode, read_file
from solvent.debt.sources.roles import role_of

_ROLES = ("source", "notebook", "example")
_MARK = b"solvent"
"""A file without this word declares no feature."""


class Catalogue(NamedTuple):
    """``raw`` are the columns of the ``contracts``, None without any. ``unread`` are files that could not be read."""

    features: list[Feature]
    contracts: list[str]
    raw: frozenset[str] | None
    unread: list[Problem]


def read_catalogue(folder: Path, contracts: Iterable[Path] = ()) -> Catalogue:
    """All features of a folder, by file and line.

    Args:
        contracts: those that hold; without any, all ``*.odcs.yaml`` of the folder.

    Raises:
        InvalidContract: a contract can't be read.
    """
    paths = list_files(folder).paths
    features: list[Feature] = []
    unread: list[Problem] = []
    for path in paths:
        try:
            features += _features_of(folder, path)
        except (Unreadable, InvalidFeatures) as error:
            unread.append(Problem("invalid-file", path, str(error), path))
    named = list(contracts) or [folder / path for path in paths if path.endswith(CONTRACTS)]
    raw = frozenset[str]().union(*map(contract_columns, named)) if named else None
    return Catalogue(features, [str(path) for path in named], raw, unread)


def _features_of(folder: Path, path: str) -> list[Feature]:
    if path.rpartition("/")[2] in FILES:
        return read_features(folder, path)
    if not path.endswith((".py", ".pyw", ".ipynb")) or role_of(path) not in _ROLES:
        return []
    content = read_file(folder / path)
    if _MARK not in content:
        return []
    notebook = read_notebook(content) if path.endswith(".ipynb") else None
    if notebook is not None and notebook.language != "python":
        return []
    source = notebook.source if notebook else decode(content)
    try:
        tree = parse(source)
    except SyntaxError as error:
        raise Unreadable(f"not Python 3: {error.msg} on line {error.lineno}") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise Unreadable(f"not readable as Python: {error or type(error).__name__}") from None
    found = features_in(path, tree, source)
    return [_in_cell(feature, notebook) for feature in found] if notebook else found


def _in_cell(feature: Feature, notebook: Notebook) -> Feature:
    """The feature with its line counted within its cell."""
    cell, first = notebook.cell_at(feature.line)
    return msgspec.structs.replace(feature, cell=cell, line=feature.line - first + 1)
