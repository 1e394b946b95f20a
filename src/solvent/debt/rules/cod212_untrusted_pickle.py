"""A pickle that came over the network, or from a user, is loaded.

## What it does
Finds `pickle`, `dill`, `joblib`, `torch.load` and `read_pickle` on what was downloaded, received or uploaded: the
answer of a request, an object of a bucket, a file that a user gave, a file that the same code fetched from elsewhere.

## Why is this bad?
Loading a pickle runs whatever code it holds, with all rights of the program. Who can change the file at the other
end, or upload one, owns the machine. (Code debt; ruff S301, here only where the origin is not the program's own.)

## Example
```python
model = pickle.loads(requests.get(MODEL_URL).content)
```

## Use instead
```python
path = fetch(MODEL_URL, sha256=EXPECTED)  # refuse what has another digest
model = skops.io.load(path, trusted=TYPES)  # or ONNX, safetensors, torch.load(..., weights_only=True)
```

## Limits
Silent for local files, for `weights_only=True`, and where the same function compares a digest.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from solvent.debt.findings import Found
from solvent.debt.rule import module_rule
from solvent.debt.syntax.functions import Call, Function
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import argument, constant, keyword, text_of

_REMOTE = re.compile(
    r"(requests|httpx)(\.(Session|Client))?\.(get|post|request)|urllib3?\..*(urlopen|request)|urllib2\.urlopen"
    r"|streamlit\.(sidebar\.)?file_uploader|.*\.hf_hub_download|gdown\.(cached_)?download|.*\.get_object"
    r"|.*\.download_blob|.*\.download_as_(bytes|string)|.*socket.*\.recv|.*\.recv|wget\.download|boto3\..*\.Object"
)
_FETCHES = re.compile(
    r"urllib\.request\.urlretrieve|urllib\.urlretrieve|wget\.download|gdown\.(cached_)?download|.*\.download_fileobj"
    r"|.*\.download_file|.*\.download_to_filename|.*\.get_file|.*\.blob_to_file|torch\.hub\.download_url_to_file"
    r"|(.*\.)?_*(download|fetch)(_\w*)?"
)
"""Calls that write what they fetch to a file, whose name is among their arguments."""
_UPLOADS = frozenset({"fastapi.UploadFile", "starlette.datastructures.UploadFile"})
_DIGESTS = ("hashlib.", "hmac.")
_DEEPEST = 8


@module_rule(
    "COD212",
    "untrusted-pickle",
    severity="high",
    minutes=30,
    evidence="S",
    needs=(b"pickle", b"dill", b"joblib", b"torch", b"shelve"),
)
def check(module: Module) -> Iterator[Found]:
    for call in module.calls_of("unpickles"):
        if not call.node.args and not call.node.keywords:
            continue
        if constant(keyword(call.node, "weights_only")) is True or _compares_digest(call.function):
            continue
        given = argument(call.node, 0) or next((each.value for each in call.node.keywords), None)
        origin = _origin(module, call.function, given, 0) or _fetched(module, call, given)
        if origin:
            yield module.found(
                call.node,
                f"{call.name} runs the code in what came from {origin}: check a digest first, or use a format "
                "without code (ONNX, safetensors, skops)",
            )


def _origin(module: Module, function: Function, node: ast.expr | None, depth: int) -> str:
    """Where an expression's content came from, if that is outside; empty if it is not known to be."""
    if node is None or depth > _DEEPEST:
        return ""
    if isinstance(node, ast.Constant):
        text = text_of(node) or ""
        return text[:60] if text.startswith(("http://", "https://", "s3://", "gs://")) else ""
    if isinstance(node, ast.Call):
        return _origin_of_call(module, function, node, depth)
    if isinstance(node, ast.Name):
        return _origin_of_name(module, function, node.id, depth)
    if isinstance(node, ast.Attribute):
        if module.names.of(node, function) == "flask.request.files":
            return "an upload"
        return _origin(module, function, node.value, depth + 1)
    if isinstance(node, ast.Subscript | ast.Await | ast.NamedExpr):
        return _origin(module, function, node.value, depth + 1)
    return ""


def _origin_of_call(module: Module, function: Function, node: ast.Call, depth: int) -> str:
    name = module.call_of(node).name
    if _REMOTE.fullmatch(name):
        return _short(name)
    if name == "flask.request.files.get":
        return "an upload"
    inner = node.func.value if isinstance(node.func, ast.Attribute) else None
    for each in (inner, *node.args[:1]):
        if each is not None and (found := _origin(module, function, each, depth + 1)):
            return found
    return ""


def _origin_of_name(module: Module, function: Function, name: str, depth: int) -> str:
    scope: Function | None = function
    while scope is not None:
        if name in scope.given:
            found = (_origin(module, scope, value, depth + 1) for value in scope.given[name])
            return next((each for each in found if each), "")
        if name in scope.parameters:
            annotation = scope.parameters[name]
            told = module.names.of(annotation, scope) if annotation is not None else ""
            return "an upload" if told in _UPLOADS else ""
        scope = scope.outer
    return ""


def _fetched(module: Module, call: Call, given: ast.expr | None) -> str:
    """The call of the same function, or of the module's own code, that fetched the file that is loaded."""
    file = _file(call.function, given)
    if file is None:
        return ""
    for scope in (call.function, module.own_code):
        for each in scope.calls:
            if each.node.lineno <= call.line and _FETCHES.fullmatch(each.name):
                arguments = [*each.node.args, *(other.value for other in each.node.keywords)]
                if any(ast.dump(argument) == file for argument in arguments):
                    return _short(each.name)
    return ""


def _short(name: str) -> str:
    """The last two parts of a called name, as the code has them.

    >>> _short("app.stream.Stream.client_socket.recv"), _short("?.recv")
    ('client_socket.recv', 'recv')
    """
    return ".".join(name.removeprefix("?.").split(".")[-2:])


def _file(function: Function, node: ast.expr | None) -> str | None:
    """The expression that names the file which is opened, in a form that can be compared."""
    for _ in range(3):
        if isinstance(node, ast.Name) and (values := function.given.get(node.id)):
            inner = values[-1]
            if not (isinstance(inner, ast.Call) and _name(inner.func) == "open"):
                break
            node = inner
        if isinstance(node, ast.Call) and _name(node.func) == "open" and node.args:
            node = node.args[0]
    return ast.dump(node) if isinstance(node, ast.Name | ast.Constant | ast.Attribute) else None


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _compares_digest(function: Function) -> bool:
    return any(call.name.startswith(_DIGESTS) for call in function.calls)
