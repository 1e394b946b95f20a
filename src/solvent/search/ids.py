"""Ids that are numbers inside, and the names of numbered states."""

from __future__ import annotations


def experiment_id(text: str) -> int:
    """The number of an experiment id.

    Raises:
        ValueError: the text is no id; the message is MLflow's.
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise ValueError(f"Invalid experiment ID '{text[:60]}'. Experiment ID must be a valid integer.")
    return int(text)


def model_status(text: str) -> str:
    """READY, PENDING or UPLOAD_FAILED from those, from the wire's LOGGED_MODEL_READY, or from MLflow's number."""
    return {"1": "PENDING", "2": "READY", "3": "UPLOAD_FAILED"}.get(text, text.removeprefix("LOGGED_MODEL_"))
