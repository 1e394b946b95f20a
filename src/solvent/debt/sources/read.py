"""From a file's bytes to a module: bounded, tolerant, and never silent about what could not be read."""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from pathlib import Path

from solvent.debt.facts.facts import Facts
from solvent.debt.sources.errors import Unreadable
from solvent.debt.sources.notebook import read_notebook
from solvent.debt.sources.roles import Role
from solvent.debt.syntax.module import Module

MAX_PYTHON_BYTES = 2_000_000
"""Larger Python files were written by programs."""
MAX_NOTEBOOK_BYTES = 100_000_000
MAX_NOTEBOOK_SOURCE = 2_000_000


def read_file(path: Path) -> bytes:
    """A file's bytes.

    Raises:
        Unreadable: it can't be opened, or is larger than anything that people write.
    """
    limit = MAX_NOTEBOOK_BYTES if path.suffix == ".ipynb" else MAX_PYTHON_BYTES
    try:
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise Unreadable(f"can't be read: {error.strerror}") from error
    if len(content) > limit:
        raise Unreadable(f"larger than {limit:,} bytes: exclude it if a program wrote it")
    return content


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


def decode(content: bytes) -> str:
    """The text of Python source, by its byte order mark or coding line (PEP 263).

    Raises:
        Unreadable: it is no text in the encoding that it claims.
    """
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        return content.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        raise Unreadable(f"not text: {error}") from None


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
        raise Unreadable(f"not Python {_VERSION}: {error.msg} on line {error.lineno}{hint}") from None
    except (RecursionError, MemoryError):
        raise Unreadable("nested too deeply to be read") from None
    except ValueError as error:  # a NUL byte
        raise Unreadable(f"not Python: {error}") from None


_VERSION = "3"
