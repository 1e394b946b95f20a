"""What the real MLflow says of the cases: ``python -m tests.oracle.signatures.mlflow_says OUTPUT.json``."""

from __future__ import annotations

import json
import logging
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mlflow.models import infer_signature
from mlflow.models.utils import _enforce_params_schema, _enforce_schema

from tests.oracle.signatures.cases import ENFORCE, INFER, PARAMS, TOLD, told


def said(ask: Callable[..., Any], *given: Any) -> dict[str, Any]:
    try:
        return {"said": ask(*given)}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"[:500]}


def inferred(make: Callable[[], Any]) -> Any:
    return infer_signature(make()).to_dict()


def inferred_params(params: Any) -> Any:
    return infer_signature(params=params).to_dict()


def enforced(known: Callable[[], Any], data: Callable[[], Any]) -> Any:
    return told(_enforce_schema(data(), infer_signature(known()).inputs))


def enforced_params(known: Any, given: Any) -> Any:
    return told(_enforce_params_schema(given, infer_signature(params=known).params))


def main(output: str) -> None:
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    answers = {
        "infer": {name: said(inferred, make) for name, make in INFER.items()},
        "params": {name: said(inferred_params, params) for name, params in PARAMS.items()},
        "enforce": {name: said(enforced, *case) for name, case in ENFORCE.items()},
        "told": {name: said(enforced_params, *case) for name, case in TOLD.items()},
    }
    Path(output).write_text(json.dumps(answers, default=str))


if __name__ == "__main__":
    main(sys.argv[1])
