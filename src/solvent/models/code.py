"""Python modules that lie in a model: found when it is loaded, and by nobody else's name."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from solvent.models.errors import LoadFailed
from solvent.models.files import existing


@contextmanager
def importable(folder: Path, conf: dict[str, Any]) -> Iterator[None]:
    """Put the model's own modules where Python looks first, for good: some are imported only when it predicts.

    Compiled files are not written between the recorded ones while it is loaded.

    Raises:
        LoadFailed: a module of that name is imported already, and is another one: the model would run with it.
    """
    if not conf.get("code"):
        yield
        return
    place = existing(folder, conf["code"]).absolute()
    _look_for_others(place)
    if str(place) not in sys.path:
        sys.path.insert(0, str(place))
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


def _look_for_others(place: Path) -> None:
    for file in place.rglob("*.py"):
        parts = file.relative_to(place).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        imported = getattr(sys.modules.get(name), "__file__", None)
        if imported and _differ(Path(imported), file):
            raise LoadFailed(
                f"the model brings a Python module '{name}', and another one of that name is imported already from"
                f" '{imported}': load the model in a process of its own"
            )


def _differ(one: Path, other: Path) -> bool:
    try:
        return one.resolve() != other.resolve() and one.read_bytes() != other.read_bytes()
    except OSError:
        return True
