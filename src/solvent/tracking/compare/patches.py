"""Two patches of the same commit: how the files that they lead to differ.

Only the lines that the patches show are known of the commit. They are enough: what no patch touches is alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import NamedTuple

from solvent.wire.compare import FileChange

MAX_FILES = 500
"""Files whose changes are told."""
MAX_TEXT = 2_000_000
"""Characters of all texts of a comparison."""
_CONTEXT = 3
_MAX_MATCHED = 4_000_000
"""Lines of one side times those of the other, of all files; more are told as replaced: to match them takes too long."""
_MAX_MATCHED_AT_ONCE = 250_000
_HUNK = re.compile(r"@@ -(\d{1,15})(?:,(\d{1,15}))? \+(\d{1,15})(?:,(\d{1,15}))? @@")
_NO_NEWLINE = "\\ No newline at end of file"
_BINARY = "GIT binary patch"
_PLACES = ("index ", "--- ", "+++ ")


@dataclass
class Hunk:
    """``start``: how many of the file's lines are before it. A line without a newline has git's remark behind it."""

    start: int
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)

    @property
    def end(self) -> int:
        return self.start + len(self.before)


@dataclass
class FilePatch:
    """What is done to one file. ``head``: the lines that say more than places, such as a mode, or binary content."""

    path: str
    head: list[str] = field(default_factory=list)
    hunks: list[Hunk] = field(default_factory=list)
    added: int = 0
    removed: int = 0


class Block(NamedTuple):
    """Neighbouring lines of the commit from ``start`` up to and without ``end``, as far as the patches show them, and
    what the one patch and the other do to them."""

    start: int
    end: int
    lines: dict[int, str]
    before: list[Hunk]
    after: list[Hunk]


Edit = tuple[str, str]
"""A sign (space, minus or plus) and a line."""


def parse(text: str) -> dict[str, FilePatch]:
    """The files of a patch as git writes it, by path. Text of another form leads to fewer files, never to an error."""
    found: dict[str, FilePatch] = {}
    current: FilePatch | None = None
    owed = [0, 0]
    last = ""
    for line in text.split("\n"):
        if line.startswith("diff --git "):
            current = FilePatch(_named(line))
            found[current.path] = current
            owed = [0, 0]
        elif current is None:
            continue
        elif owed[0] > 0 or owed[1] > 0:
            last = line[:1] or " "
            _take(current, last, line[1:], owed)
        elif line == _NO_NEWLINE and current.hunks:
            _remark(current.hunks[-1], last)
        elif matched := _HUNK.match(line):
            before, lines, _, more = matched.groups()
            owed = [int(lines or 1), int(more or 1)]
            current.hunks.append(Hunk(max(int(before) - (owed[0] > 0), 0)))
        elif not line.startswith(_PLACES):
            if line:
                current.head.append(line)
        elif line.startswith(("--- a/", "+++ b/")) and not current.hunks:
            found.pop(current.path, None)
            current.path = line[6:].removesuffix("\t")
            found[current.path] = current
    return found


def _named(line: str) -> str:
    """The path of a head ``diff --git a/path b/path``; both are the same, for git tells no renames here."""
    rest = line.removeprefix("diff --git ")
    middle = len(rest) // 2
    return rest[middle + 3 :] if rest[middle : middle + 3] == " b/" else rest.rpartition(" b/")[2]


def _take(file: FilePatch, sign: str, line: str, owed: list[int]) -> None:
    hunk = file.hunks[-1]
    if sign == "\\":
        _remark(hunk, "")
        return
    if sign != "+":
        hunk.before.append(line)
        owed[0] -= 1
    if sign != "-":
        hunk.after.append(line)
        owed[1] -= 1
    file.added += sign == "+"
    file.removed += sign == "-"


def _remark(hunk: Hunk, sign: str) -> None:
    """Say of the last line that no newline ends it."""
    sides = [hunk.before] if sign == "-" else [hunk.after] if sign == "+" else [hunk.before, hunk.after]
    for side in sides:
        if side:
            side[-1] += f"\n{_NO_NEWLINE}"


def changes(before: Mapping[str, FilePatch], after: Mapping[str, FilePatch], *, with_text: bool) -> list[FileChange]:
    """The files that are not the same after one patch and after the other."""
    found: list[FileChange] = []
    matcher, room = Matcher(), MAX_TEXT
    for path in sorted({*before, *after}):
        nothing = FilePatch(path)
        change = _change(before.get(path, nothing), after.get(path, nothing), matcher, with_text=with_text)
        if change is None:
            continue
        room -= len(change.text or "")
        if not with_text or room < 0:
            change.text = None
        found.append(change)
        if len(found) == MAX_FILES:
            break
    return found


def _change(before: FilePatch, after: FilePatch, matcher: Matcher, *, with_text: bool) -> FileChange | None:
    """How one file differs; None if it does not."""
    texts: list[str] = []
    added = removed = shift_before = shift_after = 0
    for block in _blocks(before.hunks, after.hunks):
        old, new = _state(block, block.before), _state(block, block.after)
        if old != new:
            edits = matcher.edits(old, new)
            added += sum(sign == "+" for sign, _ in edits)
            removed += sum(sign == "-" for sign, _ in edits)
            if with_text:
                texts += _written(edits, block.start + shift_before, block.start + shift_after)
        shift_before += len(old) - (block.end - block.start)
        shift_after += len(new) - (block.end - block.start)
    if not added and not removed:
        if before.head == after.head:
            return None
        texts = [f"-{line}" for line in _readable(before.head)] + [f"+{line}" for line in _readable(after.head)]
    return FileChange(path=after.path, added=added, removed=removed, text="\n".join(texts))


def _readable(head: list[str]) -> list[str]:
    """Binary content follows git's word for it."""
    return head[: head.index(_BINARY) + 1] if _BINARY in head else head[:10]


