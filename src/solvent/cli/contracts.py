"""``solvent contracts``: the life of data contracts. Each command loads when it is used."""

from __future__ import annotations

import click

from solvent.cli.lazy import LazyGroup

# name: (module, attribute, what `solvent contracts --help` says of it; a test compares it with the command's own)
COMMANDS: dict[str, tuple[str, str, str]] = {
    "accept": ("solvent.cli.contracts_life", "accept", "Make a draft the active contract."),
    "check": (
        "solvent.cli.contracts_check",
        "check",
        "Hold DATA (a file, a folder, a database) against CONTRACT.",
    ),
    "diff": ("solvent.cli.contracts_life", "diff", "Say what changed, what it means, and which version says so."),
    "export": ("solvent.cli.contracts_exchange", "export_contract", "Write a contract in another tool's form."),
    "history": ("solvent.cli.contracts_life", "history", "List the versions of a contract that git keeps."),
    "import": (
        "solvent.cli.contracts_exchange",
        "import_contract",
        "Make a draft contract of another tool's schema or suite.",
    ),
    "infer": ("solvent.cli.contracts_draft", "infer", "Write the draft of a contract for data like this."),
    "lint": ("solvent.cli.contracts_draft", "lint", "Say what a contract lacks."),
    "outdated": (
        "solvent.cli.contracts_outdated",
        "outdated",
        "List runs, models and pipelines with outdated contracts.",
    ),
}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def contracts() -> None:
    """Write, compare, accept and check data contracts."""
