"""A model saved with what its input example tells: what it takes and what it gives.

The saved model is loaded once to answer the example, so that a model which can't be loaded is found when it is saved.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from solvent.disk import replace_file
from solvent.errors import InvalidInput, SolventError
from solvent.models import mlmodel as mlmodels
from solvent.models.flavors import known
from solvent.models.load import load_pyfunc
from solvent.models.mlmodel import MLmodel
from solvent.models.save import save_model
from solvent.models.signature.example import Example
from solvent.models.signature.infer import infer_signature
from solvent.models.signature.signature import Signature

_LONGEST_REASON = 500


class SavedModel(NamedTuple):
    """``problem``: why the signature, or a part of it, could not be inferred; None if all is well."""

    mlmodel: MLmodel
    problem: str | None


def save(
    flavor: str,
    model: Any,
    folder: Path,
    *,
    signature: Any = None,
    input_example: Any = None,
    requirements: Sequence[str] | None = None,
    metadata: dict[str, Any] | None = None,
    code_paths: Iterable[str | Path] | None = None,
    **options: Any,
) -> SavedModel:
    """Write a model into a new folder; arguments and errors as of ``models.save.save_model``, and:

    Args:
        signature: a ``Signature``, or MLflow's; without one it is inferred from the example.
        input_example: what ``infer_signature`` takes as inputs, or a pair of that and a dict of params. The first five
            rows are kept with the model. What is wrong with it is a warning, and ``problem``: the model is saved.

    Raises:
        InvalidInput: ``signature`` is none.
    """
    if signature is not None and not hasattr(signature, "to_dict"):
        raise InvalidInput(
            f"signature is a {type(signature).__name__}: expected what infer_signature makes; give input_example to have"
            " it inferred"
        )
    data, params = _parts(input_example)
    example, problem = (None, None) if data is None else _example(data, params)
    said = save_model(
        flavor,
        model,
        folder,
        signature=signature,
        input_example=example,
        requirements=requirements,
        metadata=metadata,
        code_paths=code_paths,
        **options,
    )
    if signature is None and data is not None and example is not None:
        inferred, problem = _inferred(folder, said, data, example)
        if inferred is not None:
            said.signature = inferred.to_dict()
            rewrite(folder, said)
    if problem:
        warnings.warn(f"the model is saved, but {problem}", stacklevel=3)
    return SavedModel(said, problem)


def rewrite(folder: Path, said: MLmodel) -> None:
    """Put another MLmodel file in the place of the one that a saved model has."""
    replace_file(folder / mlmodels.FILE, mlmodels.write_mlmodel(said))


def _parts(given: Any) -> tuple[Any, dict[str, Any] | None]:
    if isinstance(given, tuple) and len(given) == 2 and isinstance(given[1], dict):
        return given[0], given[1]
    return given, None


def _example(data: Any, params: dict[str, Any] | None) -> tuple[Example | None, str | None]:
    try:
        return Example(data, params), None
    except InvalidInput as error:
        return None, f"without input example and signature: {error}"


def _inferred(folder: Path, said: MLmodel, data: Any, example: Example) -> tuple[Signature | None, str | None]:
    """The signature, as far as it can be inferred, and why that is not all of it."""
    try:
        inputs = infer_signature(data, None, example.params)
    except Exception as error:
        return None, f"without a signature, which could not be inferred from the input example: {_reason(error)}"
    if known.PYFUNC not in said.flavors:
        return inputs, "its signature has no outputs: the model answers no predict"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            loaded = load_pyfunc(folder, trust_pickle=True)
            answer = loaded.predict(example.data, params=example.params)
    except Exception as error:
        return inputs, f"its signature has no outputs: it could not answer the input example: {_reason(error)}"
    try:
        outputs = infer_signature(None, answer).outputs
    except Exception as error:
        return inputs, f"its signature has no outputs: {_reason(error)}"
    return Signature(inputs.inputs, outputs, inputs.params), None


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split())[:_LONGEST_REASON]
    return text if isinstance(error, SolventError) else f"{type(error).__name__}: {text}"
