"""Whether the libraries here are those that a model was saved with."""

from __future__ import annotations

import platform
import re
import warnings
from importlib import metadata
from pathlib import Path
from typing import Any

from solvent.models.errors import DependencyMissing
from solvent.models.flavors import known
from solvent.models.requirements import pins


def check_versions(folder: Path, flavor: str, conf: dict[str, Any], *, ignore: bool = False) -> None:
    """Compare the flavour's library with the one that saved the model; a minor difference is a warning.

    A library that is not installed is found when it is imported: it may have come under another name.

    Args:
        ignore: warn of another major version too.

    Raises:
        DependencyMissing: the library has another major version.
    """
    library = known.KNOWN[flavor]
    saved = str(conf.get(library.version) or pins(folder).get(library.distribution) or "")
    here = _installed(library.distribution)
    if not (saved and here) or _parts(saved) == _parts(here):
        return
    exact = f"{library.distribution}=={saved.partition('+')[0]}"
    if _parts(saved)[:1] != _parts(here)[:1] and not ignore:
        raise DependencyMissing(
            f"the model was saved with {library.distribution} {saved}, here is {here}: install {exact}"
            " (or pass ignore_versions=True to try it as it is)"
        )
    warnings.warn(
        f"the model was saved with {library.distribution} {saved}, here is {here}: its answers may differ;"
        f" {exact} is what it was made with",
        stacklevel=4,
    )


def check_python(conf: dict[str, Any]) -> None:
    """Warn if a pickled function was written by another Python, whose compiled code this one may not understand."""
    saved, here = str(conf.get("python_version") or ""), platform.python_version()
    if saved and _parts(saved) != _parts(here):
        warnings.warn(
            f"the model was pickled by Python {saved}, here is {here}: functions in it may not work", stacklevel=4
        )


def _installed(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def _parts(version: str) -> list[str]:
    """Major and minor.

    >>> _parts("1.9.1"), _parts("2")
    (['1', '9'], ['2'])
    """
    return re.findall(r"\d+", version.partition("+")[0])[:2]
