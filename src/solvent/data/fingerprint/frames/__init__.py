"""Fingerprints of data frames: the same for the same data in pandas, Polars and Arrow. One module per library."""
