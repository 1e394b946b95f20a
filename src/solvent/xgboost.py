"""Models of XGBoost: boosters and its estimators."""

from __future__ import annotations

from solvent.client.autolog.autolog import autolog_of
from solvent.client.models.flavor import ModelFlavor

__all__ = ["autolog", "load_model", "log_model", "save_model"]

_FLAVOR = ModelFlavor("xgboost")

log_model = _FLAVOR.log_model
save_model = _FLAVOR.save_model
load_model = _FLAVOR.load_model
autolog = autolog_of("xgboost")
