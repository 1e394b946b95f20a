"""Fixes that Solvent can make itself: one module per rule, ``fix(tree, findings)`` (``tree.Fix``).

They are the only part that needs libcst, which keeps every blank and comment of a file (the extra ``[debt]``).
"""
