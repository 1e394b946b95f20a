"""Telling the runs that this user has made on this machine: sealed with a key that lies here alone.

Tags and artifacts of a run can be written by whoever reaches its server, so they say nothing of who will be executed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from solvent.settings import cache_folder

SEAL = "solvent.seal"
"""Tag: a code over the run's id, and over all that a repetition executes."""
_FILES = (
    "solvent/provenance.json",
    "solvent/packages.txt",
    "solvent/environment.lock",
    "solvent/patch.diff",
    "solvent/untracked.diff",
    "solvent/working-folder/patch.diff",
    "solvent/working-folder/untracked.diff",
)
_BYTES = 32


def seal(run_id: str, entry_point: str, parameters: Mapping[str, str], content: Callable[[str], bytes]) -> str:
    """The code of a run; '' if no key can be kept here. ``content`` gives an artifact, empty if it is not there."""
    key = _key()
    if not key:
        return ""
    digests = [hashlib.sha256(content(path)).hexdigest() for path in _FILES]
    text = json.dumps([run_id, entry_point, sorted(parameters.items()), digests])
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def is_sealed(
    given: str, run_id: str, entry_point: str, parameters: Mapping[str, str], content: Callable[[str], bytes]
) -> bool:
    """Whether it is the code of that run, and of nothing that has changed since."""
    expected = seal(run_id, entry_point, parameters, content)
    return bool(expected) and hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))


def _key() -> bytes:
    """This user's key, made at its first use."""
    file = cache_folder() / "seal.key"
    with suppress(OSError):
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            part = Path(f"{file}.{secrets.token_hex(4)}")
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
                handle.write(secrets.token_bytes(_BYTES))
            with suppress(FileExistsError):  # somebody else was faster: that key holds
                file.hardlink_to(part)
            part.unlink()
        key = file.read_bytes()
        return key if len(key) == _BYTES else b""
    return b""
