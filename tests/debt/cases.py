"""Cases of rules in Markdown: prose, files in code blocks, and marks where findings are expected.

One page per rule, ``tests/debt/rules/CODE.md``, one case per ``##`` heading. A heading begins with *Bad*, *Good* or
*Tricky*. A code block is a file: its info string is ``python train.py``; several blocks make a project. A line that a
finding is expected on ends in ``# debt: CODE``; ``# debt: CODE x2`` expects two. A line that stands alone as
``# debt-file: CODE`` expects one about the whole file (line 0).

- ``notebook eda.ipynb``: cells are separated by ``# %% [3]``, with the execution count in the brackets (none: ``[ ]``);
  ``# %% markdown`` begins a text cell.
- ``repository``: lines of ``CODE`` are findings expected about the whole repository; ``untracked: PATH`` and
  ``ignored: PATH`` keep a file out of the commit that the case is made of (other cases are no repository).
- ``settings``: TOML of ``[debt]``.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_FENCE = re.compile(r"^(`{3,})(\S+)(?: +(\S+))? *$")
_MARK = re.compile(r"#\s*debt:\s*([A-Z]{3}\d{3})(?:\s+x(\d+))?\s*$")
_FILE_MARK = re.compile(r"^\s*#\s*debt-file:\s*([A-Z]{3}\d{3})\s*$")
_CELL = re.compile(r"^# %%(?: \[(\d+| )\]| (markdown))?\s*$")

Spot = tuple[str, int | None, int]
"""Path, cell, line."""


@dataclass
class Case:
    """One case. ``expected`` counts findings by path, cell and line."""

    page: str
    title: str
    files: dict[str, str] = field(default_factory=dict)
    expected: Counter[Spot] = field(default_factory=Counter)
    kept_out: set[str] = field(default_factory=set)
    ignored: set[str] = field(default_factory=set)
    is_repository: bool = False

    @property
    def code(self) -> str:
        return Path(self.page).stem

    def make(self, folder: Path) -> None:
        """Write the case's files, as a repository with one commit if it asks for that."""
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        if not (folder / "solvent.toml").exists():
            (folder / "solvent.toml").write_text("")
        if self.is_repository:
            if self.ignored:
                (folder / ".gitignore").write_text("".join(f"{name}\n" for name in sorted(self.ignored)))
            wanted = [name for name in self.files if name not in self.kept_out | self.ignored]
            _git(folder, "init", "-q")
            _git(folder, "add", "--", *wanted, "solvent.toml")
            _git(folder, "commit", "-q", "-m", "A case", "--allow-empty")


def cases_of(page: Path) -> list[Case]:
    """The cases of one page."""
    cases: list[Case] = []
    lines = iter(page.read_text().splitlines())
    for line in lines:
        if line.startswith("## "):
            cases.append(Case(page.name, line[3:].strip()))
        elif fence := _FENCE.match(line):
            block = []
            for inner in lines:
                if inner.rstrip() == fence[1]:
                    break
                block.append(inner)
            assert cases, f"{page.name}: a block before the first heading"
            _add(cases[-1], fence[2], fence[3], block)
    return cases


def _add(case: Case, kind: str, name: str | None, block: list[str]) -> None:
    if kind == "repository":
        case.is_repository = True
        for line in block:
            word, _, rest = line.partition(": ")
            if word == "untracked":
                case.kept_out.add(rest.strip())
            elif word == "ignored":
                case.ignored.add(rest.strip())
            elif line.strip():
                case.expected[".", None, 0] += 1
                assert line.strip() == case.code, f"{case.page}: {line} is not {case.code}"
    elif kind == "settings":
        case.files["solvent.toml"] = "[debt]\n" + "\n".join(block) + "\n"
    elif kind == "notebook":
        assert name is not None
        case.files[name] = json.dumps(_notebook(case, name, block))
    elif name is not None:
        kept: list[str] = []
        for line in block:
            if found := _FILE_MARK.match(line):
                assert found[1] == case.code
                case.expected[name, None, 0] += 1
                continue
            kept.append(_unmarked(case, line, name, None, len(kept) + 1))
        case.files[name] = "\n".join(kept) + "\n"


def _unmarked(case: Case, line: str, name: str, cell: int | None, number: int) -> str:
    mark = _MARK.search(line)
    if mark is None:
        return line
    assert mark[1] == case.code, f"{case.page}: a mark of {mark[1]} on the page of {case.code}"
    case.expected[name, cell, number] += int(mark[2] or 1)
    return line[: mark.start()].rstrip()


def _notebook(case: Case, name: str, block: list[str]) -> dict[str, Any]:
    cells: list[dict[str, Any]] = []
    for line in block:
        if head := _CELL.match(line):
            if head[2]:
                cells.append({"cell_type": "markdown", "metadata": {}, "source": []})
            else:
                count = int(head[1]) if head[1] and head[1].strip() else None
                cells.append(
                    {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": count, "source": []}
                )
            continue
        if found := _FILE_MARK.match(line):
            assert found[1] == case.code
            case.expected[name, None, 0] += 1
            continue
        source = cells[-1]["source"]
        source.append(_unmarked(case, line, name, len(cells) - 1, len(source) + 1) + "\n")
    metadata = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}


def _git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)