def _blocks(before: list[Hunk], after: list[Hunk]) -> Iterator[Block]:
    """Where any of the two patches changes something, from the top of the file."""
    hunks = sorted(((hunk, side) for side in (0, 1) for hunk in (before, after)[side]), key=lambda one: one[0].start)
    block: Block | None = None
    for hunk, side in hunks:
        if block is not None and hunk.start > block.end:
            yield block
            block = None
        if block is None:
            block = Block(hunk.start, hunk.start, {}, [], [])
        (block.before, block.after)[side].append(hunk)
        block.lines.update(enumerate(hunk.before, hunk.start))
        block = block._replace(end=max(block.end, hunk.end))
    if block is not None:
        yield block


def _state(block: Block, hunks: list[Hunk]) -> list[str]:
    """The block's lines once the hunks are applied; one that overlaps the one before it is left out."""
    lines: list[str] = []
    place = block.start
    for hunk in hunks:
        if hunk.start >= place:
            lines += (block.lines[number] for number in range(place, hunk.start))
            lines += hunk.after
            place = hunk.end
    return [*lines, *(block.lines[number] for number in range(place, block.end))]


class Matcher:
    """Finds what two lists of lines have in common, as long as that does not take too long."""

    def __init__(self) -> None:
        self._room = _MAX_MATCHED

    def edits(self, old: list[str], new: list[str]) -> list[Edit]:
        """What is kept, taken away and added, line by line."""
        start = _alike(old, new)
        end = _alike(old[start:][::-1], new[start:][::-1])
        cut, grown = old[start : len(old) - end], new[start : len(new) - end]
        edits: list[Edit] = [(" ", line) for line in old[:start]]
        cost = len(cut) * len(grown)
        if cost <= 1 or cost > min(_MAX_MATCHED_AT_ONCE, self._room):
            edits += [("-", line) for line in cut] + [("+", line) for line in grown]
        else:
            self._room -= cost
            for kind, one, two, three, four in SequenceMatcher(None, cut, grown).get_opcodes():
                if kind == "equal":
                    edits += [(" ", line) for line in cut[one:two]]
                else:
                    edits += [("-", line) for line in cut[one:two]] + [("+", line) for line in grown[three:four]]
        return edits + [(" ", line) for line in old[len(old) - end :]]


def _alike(old: list[str], new: list[str]) -> int:
    """How many lines at the beginning are the same."""
    shorter = min(len(old), len(new))
    return next((number for number in range(shorter) if old[number] != new[number]), shorter)


def _written(edits: list[Edit], start_before: int, start_after: int) -> Iterator[str]:
    """Hunks of a unified diff; the starts are how many lines are before the edits on each side."""
    changed = [number for number, (sign, _) in enumerate(edits) if sign != " "]
    counts = [(0, 0)]
    for sign, _ in edits:
        counts.append((counts[-1][0] + (sign != "+"), counts[-1][1] + (sign != "-")))
    at = 0
    while at < len(changed):
        last = at
        while last + 1 < len(changed) and changed[last + 1] - changed[last] <= 2 * _CONTEXT:
            last += 1
        first, end = max(changed[at] - _CONTEXT, 0), min(changed[last] + _CONTEXT + 1, len(edits))
        before, after = zip(counts[first], counts[end], strict=True)
        yield f"@@ -{_span(start_before, *before)} +{_span(start_after, *after)} @@"
        yield from (f"{sign}{line}" for sign, line in edits[first:end])
        at = last + 1


def _span(start: int, first: int, end: int) -> str:
    length = end - first
    return f"{start + first + (length > 0)},{length}"
