"""MLflow keeps prompts as registered models with a tag: how they are told apart.

Our own page and commands show models; MLflow's client registers, aliases and finds its prompts by
the same requests.
"""

from __future__ import annotations

from collections.abc import Iterable

from solvent.errors import InvalidInput
from solvent.store import registered_models
from solvent.store.transaction import Transaction
from solvent.wire.experiments import Tag

IS_PROMPT = "mlflow.prompt.is_prompt"
TEXT = "mlflow.prompt.text"
TYPE = "_mlflow_prompt_type"
_SOURCES = {"dummy-source", "prompt-template"}  # what MLflow's clients send: a prompt has no files


def marks_prompt(tags: Iterable[Tag]) -> bool:
    """Whether the tags are those of a prompt."""
    return any(tag.key == IS_PROMPT and tag.value.lower() == "true" for tag in tags)


def is_prompt(tx: Transaction, model_id: int) -> bool:
    return marks_prompt(registered_models.tags(tx, [model_id]).get(model_id, []))


def check_source(source: str) -> None:
    if source not in _SOURCES:
        raise InvalidInput(f"Invalid prompt source: '{source}'. Prompt sources must use an MLflow placeholder.")


def has_no_files(source: str) -> bool:
    """Whether the source of a version is that of a prompt, which is all text."""
    return source in _SOURCES
