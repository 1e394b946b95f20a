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
    """``contracts`` are the files of the folder, which were not read. ``unread`` are files that could not be read."""

    features: list[Feature]
    contracts: list[Path]
    unread: list[Problem]


def read_catalogue(folder: Path) -> Catalogue:
    """All features of a folder, by file and line."""
    paths = list_files(folder).paths
    features: list[Feature] = []
    unread: list[Problem] = []
    for path in paths:
        try:
            features += _features_of(folder, path)
        except (Unreadable, InvalidFeatures) as error:
            unread.append(Problem("invalid-file", path, str(error), path))
    return Catalogue(features, [folder / path for path in paths if path.endswith(CONTRACTS)], unread)


def raw_columns(contracts: Iterable[Path]) -> frozenset[str] | None:
    """The columns of all contracts, None without any.

    Raises:
        InvalidContract: a contract can't be read.
        NotSupported: the extra [data] is not installed.
    """
    found = [contract_columns(path) for path in contracts]
    return frozenset[str]().union(*found) if found else None


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
