"""The page that documents the features of a project, as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from solvent.data.features.model import Feature, Makers

MOST_DEPTH = 20
_LANGUAGES = {".py": "python", ".ipynb": "python"}


def page_of(features: Sequence[Feature], title: str) -> str:
    """A table of all features, the graph of what they are made of, and a section for each."""
    ordered = sorted(features, key=lambda each: (each.name, each.file, each.line))
    lines = [f"# {_plain(title)}", "", "| feature | meaning | owner |", "|---|---|---|"]
    lines += [f"| {_code(each.name)} | {_cell(each.description)} | {_cell(each.owner)} |" for each in ordered]
    lines += ["", "## What they are made of", "", *_fenced("\n".join(graph_of(ordered)), "text")]
    for each in ordered:
        lines += ["", *_section(each)]
    return "\n".join(lines) + "\n"


def graph_of(features: Sequence[Feature]) -> list[str]:
    """Each feature that no other is made of, with its inputs below it.

    What was shown above is not shown again; what is too deep follows below.
    """
    made_by = Makers(features)
    used = {
        id(maker) for each in features for name in each.inputs or () for maker in made_by.of(name) if maker is not each
    }
    tops = [each for each in features if id(each) not in used]
    lines: list[str] = []
    shown: set[int] = set()
    for each in [*tops, *features]:
        if id(each) not in shown:
            lines += [each.name, *_branches(each, made_by, shown)]
    return lines


def _branches(feature: Feature, made_by: Makers, shown: set[int]) -> Iterator[str]:
    """Depth first with a stack of our own: a chain of features may be longer than Python's."""
    shown.add(id(feature))
    stack = [_children(feature, made_by, "")]
    while stack:
        entry = next(stack[-1], None)
        if entry is None:
            stack.pop()
            continue
        line, maker, below = entry
        if maker is None:
            yield line
        elif id(maker) in shown:
            yield f"{line} (above)" if maker.inputs else line
        elif len(stack) == MOST_DEPTH:
            yield f"{line} (below)" if maker.inputs else line
        else:
            yield line
            shown.add(id(maker))
            stack.append(_children(maker, made_by, below))


def _children(feature: Feature, made_by: Makers, indent: str) -> Iterator[tuple[str, Feature | None, str]]:
    names = feature.inputs or ()
    for number, name in enumerate(names):
        last = number == len(names) - 1
        maker = next((each for each in made_by.of(name) if each is not feature), None)
        line = f"{indent}{'└─' if last else '├─'} {' '.join(name.split())}"
        yield line, maker, indent + ("   " if last else "│  ")


def _section(feature: Feature) -> list[str]:
    inputs = "not declared" if feature.inputs is None else ", ".join(map(_code, feature.inputs)) or "none"
    facts = [
        ("owner", _cell(feature.owner) or "nobody"),
        ("inputs", inputs),
        ("makes", ", ".join(map(_code, feature.outputs))),
        ("type", _cell(feature.dtype)),
        ("version", _code(feature.version) if feature.version else "none: its source is not known"),
        ("where", _code(feature.place)),
    ]
    lines = [f"## {_plain(feature.name)}", "", _plain(feature.description) or "*Nobody has written what it means.*"]
    lines += ["", "| | |", "|---|---|", *(f"| {key} | {value} |" for key, value in facts if value)]
    if feature.source:
        suffix = "." + feature.file.rpartition(".")[2]
        lines += ["", *_fenced(feature.source.rstrip(), _LANGUAGES.get(suffix, ""))]
    return lines


def _plain(text: str) -> str:
    """Text of strangers on one line, without HTML."""
    return _printable(" ".join(text.split())).replace("&", "&amp;").replace("<", "&lt;")


def _cell(text: str) -> str:
    return _plain(text).replace("|", "\\|")


def _code(text: str) -> str:
    return f"`{_printable(' '.join(text.split())).replace('`', chr(39)).replace('|', chr(92) + '|')}`"


def _fenced(text: str, language: str) -> list[str]:
    """A block of code, whatever rows of backticks the code has itself."""
    longest = max((len(ticks) for ticks in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}{language}", *map(_printable, text.splitlines()), fence]


def _printable(line: str) -> str:
    """Without what would move a terminal's cursor."""
    return "".join(char if char.isprintable() or char == "\t" else "\ufffd" for char in line)
