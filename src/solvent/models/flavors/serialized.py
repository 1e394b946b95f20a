"""Estimators in one file, in the format that MLmodel names; for the flavours that follow scikit-learn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from solvent.models.errors import NotAModel
from solvent.models.flavors import pickles, skops_files

FORMATS = ("skops", "cloudpickle", "pickle")


def load(path: Path, conf: dict[str, Any], default: str) -> Any:
    """The estimator; ``default`` is the format of a model that names none. Pickles are judged before (``models.load``).

    Raises:
        NotAModel: no such format is known.
    """
    match conf.get("serialization_format", default):
        case "skops":
            return skops_files.load(path, conf.get("skops_trusted_types"))
        case "cloudpickle":
            return pickles.load_cloudpickle(path)
        case "pickle":
            return pickles.load_pickle(path)
        case other:
            raise NotAModel(f"the MLmodel file names the format '{other}': expected one of {', '.join(FORMATS)}")
