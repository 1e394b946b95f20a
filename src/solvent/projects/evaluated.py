"""Places of a command where bash, or a shell that it starts, evaluates a text even though it is quoted.

Arithmetic and subscripts run the command substitutions in a value: ``[[ 'a[$(id)]' -gt 5 ]]`` runs ``id``.
"""

from __future__ import annotations

import re

_TEST = re.compile(r"(?:^|[\s;&|(!{])\[\[\s(?!.*\s\]\])", re.DOTALL)
_SUBSCRIPT = re.compile(r"(?:^|[\s;&|(])[A-Za-z_]\w*\[[^\]]*$")
_COMPOUND = re.compile(r"[A-Za-z_]\w*\+?=\([^)]*\[[^)]*$")
_INTEGER = re.compile(r"\b(?:declare|typeset|local|readonly)\s+-\w*i")
_SEPARATORS = re.compile(r"[;&|()\n]")
_WORDS = re.compile(r"(?:^|\s)(?:eval|let|declare|typeset|local|readonly|unset|read|mapfile|readarray|trap)(?:\s|$)")
_NAMED = re.compile(r"(?:^|\s)(?:(?:\[|test)\s(?:.*\s)?-[vR]\s+|printf\s+(?:-v\s*)?)\S*$")
_SHELL = re.compile(r"(?:^|[\s/])(?:ba|da|a|k|z)?sh\s(?:.*\s)?-\w*c\w*\s+\S*$")


def is_evaluated(before: str) -> bool:
    """Whether what follows ``before`` is evaluated: the command up to a value, quoted characters as letters in it.

    >>> is_evaluated("[[ "), is_evaluated("a["), is_evaluated("bash -c "), is_evaluated("bash -c qqq x ")
    (True, True, True, False)
    >>> is_evaluated("[ "), is_evaluated("[[ -f x ]] && python train.py "), is_evaluated("export SEED=")
    (False, False, False)
    """
    if any(pattern.search(before) for pattern in (_TEST, _SUBSCRIPT, _COMPOUND, _INTEGER)):
        return True
    simple = _SEPARATORS.split(before)[-1]
    return any(pattern.search(simple) for pattern in (_WORDS, _NAMED, _SHELL))
