"""Fingerprints: which data it is, told from its content alone."""
