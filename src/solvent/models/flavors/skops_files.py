"""skops files: objects as data, with a list of the types that may be made of them.

That list stands in the model's own MLmodel file, so whoever makes a model could name what runs code there. A file is
safe here only if all of its types are known to do nothing but hold data; everything else is treated as a pickle is.
Reference: skops.io, "Secure persistence with skops".
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from solvent.errors import InvalidInput
from solvent.models.errors import DependencyMissing, UnsafeModel
from solvent.models.flavors.skops_types import HARMLESS


def is_safe(trusted: object) -> bool:
    """Whether a file for which these types are trusted is read without running what it names."""
    return not trusted or (isinstance(trusted, list) and HARMLESS.issuperset(map(str, trusted)))


def dump(model: Any, path: Path, trusted: list[str] | None) -> list[str] | None:
    """Write a model and read it back.

    Returns:
        The types that have to be trusted when it is read; None if skops knows them all.

    Raises:
        InvalidInput: it has parts that skops can't hold, or types that ``trusted`` does not name.
        DependencyMissing: skops is not installed.
    """
    skops = _skops("save")
    try:
        skops.dump(model, path)
        asked = [str(name) for name in skops.get_untrusted_types(file=path)]
    except Exception as error:
        raise InvalidInput(
            f"skops can't hold this {type(model).__name__}: {error}. Functions and classes have to be importable;"
            " serialization_format='cloudpickle' holds more, but is unsafe to load"
        ) from error
    if unknown := [name for name in asked if name not in HARMLESS and name not in (trusted or [])]:
        raise InvalidInput(
            f"the model has parts of types that skops does not know: {', '.join(unknown)}. If making them runs"
            f" nothing harmful, pass trusted_types={unknown!r}; the file is then loaded as a pickle is, by its hash"
        )
    try:
        skops.load(path, trusted=asked)
    except Exception as error:
        raise InvalidInput(
            f"skops has written this {type(model).__name__} but can't read it: {error}."
            " serialization_format='cloudpickle' may hold it, but is unsafe to load"
        ) from error
    return asked or None


def load(path: Path, trusted: list[str] | None) -> Any:
    """
    Raises:
        UnsafeModel: the file holds a type that is not trusted.
        DependencyMissing: skops is not installed.
    """
    skops = _skops("load")
    from skops.io.exceptions import UntrustedTypesFoundException

    try:
        return skops.load(path, trusted=trusted or [])
    except UntrustedTypesFoundException as error:
        raise UnsafeModel(f"'{path.name}' holds types that its MLmodel file does not name: {error}") from error


def _skops(what: str) -> Any:
    try:
        import skops.io
    except ImportError as error:
        raise DependencyMissing(
            f"skops is not installed, which is needed to {what} this model: pip install skops"
        ) from error
    return skops.io
