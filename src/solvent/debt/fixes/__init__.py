"""Fixes that Solvent can make itself: one module per rule, ``fix(tree, findings)`` (``tree.Fix``) where Python files
change, ``fix_texts(texts, findings)`` (``texts.FixTexts``) where manifests do.

They are the only part that needs libcst, which keeps every blank and comment of a file (the extra ``[debt]``).
"""
