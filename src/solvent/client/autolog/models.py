"""The model of a training, with its signature and an input example."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from solvent.client.autolog.options import Options
from solvent.client.autolog.watching import guarded, tell
from solvent.client.models.logging import log_model
from solvent.models.signature.infer import infer_signature


def log_trained(
    options: Options, flavor: str, model: Any, name: str, rows: Any, answer: Callable[[Any], Any] | None
) -> None:
    """Log a model as far as the options ask for it; what is wrong is told and goes no further.

    Args:
        rows: what the model was trained on, a few of it; None if they are not known.
        answer: what the model says of such rows; None if it can't.
    """
    if not options.log_models:
        return
    with guarded(options, "the model"), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        signature = None
        if rows is not None and not options.log_input_examples:
            with guarded(options, "the signature"):
                signature = infer_signature(rows, answer(rows[:5]) if answer else None)
        example = rows if options.log_input_examples else None
        log_model(flavor, model, name, signature=signature, input_example=example)
        for warning in caught:
            if warning.category is UserWarning:
                tell(options, str(warning.message))
