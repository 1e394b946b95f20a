"""Under which name a library was installed."""

from __future__ import annotations

from importlib import metadata


def distribution(*names: str) -> str:
    """The first of ``names`` that is installed, else the first: some libraries come under several names."""
    for name in names:
        try:
            metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
        return name
    return names[0]
