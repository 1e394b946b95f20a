"""A model is logged without a signature or an input example.

## What it does
Finds calls of MLflow's and Solvent's `log_model` that give neither `signature` nor `input_example`.

## Why is this bad?
Nobody who loads the model can tell which columns of which types it takes, so a server can't check a request before
it predicts: a renamed or missing column becomes a wrong prediction, not an error. (Model debt; MLflow's own practice
is to log one of the two with every model.)

## Example
```python
mlflow.sklearn.log_model(model, "model")
```

## Use instead
```python
signature = infer_signature(X_train, model.predict(X_train))
mlflow.sklearn.log_model(model, "model", signature=signature, input_example=X_train.head())
```

## Limits
Silent where `**kwargs` may hold either, and for flavours that find the signature out by themselves.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from solvent.debt.findings import Found
from solvent.debt.rule import module_rule
from solvent.debt.syntax.functions import Call
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import constant, has_unpacking, keyword

_TOLD = ("signature", "input_example")
_INFERRED = frozenset(
    {"langchain", "openai", "transformers", "llama_index", "dspy", "sentence_transformers", "ag2", "autogen", "crewai"}
)
"""Flavours whose ``log_model`` infers a signature where none is given."""
_MOST_POSITIONAL = 4
"""With more, one of them may be the signature."""


@module_rule(
    "MOD405",
    "model-without-signature",
    severity="medium",
    minutes=5,
    evidence="S",
    preview=False,
    needs=(b"log_model",),
)
def check(module: Module) -> Iterator[Found]:
    for call in module.calls_of("logs_model"):
        if call.method == "log_model" and not _may_tell(call):
            flavour = call.name.split(".")[-2]
            yield module.found(
                call.node,
                f"the {flavour} model is logged without a signature: give signature=infer_signature(...) "
                "or input_example=...",
            )


def _may_tell(call: Call) -> bool:
    node = call.node
    if has_unpacking(node) or len(node.args) > _MOST_POSITIONAL or not _INFERRED.isdisjoint(call.name.split(".")):
        return True
    return any(_given(keyword(node, name)) for name in _TOLD)


def _given(value: ast.expr | None) -> bool:
    return value is not None and not (isinstance(value, ast.Constant) and constant(value) is None)
