"""A model's signature: what it takes, what it gives, and the params that predicting may be told.

Reference: ``mlflow.models.ModelSignature`` of MLflow 3.17.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from solvent.models.errors import NotAModel
from solvent.models.signature.schema import (
    Param,
    Schema,
    describe_schema,
    params_from_json,
    params_json,
    schema_from_json,
    schema_json,
)


class Signature(msgspec.Struct, frozen=True):
    """``infer_signature`` makes one of data; an MLmodel file holds one as ``to_dict`` gives it."""

    inputs: Schema | None = None
    outputs: Schema | None = None
    params: tuple[Param, ...] | None = None

    def to_dict(self) -> dict[str, str | None]:
        """The keys inputs, outputs and params; each the JSON of its schema, or None."""
        return {
            "inputs": schema_json(self.inputs) if self.inputs else None,
            "outputs": schema_json(self.outputs) if self.outputs else None,
            "params": params_json(self.params) if self.params else None,
        }

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> Signature:
        """
        Raises:
            NotAModel: it is not what ``to_dict``, MLflow's or this one, writes.
        """
        if not isinstance(said, Mapping):
            raise NotAModel("the model's signature is no mapping of inputs, outputs and params")
        inputs, outputs, params = said.get("inputs"), said.get("outputs"), said.get("params")
        return cls(
            schema_from_json(inputs, "inputs") if inputs else None,
            schema_from_json(outputs, "outputs") if outputs else None,
            params_from_json(params) if params else None,
        )

    def __str__(self) -> str:
        inputs = describe_schema(self.inputs) if self.inputs else "nothing is known"
        outputs = describe_schema(self.outputs) if self.outputs else "nothing is known"
        params = ", ".join(f"{one.name}={one.default!r}" for one in self.params or ())
        return f"inputs: {inputs}; outputs: {outputs}" + (f"; params: {params}" if params else "")
