"""The baseline: findings that were there before somebody looked, and that don't fail a check. It only shrinks.

The file holds JSON lines, one finding each, sorted by path: any text survives in them, a person can read them, and
as each line stands for itself, git merges files from which two people have removed different lines. (In TOML or one
JSON document a forgotten comma or a wrong merge makes the whole unreadable, not one line.)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from itertools import chain, count
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from solvent.debt.errors import InvalidBaseline
from solvent.debt.findings import Finding
from solvent.debt.fingerprint import group_of
from solvent.debt.sources.links import is_inside, leads_out

DEFAULT_NAME = "debt-baseline.jsonl"
MAX_BYTES = 100_000_000
MAX_MESSAGE = 100
_HEADER = {"solvent-debt-baseline": 1, "about": "Known debt: it may only get less. See 'solvent debt baseline --help'."}
_CONFLICT = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")


class Entry(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One known finding. ``message`` is for people; ``reason`` says why it was accepted later than the others."""

    path: str
    code: str
    message: str
    fingerprint: str
    reason: str = ""

    @property
    def place(self) -> tuple[str, str, str]:
        """What entries are sorted by."""
        return self.path, self.code, self.fingerprint


class Matched(NamedTuple):
    """``known`` pairs findings with their entries; ``missing`` are entries that no finding belongs to."""

    known: list[tuple[Finding, Entry]]
    new: list[Finding]
    missing: list[Entry]


def baseline_of(root: Path, setting: str | None, given: Path | None) -> Path | None:
    """The file of the baseline: that of the command line, which may be anywhere, or that of the project's settings.

    Raises:
        InvalidBaseline: the project, by its settings or a link in it, names a file outside.
    """
    if given is not None:
        if leads_out(root, given):
            raise InvalidBaseline(f"the baseline {given} leads out of the project by a link: name the file itself")
        return given
    if setting is None:
        return None
    if not is_inside(root, root / setting):
        raise InvalidBaseline(f"the baseline {setting} is outside of {root}: --baseline may name such a file")
    return root / setting


def match(findings: Iterable[Finding], entries: Iterable[Entry]) -> Matched:
    """Say of each finding whether it is known.

    Equal findings (same rule, code and symbol) are paired within a file first; one that is left over may have moved
    to another file. So of equal ones in two files the one in the new file is new.
    """
    waiting: dict[tuple[str, str], deque[Entry]] = {}
    for entry in entries:
        waiting.setdefault((group_of(entry.fingerprint), entry.path), deque()).append(entry)
    known: list[tuple[Finding, Entry]] = []
    rest: list[Finding] = []
    for finding in findings:
        here = waiting.get((group_of(finding.fingerprint), finding.path))
        if here:
            known.append((finding, here.popleft()))
        else:
            rest.append(finding)
    elsewhere: dict[str, deque[Entry]] = {}
    for (group, _), left in waiting.items():
        elsewhere.setdefault(group, deque()).extend(left)
    new: list[Finding] = []
    for finding in rest:
        moved = elsewhere.get(group_of(finding.fingerprint))
        if moved:
            known.append((finding, moved.popleft()))
        else:
            new.append(finding)
    return Matched(known, new, [entry for left in elsewhere.values() for entry in left])


def entry_of(finding: Finding, reason: str = "") -> Entry:
    message = "".join(char if char.isprintable() else " " for char in finding.message)
    short = message if len(message) <= MAX_MESSAGE else f"{message[: MAX_MESSAGE - 3]}..."
    return Entry(_utf8(finding.path), finding.code, _utf8(short), finding.fingerprint, reason)


def updated(matched: Matched, paid: Sequence[Entry]) -> list[Entry]:
    """The entries that remain: known findings as they are now, and what was not looked at."""
    gone = {id(entry) for entry in paid}
    current = [entry_of(finding, entry.reason) for finding, entry in matched.known]
    return numbered([*(entry for entry in matched.missing if id(entry) not in gone), *current])


def numbered(entries: Iterable[Entry]) -> list[Entry]:
    """The entries, those that are equal with numbers of their own."""
    taken: set[str] = set()
    told_apart = []
    for entry in entries:
        group = group_of(entry.fingerprint)
        names = chain([entry.fingerprint, group], (f"{group}-{number}" for number in count(2)))
        free = next(name for name in names if name not in taken)
        taken.add(free)
        told_apart.append(msgspec.structs.replace(entry, fingerprint=free))
    return told_apart


def read_baseline(path: Path) -> list[Entry]:
    """The entries of a baseline file.

    Raises:
        InvalidBaseline: it is missing, damaged or in the middle of a merge; the message names the line.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InvalidBaseline(f"the baseline {path} is not there: 'solvent debt baseline' writes one") from None
    except OSError as error:
        raise InvalidBaseline(f"the baseline {path} can't be read: {error.strerror}") from error
    if len(content) > MAX_BYTES:
        raise InvalidBaseline(f"the baseline {path} is larger than {MAX_BYTES:,} bytes")
    lines = content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").split(b"\n")
    _look_for_conflicts(path, lines)
    _look_at_header(path, lines[0])
    decoder = msgspec.json.Decoder(Entry)
    entries: dict[str, Entry] = {}
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        try:
            entry = decoder.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise InvalidBaseline(
                f"{path}, line {number}: not an entry of a baseline: {' '.join(str(error).split())}; "
                "remove the line, or take the file from git"
            ) from None
        entries[entry.fingerprint] = entry
    return list(entries.values())


def _look_for_conflicts(path: Path, lines: Sequence[bytes]) -> None:
    for number, line in enumerate(lines, 1):
        if line.startswith(tuple(mark.encode() for mark in _CONFLICT)):
            raise InvalidBaseline(
                f"{path}, line {number}: a merge conflict ({line[:7].decode()}): remove the marks and keep the lines "
                "of both sides, then 'solvent debt baseline --update' removes what is paid"
            )


def _look_at_header(path: Path, line: bytes) -> None:
    header: Any = None
    try:
        header = msgspec.json.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        header = None
    version = header.get("solvent-debt-baseline") if isinstance(header, dict) else None
    if version is None:
        raise InvalidBaseline(f"{path}, line 1: not a baseline of Solvent: its first line is missing")
    if version != 1:
        raise InvalidBaseline(
            f"{path}, line 1: a baseline of form {version!r}, and this Solvent reads form 1: upgrade it"
        )


def written(entries: Iterable[Entry]) -> bytes:
    """The file with these entries."""
    lines = [msgspec.json.encode(_HEADER), *(msgspec.json.encode(e) for e in sorted(entries, key=lambda e: e.place))]
    return b"".join(line + b"\n" for line in lines)


def _utf8(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
