"""What a file is for, by its path: rules that make sense in training code make none in a test."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Literal

Role = Literal["source", "notebook", "test", "docs", "example", "generated"]
ROLES: tuple[Role, ...] = ("source", "notebook", "test", "docs", "example", "generated")

_TEST = re.compile(r"(^|/)(tests?|testing|conftest\.py$|test_[^/]*\.py$|[^/]*_tests?\.py$)(/|$)")
_DOCS = re.compile(r"(^|/)(docs?|documentation|sphinx)/")
_EXAMPLE = re.compile(r"(^|/)(examples?|tutorials?|demos?|samples?|benchmarks?|bench)/")
_GENERATED = re.compile(r"(_pb2(_grpc)?\.py|_generated\.py|/_version\.py|versioneer\.py)$")


def role_of(path: str, given: Mapping[str, Role] | None = None) -> Role:
    """The role of a relative path; ``given`` maps glob patterns of the settings to roles, the first that fits holds.

    >>> role_of("src/train.py"), role_of("tests/test_train.py"), role_of("eda.ipynb")
    ('source', 'test', 'notebook')
    """
    for pattern, role in (given or {}).items():
        if fnmatchcase(path, pattern):
            return role
    if _GENERATED.search(path):
        return "generated"
    if _TEST.search(path):
        return "test"
    if _DOCS.search(path):
        return "docs"
    if _EXAMPLE.search(path):
        return "example"
    return "notebook" if path.endswith(".ipynb") else "source"
