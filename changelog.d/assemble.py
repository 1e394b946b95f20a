"""Moves the fragments of this folder into CHANGELOG.md, under a new version: ``python changelog.d/assemble.py 0.2.0``.

A fragment is a Markdown file beside this one, a list item or more for users. They are taken in the
order of their names, and removed.
"""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

FOLDER = Path(__file__).parent
VERSION = re.compile(r"\d+\.\d+\.\d+")


def assemble(version: str, day: str, folder: Path, changelog: Path) -> None:
    """Put all fragments of ``folder`` on top of the versions in ``changelog``.

    Raises:
        ValueError: no version, one that is there already, or nothing to tell.
    """
    text = changelog.read_text()
    fragments = sorted(folder.glob("*.md"))
    if not VERSION.fullmatch(version):
        raise ValueError(f"expected a version like 0.2.0, but got '{version}'")
    if f"\n## {version} " in text:
        raise ValueError(f"CHANGELOG.md tells of {version} already")
    if not fragments:
        raise ValueError("there is no fragment in changelog.d/")
    news = "\n".join(item(fragment.read_text().strip()) for fragment in fragments)
    title, _, versions = text.partition("\n## ")
    older = f"\n## {versions}" if versions else ""
    changelog.write_text(f"{title.rstrip()}\n\n## {version} ({day})\n\n{news}\n{older}")
    for fragment in fragments:
        fragment.unlink()


def item(text: str) -> str:
    """A fragment as list items."""
    return text if text.startswith("- ") else "- " + text.replace("\n", "\n  ")


if __name__ == "__main__":
    try:
        assemble(
            sys.argv[1] if len(sys.argv) > 1 else "",
            f"{datetime.now(UTC):%Y-%m-%d}",
            FOLDER,
            FOLDER.parent / "CHANGELOG.md",
        )
    except ValueError as error:
        sys.exit(str(error))
