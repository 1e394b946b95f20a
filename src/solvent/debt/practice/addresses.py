"""Addresses of data that a function fetches, told by what becomes of the literal."""

from __future__ import annotations

import ast
import re

from solvent.debt.syntax.functions import Call, Function
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import ancestors, is_main_guard, parent_of

REMOTE = re.compile(r"^(https?://[\w-]+\.[\w.-]+/\S|([\w.+]+:+/*:*)?(s3a?|gs|gcs|abfss?|wasbs?|hf|az)://[\w-])")
"""Data services on the web, and buckets."""
_BUCKET = re.compile(r"^([\w.+]+:+/*:*)?(s3a?|gs|gcs|abfss?|wasbs?|hf|az)://")
_PLACEHOLDER = re.compile(r"://(www\.)?(example|your|my-?bucket|localhost)", re.IGNORECASE)
_FETCHES = re.compile(
    r"get|fetch\w*|download\w*|urlopen|urlretrieve|urlretrive|read_\w+|load_dataset|load_model|\w+_api|scrape\w*|retrieve\w*"
    r"|wget|request|Request|get_file|load_state_dict_from_url"
)
_ROUTE = re.compile(r"(^|_)(uri|url|path|route|location|file|root|bucket|data|source)s?$", re.IGNORECASE)


def is_fetched(module: Module, node: ast.Constant) -> bool:
    """Whether a function, or a main block, reads data from the address that a literal begins."""
    text = str(node.value)
    function = module.function_at(node.lineno)
    if _PLACEHOLDER.search(text) or (function is module.own_code and not any(map(is_main_guard, ancestors(node)))):
        return False
    below: ast.AST = node
    above = parent_of(node)
    while above is not None:
        if isinstance(above, ast.Call):
            if below is not above.func:
                return _fetches(module.call_of(above))
        elif isinstance(above, ast.Assign):
            names = {target.id for target in above.targets if isinstance(target, ast.Name)}
            bucket = _BUCKET.match(text) is not None and any(_ROUTE.search(name) for name in names)
            return bucket or _is_passed(module, function, names)
        elif isinstance(above, ast.JoinedStr):
            if above.values[0] is not below:
                return False
        elif isinstance(above, ast.BinOp):
            if above.left is not below:
                return False
        elif not isinstance(above, ast.keyword | ast.IfExp | ast.Attribute):
            return False
        below, above = above, parent_of(above)
    return False


def _fetches(call: Call) -> bool:
    if not call.kinds.isdisjoint({"reads_data", "loads_model"}):
        return True
    node = call.node.func
    last = node.attr if isinstance(node, ast.Attribute) else call.method
    return _FETCHES.fullmatch(last) is not None


def _is_passed(module: Module, function: Function, names: set[str]) -> bool:
    """Whether a variable is given to what fetches."""
    assert module.calls is not None
    return any(
        _fetches(call)
        for call in function.calls
        if any(
            isinstance(each, ast.Name) and each.id in names
            for given in [*call.node.args[:2], *(item.value for item in call.node.keywords)]
            for each in (given.values if isinstance(given, ast.JoinedStr) else [given])
            for each in [each.value if isinstance(each, ast.FormattedValue) else each]
        )
    )
