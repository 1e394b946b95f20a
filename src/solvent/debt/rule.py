"""What a rule is, and how one is declared (``registry`` finds them all)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from solvent.debt.findings import FixKind, Found, Severity
from solvent.debt.sources.roles import Role

if TYPE_CHECKING:
    from solvent.debt.delegated.reported import DelegatedFile
    from solvent.debt.project.project import Project
    from solvent.debt.syntax.module import Module

ModuleCheck = Callable[["Module"], Iterable[Found]]
ProjectCheck = Callable[["Project"], Iterable[Found]]
DelegatedCheck = Callable[["DelegatedFile"], Iterable[Found]]
Collect = Callable[["Module"], Iterable[Any]]

CATEGORIES = {
    "CFG": "configuration",
    "COD": "code",
    "DAT": "data",
    "ENV": "environment",
    "MOD": "model",
    "MON": "monitoring",
    "NBK": "notebooks",
    "PIP": "pipeline",
    "TST": "tests",
}


@dataclass(frozen=True)
class Rule:
    """One rule. ``preview`` until its measured precision allows it to be on by default (docs/debt/bench.md).

    ``evidence`` in the letters of the catalogue: S syntax, F data or control flow, P project files, N notebooks.
    ``roles`` are the kinds of files that it looks at. ``needs``: a file without any of these words is not
    looked at. Exactly one of the three checks is set. ``check_project`` sees all files at once, and ``collect``
    gathers for it in each file what the summaries don't hold: plain data, for the cache. ``check_delegated`` sees
    what ruff's rules named in ``delegates`` report of a file.
    """

    code: str
    name: str
    severity: Severity
    minutes: int
    evidence: str
    fix: FixKind | None
    preview: bool
    roles: frozenset[Role]
    needs: tuple[bytes, ...]
    module: str
    check_module: ModuleCheck | None = None
    check_project: ProjectCheck | None = None
    collect: Collect | None = None
    check_delegated: DelegatedCheck | None = None
    delegates: tuple[str, ...] = ()

    @property
    def category(self) -> str:
        return CATEGORIES[self.code[:3]]

    @property
    def documentation(self) -> str:
        """Markdown: the docstring of the rule's module."""
        return sys.modules[self.module].__doc__ or ""

    @property
    def summary(self) -> str:
        """Its first line: what is wrong, in a few words."""
        return self.documentation.strip().partition("\n")[0]


DECLARED: dict[str, Rule] = {}


def module_rule(
    code: str,
    name: str,
    *,
    severity: Severity,
    minutes: int,
    evidence: str,
    fix: FixKind | None = None,
    preview: bool = True,
    roles: Iterable[Role] = ("source", "notebook"),
    needs: tuple[bytes, ...] = (),
) -> Callable[[ModuleCheck], ModuleCheck]:
    """The decorated function looks at one file and yields what it finds."""

    def register(check: ModuleCheck) -> ModuleCheck:
        _add(
            Rule(
                *(code, name, severity, minutes, evidence, fix, preview, frozenset(roles), needs),
                *(check.__module__, check, None),
            )
        )
        return check

    return register


def project_rule(
    code: str,
    name: str,
    *,
    severity: Severity,
    minutes: int,
    evidence: str,
    fix: FixKind | None = None,
    preview: bool = True,
    roles: Iterable[Role] = ("source", "notebook"),
    collect: Collect | None = None,
) -> Callable[[ProjectCheck], ProjectCheck]:
    """The decorated function looks at the summaries of all files and at the project's own files.

    ``collect`` is run on each module; what it yields comes back from ``Project.extras(code)``.
    """

    def register(check: ProjectCheck) -> ProjectCheck:
        _add(
            Rule(
                *(code, name, severity, minutes, evidence, fix, preview, frozenset(roles), ()),
                *(check.__module__, None, check, collect),
            )
        )
        return check

    return register


def delegated_rule(
    code: str,
    name: str,
    *,
    severity: Severity,
    minutes: int,
    evidence: str,
    delegates: tuple[str, ...],
    fix: FixKind | None = None,
    preview: bool = True,
    roles: Iterable[Role] = ("source", "notebook"),
) -> Callable[[DelegatedCheck], DelegatedCheck]:
    """The decorated function narrows what ruff's rules ``delegates`` report of one file."""

    def register(check: DelegatedCheck) -> DelegatedCheck:
        _add(
            Rule(
                *(code, name, severity, minutes, evidence, fix, preview, frozenset(roles), ()),
                *(check.__module__, None, None, None, check, delegates),
            )
        )
        return check

    return register


def _add(rule: Rule) -> None:
    other = DECLARED.get(rule.code)
    assert other is None or other.module == rule.module, f"{rule.code} is both in {other.module} and {rule.module}"
    DECLARED[rule.code] = rule
