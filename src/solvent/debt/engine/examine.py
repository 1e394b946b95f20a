"""One file: read, parse, run the rules that look at single files, keep a summary. All of it can be cached."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec

from solvent.debt.facts.facts import Facts
from solvent.debt.findings import Found
from solvent.debt.project.summary import FileSummary, summarize
from solvent.debt.registry import all_rules
from solvent.debt.rule import Rule
from solvent.debt.sources.errors import Unreadable
from solvent.debt.sources.read import read_file
from solvent.debt.sources.roles import Role
from solvent.debt.suppressions import Suppression, suppressions_of
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.parse import parse


class Examined(msgspec.Struct, frozen=True, array_like=True):
    """What one file came to. ``summary`` is None, and ``unreadable`` says why, if it could not be read.

    With a summary, ``unreadable`` says which rules could not look at it.
    """

    digest: str
    summary: FileSummary | None
    found: list[tuple[str, Found]]
    suppressions: list[Suppression]
    unreadable: str = ""


class Examiner:
    """Looks at files with the same rules and facts. ``codes`` are those of the rules that are to run."""

    def __init__(self, root: Path, facts: Facts, codes: Iterable[str]) -> None:
        self.root = root
        self.facts = facts
        wanted = frozenset(codes)
        rules = [rule for rule in all_rules().values() if rule.code in wanted]
        self._rules = [rule for rule in rules if rule.check_module is not None]
        self._collectors = {rule.code: rule.collect for rule in rules if rule.collect is not None}

    def content(self, path: str) -> bytes:
        return read_file(self.root / path)

    def examine(self, path: str, role: Role, content: bytes | None = None) -> Examined:
        """Look at one file; a file that can't be read is an answer too, never an error."""
        digest = ""
        try:
            content = self.content(path) if content is None else content
            digest = digest_of(content)
            module = parse(path, content, role, self.facts)
            found = [
                (rule.code, each)
                for rule in self._rules
                if _applies(rule, role, content)
                for each in _run(rule, module)
            ]
            extras = {code: _collected(collect, module) for code, collect in self._collectors.items()}
            summary = summarize(module, content, {code: items for code, items in extras.items() if items})
            return Examined(digest, summary, found, suppressions_of(module))
        except Unreadable as error:
            return Examined(digest, None, [], [], str(error))
        except RecursionError:
            return Examined(digest, None, [], [], "nested too deeply to be looked at")
        except Exception as error:  # one file must not keep the others from being looked at; it is said, never passed
            told = f"{type(error).__name__}: {error}"[:200]
            return Examined(
                digest, None, [], [], f"a rule failed on it ({told}): a defect of Solvent, please report it"
            )


def digest_of(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _applies(rule: Rule, role: Role, content: bytes) -> bool:
    return role in rule.roles and (not rule.needs or any(word in content for word in rule.needs))


def _run(rule: Rule, module: Module) -> Iterable[Found]:
    assert rule.check_module is not None
    return rule.check_module(module)


def _collected(collect: Callable[[Module], Iterable[Any]], module: Module) -> list[Any]:
    return list(collect(module))
