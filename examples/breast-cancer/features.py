"""Columns that the model sees beside the measures of the file."""

from __future__ import annotations

import pandas as pd

import solvent


@solvent.feature(owner="breast-cancer example", inputs=["mean_radius", "worst_radius"])
def size_variation(measures: pd.DataFrame) -> pd.Series:
    """How much larger the three largest nuclei are than the mean one: sizes vary more in malignant tumours."""
    return measures["worst_radius"] / measures["mean_radius"]
