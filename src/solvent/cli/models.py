"""``solvent models``: the registry. Each command loads when it is used."""

from __future__ import annotations

import click

from solvent.cli.lazy import LazyGroup

# name: (module, attribute, what `solvent models --help` says of it; a test compares it with the command's own)
COMMANDS: dict[str, tuple[str, str, str]] = {
    "history": ("solvent.cli.models_history", "history", "Say who moved what of a model, when, from where and why."),
    "list": ("solvent.cli.models_list", "list_models", "List the registered models."),
    "list-versions": ("solvent.cli.models_list", "list_versions", "List a model's versions with their stages."),
    "promote": ("solvent.cli.models_moves", "promote", "Move a version to Staging or Production."),
    "rollback": ("solvent.cli.models_moves", "rollback", "Bring back the version that was in Production before."),
    "show": ("solvent.cli.models_show", "show", "Show a model, or one version: files, origin, data."),
}


@click.group(cls=LazyGroup, lazy=COMMANDS)
def models() -> None:
    """List models and versions, move them, and tell their history."""
