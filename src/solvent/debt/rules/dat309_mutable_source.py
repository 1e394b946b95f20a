"""Training data is read from where it changes, and nothing says which state was meant.

## What it does
Finds reads for training from a place called "latest", from the newest file of a folder, from an address on the web
that names no version, from a whole table of a database, and from a file that the same code overwrites.

## Why is this bad?
The same commit trains another model tomorrow, and no run can be repeated. (Data debt; unstable data dependencies,
Sculley et al. 2015.)

## Example
```python
df = pd.read_csv("https://example.org/export/customers.csv")
```

## Use instead
```python
df = pd.read_csv("data/customers-2026-11-01.csv")  # fetched once, its digest is logged
solvent.log_input(df, name="customers")
```

## Limits
Addresses that hold a commit, a version, a date or a record of an archive are accepted, and so are queries that
restrict a date or a version, or ask a database that is a file (SQLite). Only programs that fit a model, files that
do, and, where a project has such, those that by their names prepare data for them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import msgspec

from solvent.debt.findings import Found, Spot
from solvent.debt.project.project import Project
from solvent.debt.project.training import feeds_training
from solvent.debt.rule import project_rule
from solvent.debt.syntax.functions import Call, Function
from solvent.debt.syntax.module import Module, normal_form
from solvent.debt.syntax.nodes import argument, keyword, text_of

_LATEST = re.compile(r"(^|[/_\-.])(latest|newest)([/_\-.]|$)", re.IGNORECASE)
_FIXED = re.compile(
    r"[0-9a-f]{40}|/v?\d+\.\d+|[/_\-]v\d+|(19|20)\d\d[-_/]?[01]\d|zenodo|figshare|doi\.org|openml|archive\.ics\.uci|dataverse"
    r"|^https?://(localhost|127\.)",
    re.IGNORECASE,
)
_WEB = re.compile(r"^https?://", re.IGNORECASE)
_SELECT = re.compile(r"^\s*(with\b.*)?select\b.*\bfrom\b", re.IGNORECASE | re.DOTALL)
_RESTRICTED = re.compile(r"\bwhere\b|\bas of\b|\bversion\b|\blimit\b|\bsnapshot|\{|%s|(19|20)\d\d", re.IGNORECASE)
_PREPARES = re.compile(
    r"(^|[/_])(prepare?|preprocess|make_data|data|dataset|ingest|etl|download|features?)[^/]*\.(py|ipynb)$"
)
_NEWEST = re.compile(r"getctime|getmtime|st_mtime|st_ctime")


class Read(msgspec.Struct, frozen=True, array_like=True):
    """A read of something that changes. ``why``: how that is known."""

    qualname: str
    spot: Spot
    subject: str
    why: str


def collect(module: Module) -> Iterator[Read]:
    writes = [(call, _text(call, 0, "path_or_buf")[0]) for call in module.calls_of("writes_data")]
    in_file = "sqlite" in module.source  # such a table is a file, which may be kept with the code
    for call in module.calls_of("reads_data"):
        # what is made in one function and read in another is a step in between, and no source
        written = {text for other, text in writes if other.function is call.function and other.line > call.line}
        why = _why(call, written, in_file=in_file)
        if why:
            yield Read(call.function.qualname, module.spot(call.node), normal_form(call.node), why)
    for call in module.calls if "yfinance" in module.source else ():
        if call.name == "yfinance.download" and _is_open_ended(call.node):
            yield Read(call.function.qualname, module.spot(call.node), normal_form(call.node), "all quotes up to today")


def _why(call: Call, written: set[str], *, in_file: bool) -> str:
    text, whole = _text(call, 0, "filepath_or_buffer", "sql", "path", "io")
    if not text:
        return "the newest file of a folder" if _is_newest(call) else ""
    if "sql" in call.method or "gbq" in call.method:
        wanted = _SELECT.match(text) and whole and not _RESTRICTED.search(text) and not in_file
        return "a whole table, as it is at that moment" if wanted else ""
    if _WEB.match(text):
        return "" if _FIXED.search(text) else "an address on the web, whatever is there at that moment"
    if _LATEST.search(text):
        return "'latest', which means another file tomorrow"
    return "a file that this code overwrites" if whole and text in written and call.name.startswith("pandas.") else ""


def _text(call: Call, position: int, *names: str) -> tuple[str, bool]:
    """The literal that an argument is or was given, and whether that is all of it."""
    node = argument(call.node, position) or next((v for name in names if (v := keyword(call.node, name))), None)
    if isinstance(node, ast.Name):
        node = _given(node.id, call.function) or node
    if isinstance(node, ast.Call) and node.args and normal_form(node.func).rpartition(".")[2] in ("text", "Path"):
        node = node.args[0]
    if isinstance(node, ast.JoinedStr):
        parts = [text_of(each) or "{}" for each in node.values]
        return "".join(parts), False
    return text_of(node) or "", True


def _given(name: str, function: Function | None) -> ast.expr | None:
    """What a variable is given once, here or around."""
    while function is not None:
        if name in function.parameters:
            return None
        if name in function.given:
            given = function.given[name]
            return given[0] if len(given) == 1 else None
        function = function.outer
    return None


def _is_newest(call: Call) -> bool:
    node = argument(call.node, 0)
    if isinstance(node, ast.Name):
        node = _given(node.id, call.function)
    return isinstance(node, ast.Call) and bool(_NEWEST.search(normal_form(node)))


def _is_open_ended(node: ast.Call) -> bool:
    end = keyword(node, "end")
    if any(given.arg is None for given in node.keywords) or len(node.args) > 2:
        return False
    return end is None or bool(re.search(r"\b(now|today)\(", normal_form(end)))


@project_rule("DAT309", "mutable-source", severity="medium", minutes=20, evidence="S", collect=collect)
def check(project: Project) -> Iterator[Found]:
    feeding = feeds_training(project)
    if not feeding:
        return
    for file, item in project.extras("DAT309"):
        read = msgspec.convert(item, Read)
        if (file.path, read.qualname) in feeding or _PREPARES.search(file.path.lower()):
            message = f"training reads {read.why}: keep a version of the data and name it"
            yield project.functions[file.path, read.qualname].found(read.spot, message, subject=read.subject)
