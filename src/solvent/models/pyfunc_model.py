"""One way to predict for all kinds of models."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from solvent.models.flavors import known
from solvent.models.flavors.protocol import Predictor
from solvent.models.mlmodel import MLmodel
from solvent.models.signature.signature import Signature


class PyFuncModel:
    """A loaded model. ``metadata`` is what its MLmodel file says."""

    def __init__(self, metadata: MLmodel, predictor: Predictor, native: Callable[[], Any]) -> None:
        self.metadata = metadata
        self._predictor = predictor
        self._native = native

    def predict(self, data: Any, params: dict[str, Any] | None = None) -> Any:
        """What the model answers to ``data`` (frame, array, list or dict), once both fit the signature.

        A model without a signature is asked as it is; one whose signature stands in the types of its own ``predict``
        looks at its data itself.

        Raises:
            BadInput: they do not fit; the message names the columns.
        """
        if self.signature is not None:
            from solvent.models.signature.enforce import enforce, enforce_params

            params = enforce_params(params, self.signature) or None
            if not self.metadata.other.get("is_signature_from_type_hint"):
                data = enforce(data, self.signature)
        return self._predictor(data, params)

    @cached_property
    def signature(self) -> Signature | None:
        """What the model takes and gives; None if its MLmodel file does not say.

        Raises:
            NotAModel: the MLmodel file says it in a way that can't be read.
        """
        said = self.metadata.signature or {}
        return Signature.from_dict(said) if any(said.values()) else None

    def unwrap(self) -> Any:
        """The object behind it: the estimator, the booster, or the user's own."""
        return self._unwrapped

    @cached_property
    def _unwrapped(self) -> Any:
        return self._predictor.model if hasattr(self._predictor, "model") else self._native()

    def __repr__(self) -> str:
        kinds = [name for name in self.metadata.flavors if name != known.PYFUNC] or ["Python"]
        return f"<PyFuncModel {', '.join(kinds)}>"
