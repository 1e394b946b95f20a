"""Functions and methods put in the place of others, once."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import FunctionType
from typing import Any

from solvent.client.autolog.options import Options
from solvent.client.autolog.watching import Watch, observe

SEEN = "_solvent_autologging"
Watching = Callable[[Options, Callable[..., Any], tuple[Any, ...], dict[str, Any]], Watch]
"""``watch(options, original, args, kwargs)``; it may change ``kwargs`` before its ``yield``."""


def patch(owner: Any, name: str, library: str, watching: Watching) -> None:
    """Watch a function of a module, or a method that the class itself defines."""
    original = vars(owner).get(name)
    if isinstance(original, FunctionType) and not hasattr(original, SEEN):
        setattr(owner, name, watched(original, library, watching))


def watched(original: Callable[..., Any], library: str, watching: Watching) -> Callable[..., Any]:
    @functools.wraps(original)
    def function(*args: Any, **kwargs: Any) -> Any:
        return observe(
            library,
            lambda: original(*args, **kwargs),
            lambda options: watching(options, original, args, kwargs),
        )

    setattr(function, SEEN, True)
    return function


def subclasses(cls: type) -> list[type]:
    """The class and all that derive from it."""
    found = [cls]
    below: list[type] = type.__subclasses__(cls)
    for one in below:
        found += subclasses(one)
    return found
