"""``solvent gates``: what versions of models need to pass. Each command loads when it is used."""

from __future__ import annotations

import click

from solvent.cli.lazy import LazyGroup

# name: (module, attribute, what `solvent gates --help` says of it; a test compares it with the command's own)
COMMANDS: dict[str, tuple[str, str, str]] = {
    "apply": ("solvent.cli.gates_policy", "apply", "Have the policy of a file hold, in place of all that did."),
    "approve": ("solvent.cli.gates_record", "approve", "Say that MODEL/VERSION may pass, or may not."),
    "check": ("solvent.cli.gates_check", "check", "Say what MODEL/VERSION lacks; exit code 1 if anything."),
    "init": ("solvent.cli.gates_policy", "init", "Write a policy to begin with."),
    "record": ("solvent.cli.gates_record", "record", "Add to what is known of MODEL/VERSION."),
    "show": ("solvent.cli.gates_policy", "show", "Print the policy that holds."),
}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def gates() -> None:
    """Say what versions of models need to pass, and ask whether they do."""
