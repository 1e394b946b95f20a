"""What Solvent says of the cases: ``python -m tests.oracle.signatures.ours_says OUTPUT.json``, with any pandas."""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from solvent.errors import InvalidInput
from solvent.models.signature.enforce import enforce
from solvent.models.signature.infer import infer_signature
from tests.oracle.signatures.cases import ENFORCE, INFER, told


def said(ask: Callable[..., Any], *given: Any) -> dict[str, Any]:
    try:
        return {"said": json.loads(json.dumps(ask(*given), default=str))}
    except InvalidInput as refused:
        return {"refused": str(refused)}


def inferred(make: Callable[[], Any]) -> Any:
    return infer_signature(make()).to_dict()


def enforced(known: Callable[[], Any], data: Callable[[], Any]) -> Any:
    return told(enforce(data(), infer_signature(known())))


def answers() -> dict[str, Any]:
    with warnings.catch_warnings(action="ignore"):
        return {f"infer {name}": said(inferred, make) for name, make in INFER.items()} | {
            f"enforce {name}": said(enforced, *case) for name, case in ENFORCE.items()
        }


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(answers()))
