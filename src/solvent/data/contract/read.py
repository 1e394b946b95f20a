"""Reading contracts: the file's bounds, the standard's schema, then Solvent's own meaning.

An error is one line that names the file, the line in it and the place in the document, what was expected, what came, and
the nearest name.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from solvent.data.contract.compile import compile_document
from solvent.data.contract.model import Contract
from solvent.data.contract.rules import Wrong
from solvent.data.contract.standard import Problem, first_problem
from solvent.data.contract.yaml_text import YamlText, only_plain, parse_yaml, place_of, read_text
from solvent.data.errors import InvalidContract


def read_contract(path: Path) -> Contract:
    """The contract of a file.

    Raises:
        InvalidContract: it can't be read, is no YAML, is not as the standard says, or not as Solvent expects.
        NotSupported: the extra [data] is not installed.
    """
    return parse_contract(read_text(path), str(path))


def parse_contract(text: str, name: str) -> Contract:
    """The contract that a text says; ``name`` is what errors call it.

    Raises:
        InvalidContract, NotSupported: as ``read_contract``.
    """
    parsed = parse_yaml(text, name)
    return _contract(parsed.value, name, parsed)


def contract_of(document: Mapping[str, Any], name: str = "the contract") -> Contract:
    """The contract of a document that was made by a program.

    Raises:
        InvalidContract, NotSupported: as ``read_contract``.
    """
    only_plain(document, name)
    return _contract(document, name, None)


def _contract(document: Any, name: str, parsed: YamlText | None) -> Contract:
    if not isinstance(document, dict):
        raise InvalidContract(
            f"{name}: expected a contract ('apiVersion: ...' and so on), came {type(document).__name__}"
        )
    problem = first_problem(document)
    if problem is None:
        try:
            return compile_document(document)
        except Wrong as error:
            problem = Problem(error.steps, error.text)
    line = f", line {parsed.line(problem.steps)}" if parsed is not None else ""
    raise InvalidContract(f"{name}{line}, {place_of(problem.steps)}: {problem.text}")
