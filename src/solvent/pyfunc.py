"""Models of whichever kind as something that predicts; and Python functions and objects as models."""

from __future__ import annotations

from solvent.client.models.flavor import ModelFlavor
from solvent.client.models.loading import load_pyfunc as load_model

__all__ = ["load_model", "log_model", "save_model"]

_FLAVOR = ModelFlavor("pyfunc")

log_model = _FLAVOR.log_model
save_model = _FLAVOR.save_model
