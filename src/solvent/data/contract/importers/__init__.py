"""Contracts from other tools' documents: one module per format, all writing through ``draft``."""
