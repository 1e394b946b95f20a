"""The uncommitted changes of tracked files as they may be kept: file by file, without secrets."""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from solvent.provenance.kinds import Kind, holds_settings, kind_of
from solvent.provenance.redact import redact_bytes, redact_settings

TOO_LARGE = "its change does not fit into the patch"
SECRET = "its name usually means secrets"  # noqa: S105 - a reason, no password
PRIVATE_KEY = "its change shows a private key"
SHOWS_SECRET = "its change shows a secret that is in the commit"  # noqa: S105 - a reason, no password
_NAMED = re.compile(rb'diff --git "?a/(.+?)"? "?b/')


class Changes(NamedTuple):
    """``left_out``: the files whose change is not kept, and why. ``redacted`` counts secrets masked in the others."""

    patch: bytes
    left_out: dict[str, str]
    redacted: int


def keepable(patch: bytes, names: list[str], limit: int) -> Changes:
    """What may be kept of git's patch of the files ``names``; of one cut after ``limit`` bytes, whole files only."""
    blocks = _blocks(patch)
    left_out = {}
    if len(patch) > limit:
        blocks = blocks[:-1]
        left_out = dict.fromkeys(names[len(blocks) :], TOO_LARGE)
    if len(names) != len(blocks) + len(left_out):  # a file that became a link has two blocks
        names = [_name(block) for block in blocks]
    kept, redacted = [], 0
    for name, block in zip(names, blocks, strict=False):
        content, masked, why = _without_secrets(name, block)
        if why:
            left_out[name] = why
        else:
            kept.append(content)
            redacted += masked
    return Changes(b"".join(kept), left_out, redacted)


def _blocks(patch: bytes) -> list[bytes]:
    parts = re.split(rb"(?m)^(?=diff --git )", patch)
    return [part for part in parts if part]


def _name(block: bytes) -> str:
    found = _NAMED.match(block)
    return os.fsdecode(found[1]) if found else "?"


def _without_secrets(path: str, block: bytes) -> tuple[bytes, int, str]:
    """One file's patch with its new secrets masked, how many, and why it is not kept at all.

    What the commit holds can't be masked, for then the patch would not fit it.
    """
    if kind_of(path) is Kind.SECRET:
        return b"", 0, SECRET
    if b"PRIVATE KEY-----" in block:
        return b"", 0, PRIVATE_KEY
    redact = redact_settings if holds_settings(path) else redact_bytes
    lines, masked, in_hunk = block.split(b"\n"), 0, False
    for number, line in enumerate(lines):
        in_hunk = in_hunk or line.startswith(b"@@ ")
        if not in_hunk:
            continue
        content, count = redact(line[1:])
        if count and not line.startswith(b"+"):
            return b"", 0, SHOWS_SECRET
        if count:
            lines[number] = line[:1] + content
            masked += count
    return b"\n".join(lines), masked, ""
