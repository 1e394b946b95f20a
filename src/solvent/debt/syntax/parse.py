"""From bytes to a module."""

from __future__ import annotations

import ast
import warnings

from solvent.debt.facts.facts import Facts
from solvent.debt.sources.errors import Unreadable
from solvent.debt.sources.notebook import read_notebook
from solvent.debt.sources.read import decode
from solvent.debt.sources.roles import Role
from solvent.debt.syntax.module import Module

MAX_NOTEBOOK_SOURCE = 2_000_000


def parse(path: str, content: bytes, role: Role, facts: Facts) -> Module:
    """The module that a Python file or a notebook holds.

    Raises:
        Unreadable: it is not Python 3, not text, or no notebook; the message names the line.
    """
    if path.endswith(".ipynb"):
        notebook = read_notebook(content)
        if notebook.language != "python":
            raise Unreadable(f"a notebook in {notebook.language}, and Python was expected")
        if len(notebook.source) > MAX_NOTEBOOK_SOURCE:
            raise Unreadable(f"its cells hold more than {MAX_NOTEBOOK_SOURCE:,} characters of code")
        return Module(path, notebook.source, parse_source(notebook.source), facts, role, notebook)
    source = decode(content)
    return Module(path, source, parse_source(source), facts, role)


def parse_source(source: str) -> ast.Module:
    """The syntax tree.

    Raises:
        Unreadable: no Python 3, or nested deeper than any person writes.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes in other people's strings
            return ast.parse(source)
    except SyntaxError as error:
        hint = " (Python 2?)" if "print" in str(error.msg) else ""
        raise Unreadable(f"not Python 3: {error.msg} on line {error.lineno}{hint}") from None
    except (RecursionError, MemoryError):
        raise Unreadable("nested too deeply to be read") from None
    except ValueError as error:  # a NUL byte
        raise Unreadable(f"not Python: {error}") from None
