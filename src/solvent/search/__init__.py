"""Filters and orders: text to tokens to a syntax tree to parameterised SQL, and keyset page tokens."""
