"""Addresses of models: ``models:/<id>``, ``models:/name/3``, ``/Staging``, ``/latest`` and ``models:/name@alias``."""

from __future__ import annotations

from typing import NamedTuple

PREFIX = "models:/"


class ModelUri(NamedTuple):
    """What an address names: a logged model by ``model_id``, or a version of ``name``.

    The version is given by its number, its stage or an alias; by none of them, it is the newest.
    """

    model_id: str = ""
    name: str = ""
    version: str = ""
    stage: str = ""
    alias: str = ""


def parse(uri: str) -> ModelUri | None:
    """The parts of a ``models:/`` address; None if it isn't a proper one.

    >>> parse("models:/fraud/3")
    ModelUri(model_id='', name='fraud', version='3', stage='', alias='')
    >>> parse("models:/fraud@champion").alias
    'champion'
    >>> parse("models:/a/b/c") is None
    True
    """
    if not uri.startswith(PREFIX):
        return None
    first, slash, suffix = uri[len(PREFIX) :].partition("/")
    if not first.strip() or "/" in suffix:
        return None
    if slash:
        return _with_suffix(first, suffix)
    if "@" in first:
        name, _, alias = first.rpartition("@")
        return ModelUri(name=name, alias=alias) if name.strip() and alias.strip() else None
    return ModelUri(model_id=first)


def _with_suffix(name: str, suffix: str) -> ModelUri | None:
    if not suffix.strip():
        return None
    if suffix.isdecimal():
        return ModelUri(name=name, version=suffix)
    if suffix.lower() == "latest":
        return ModelUri(name=name)
    return ModelUri(name=name, stage=suffix)
