"""Which params a library's function takes."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from typing import Any


def accepted(function: Callable[..., Any], params: dict[str, Any] | None) -> dict[str, Any]:
    """Those that it takes by name; others are left out with one warning, as MLflow does."""
    takes = inspect.signature(function).parameters.values()
    if not params or any(one.kind in (one.VAR_KEYWORD, one.VAR_POSITIONAL) for one in takes):
        return dict(params or {})
    names = {one.name for one in takes}
    extra = [name for name in params if name not in names]
    if extra:
        warnings.warn(f"params that the model does not take are left out: {', '.join(map(repr, extra))}", stacklevel=4)
    return {name: value for name, value in params.items() if name in names}
