"""A draft becomes the active contract: only with a version that says what changed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

from solvent.data.contract.diff import Diff, diff
from solvent.data.contract.history import earlier
from solvent.data.contract.model import Contract
from solvent.data.contract.names import shown
from solvent.data.contract.read import contract_of, parse_contract
from solvent.data.contract.versions import version_of
from solvent.data.contract.write import write_document
from solvent.data.contract.yaml_text import parse_yaml, read_text
from solvent.data.errors import InvalidContract
from solvent.disk import replace_file

_ACCEPTED = ("active", "deprecated", "retired")
_CAN_BE = ("draft", "proposed", "active")


class Accepted(NamedTuple):
    """``compared`` is None if there was no earlier accepted version to compare with."""

    contract: Contract
    compared: Diff | None
    changed: bool


def accept(path: Path, *, against: Contract | None = None, bump: bool = False) -> Accepted:
    """Make the contract of a file active, and write the file.

    Args:
        against: what it is compared with; by default the last accepted version that git keeps of the file.
        bump: give it the smallest version that says what changed, where its own does not.

    Raises:
        InvalidContract: the file is no contract, its status is beyond accepting, or its version says less than changed.
    """
    text = read_text(path)
    contract = parse_contract(text, str(path))
    version_of(contract.version)
    if contract.status not in _CAN_BE:
        raise InvalidContract(f"{path}: a {contract.status} contract can't be accepted: expected {', '.join(_CAN_BE)}")
    base = against or accepted_before(path)
    compared = diff(base, contract) if base is not None else None
    version = contract.version
    if compared is not None and not compared.enough:
        if not bump:
            raise InvalidContract(refusal(str(path), compared))
        version = compared.smallest_version
        assert base is not None
        contract = contract_of({**contract.document, "version": version}, str(path))
        compared = diff(base, contract)
    document = {**contract.document, "version": version, "status": "active"}
    new = rewritten(text, document)
    changed = new != text
    if changed:
        replace_file(path, new.encode())
    return Accepted(parse_contract(new, str(path)), compared, changed)


def accepted_before(path: Path) -> Contract | None:
    """The last accepted version that git keeps of a contract's file."""
    return next((contract for contract in earlier(path) if contract.status in _ACCEPTED), None)


def refusal(name: str, compared: Diff) -> str:
    """Why a version does not say what changed, in one line."""
    worst = compared.changes[0] if compared.changes else None
    about = f" ({worst.level}: {_where(worst.table, worst.column)}{worst.text})" if worst else ""
    if compared.made is None:
        return f"{name}: version {compared.new_version} is lower than the accepted {compared.old_version}: expected {compared.smallest_version} or more"
    return (
        f"{name}: {len(compared.changes)} changes need a {compared.needed} version{about}, "
        f"but {compared.old_version} became {compared.new_version}: write {compared.smallest_version}, or use --bump"
    )


def _where(table: str | None, column: str | None) -> str:
    return f"{table}.{column}: " if column else f"{table}: " if table else ""


def rewritten(text: str, document: dict[str, Any]) -> str:
    """The text with another version and status, its comments and layout kept; else the document written anew."""
    new = text
    for key in ("version", "status"):
        new = _with(new, key, str(document[key]))
    try:
        if parse_yaml(new, "the contract").value == document:
            return new
    except InvalidContract:
        pass
    return write_document(document)


def _with(text: str, key: str, value: str) -> str:
    """The text with another value of a key at the top; a key that is not there is put below the version."""
    line = re.compile(rf"^({key}:[ \t]*)(\"[^\"\n]*\"|'[^'\n]*'|[^\s#'\"][^\n#]*?)([ \t]*(?:#[^\n]*)?)$", re.MULTILINE)
    found = line.search(text)
    if found is not None:
        quote = found[2][0] if found[2][0] in "\"'" else ""
        return f"{text[: found.start(2)]}{quote}{value}{quote}{text[found.end(2) :]}"
    return re.sub(
        r"^(version:[^\n]*\n)", lambda match: f"{match[1]}{key}: {value}\n", text, count=1, flags=re.MULTILINE
    )


def described(contract: Contract) -> str:
    return f"{shown(contract.id)} {contract.version} ({contract.digest[:19]})"
