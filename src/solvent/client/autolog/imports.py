"""Something to do once a module is imported: at once if it is there, else right after its own code has run."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any

Then = Callable[[ModuleType], None]
_waiting: dict[str, list[Then]] = {}


def when_imported(name: str, then: Then) -> None:
    """``then`` gets the module. It must not raise."""
    module = sys.modules.get(name)
    spec = getattr(module, "__spec__", None)
    if module is not None and not getattr(spec, "_initializing", False):
        then(module)
        return
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)
    _waiting.setdefault(name, []).append(then)


class _Finder:
    """Finds nothing by itself: it lets the others find the modules that are waited for."""

    def find_spec(
        self,
        name: str,
        path: Sequence[str] | None = None,  # noqa: ARG002
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        waiting = _waiting.pop(name, None)
        if waiting is None:
            return None
        try:
            spec = find_spec(name)
        except BaseException:
            _waiting[name] = waiting
            raise
        if spec is None or spec.loader is None or not _follow(spec.loader, waiting):
            _waiting[name] = waiting
        return spec


def _follow(loader: Any, waiting: Sequence[Then]) -> bool:
    """Let the loader call those that wait. Loaders of other import hooks, MLflow's among them, know ``load_module``."""
    name = next((name for name in ("exec_module", "load_module") if hasattr(loader, name)), None)
    if name is None:
        return False
    run = getattr(loader, name)

    def load(given: Any) -> Any:
        made = run(given)
        for then in waiting:
            then(given if made is None else made)
        return made

    try:
        setattr(loader, name, load)
    except AttributeError:  # written in C
        return False
    return True


_finder = _Finder()
