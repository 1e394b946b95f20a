"""Contracts: what a table must be, as Open Data Contract Standard v3 documents, and how data is held against them."""
