"""YAML that strangers wrote: whatever is wrong with it, it is unreadable, and never an error of the check."""

from __future__ import annotations

from typing import Any

import yaml

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # a PyYAML without its C part
    from yaml import SafeLoader  # type: ignore[assignment]

from solvent.debt.sources.errors import Unreadable

__all__ = ["SafeLoader", "document_of"]


class _Loader(SafeLoader):
    """Without merge keys (``<<``): a few lines of them make billions of entries."""

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Leave them where they are; nothing constructs them, so that the document is refused."""


def document_of(text: str) -> Any:
    """What a text says, made of plain data only.

    Raises:
        Unreadable: it is no YAML, or a value is not of the type that it claims.
    """
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - a safe loader
    except Exception as error:  # PyYAML lets KeyError, IndexError, AttributeError ... of odd values pass
        raise Unreadable(f"not valid YAML: {' '.join(str(error).split())[:300]}") from None
