"""One way to predict for all kinds of models."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from solvent.models.flavors import known
from solvent.models.flavors.protocol import Predictor
from solvent.models.mlmodel import MLmodel

_ENFORCE = "solvent.models.signature.enforce"


class PyFuncModel:
    """A loaded model. ``metadata`` is what its MLmodel file says."""

    def __init__(self, metadata: MLmodel, predictor: Predictor, native: Callable[[], Any]) -> None:
        self.metadata = metadata
        self._predictor = predictor
        self._native = native

    def predict(self, data: Any, params: dict[str, Any] | None = None) -> Any:
        """What the model answers to ``data`` (frame, array, list or dict), once it fits the signature.

        Raises:
            BadInput: it does not; the message names the columns.
        """
        if self.signature is not None and not self.metadata.other.get("is_signature_from_type_hint"):
            data = _enforced(data, self.signature)
        return self._predictor(data, params)

    @cached_property
    def signature(self) -> Any:
        """What the model takes and gives (``models.signature``); None if its MLmodel file does not say."""
        if not any((self.metadata.signature or {}).values()) or find_spec(_ENFORCE) is None:
            return None
        return import_module("solvent.models.signature.signature").Signature.from_dict(self.metadata.signature)

    def unwrap(self) -> Any:
        """The object behind it: the estimator, the booster, or the user's own."""
        return self._unwrapped

    @cached_property
    def _unwrapped(self) -> Any:
        return self._predictor.model if hasattr(self._predictor, "model") else self._native()

    def __repr__(self) -> str:
        kinds = [name for name in self.metadata.flavors if name != known.PYFUNC] or ["Python"]
        return f"<PyFuncModel {', '.join(kinds)}>"


def _enforced(data: Any, signature: Any) -> Any:
    return import_module(_ENFORCE).enforce(data, signature)
