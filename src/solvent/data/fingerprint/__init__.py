"""Fingerprints: the same data has the same one, other data has another one."""
