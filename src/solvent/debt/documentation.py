"""The pages of rules in the documentation, generated: ``python -m solvent.debt.documentation docs/debt/rules``."""

from __future__ import annotations

import sys
from pathlib import Path

from solvent.debt.registry import all_rules
from solvent.debt.rule import Rule

_EVIDENCE = {
    "S": "syntax",
    "F": "data and control flow",
    "P": "project files",
    "N": "notebooks",
    "RT": "runs and registry",
}
_FIXES = {
    "safe": "`--fix` mends it",
    "unsafe": "`--unsafe-fixes` suggests a change",
}
_NOTICE = "<!-- Written by `make docs` from the rule's module: change it there. -->"


def pages() -> dict[str, str]:
    """All pages by file name: one per rule, and their index."""
    rules = list(all_rules().values())
    return {"index.md": index(rules), **{f"{rule.code}.md": page(rule) for rule in rules}}


def page(rule: Rule) -> str:
    """The page of one rule: what is declared of it, then its docstring."""
    title, _, rest = rule.documentation.strip().partition("\n")
    facts = [
        ("severity", rule.severity),
        ("time to mend", f"{rule.minutes} min"),
        ("category", rule.category),
        ("evidence", _evidence(rule)),
        ("looks at", ", ".join(sorted(rule.roles))),
        ("fix", _FIXES[rule.fix] if rule.fix is not None else "none"),
        ("state", _state(rule)),
    ]
    if rule.delegates:
        facts.append(("asks ruff for", ", ".join(rule.delegates)))
    table = "\n".join(["| | |", "|---|---|", *(f"| {name} | {text} |" for name, text in facts)])
    return f"{_NOTICE}\n\n# {rule.code} {rule.name}\n\n{title}\n\n{table}\n\n{rest.strip()}\n"


def index(rules: list[Rule]) -> str:
    """The table of all rules."""
    rows = [
        f"| [{rule.code}]({rule.code}.md) | {rule.name} | {rule.severity} | {rule.minutes} | {_evidence(rule)} "
        f"| {_state(rule)} | {_cell(rule.summary)} |"
        for rule in rules
    ]
    head = "| code | name | severity | minutes | evidence | state | finds |\n|---|---|---|--:|---|---|---|"
    on = sum(not rule.preview for rule in rules)
    return f"""{_NOTICE}

# Rules of `solvent debt check`

{len(rules)} rules, {on} of them on by default. A rule stays a preview (`--preview`, or named by its code) until its measured
precision allows it to be on. Minutes are the time to mend one finding; teams set their own in the settings.

{head}
{chr(10).join(rows)}
"""


def write(folder: Path) -> None:
    """Write all pages, and remove those of rules that are gone."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for old in folder.glob("*.md"):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _evidence(rule: Rule) -> str:
    letters = [part.strip() for part in rule.evidence.replace("/", "+").split("+")]
    return ", ".join(_EVIDENCE.get(letter, letter) for letter in letters)


def _state(rule: Rule) -> str:
    return "preview" if rule.preview else "on"


if __name__ == "__main__":
    write(Path(sys.argv[1]))
