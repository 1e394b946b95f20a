"""features.yaml: features that are made elsewhere, such as in SQL or Spark.

    features:
      - name: debt_ratio
        description: Debt per yearly income.
        owner: risk
        inputs: [debt, income]
        dtype: float
        source: {path: sql/debt_ratio.sql}

``source`` is a text, or ``{path: ...}`` of a file beside it. ``- name: description`` on one line is enough to begin
with.
"""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from solvent.data.features.definition import DIGITS
from solvent.data.features.errors import InvalidFeatures, nearest
from solvent.data.features.model import Feature
from solvent.data.features.registered import encodable
from solvent.yaml_text import decoded, read_yaml

MAX_BYTES = 1_000_000
FILES = ("features.yaml", "features.yml")
_KEYS = ("name", "description", "owner", "inputs", "outputs", "source", "dtype")


def read_features(root: Path, path: str) -> list[Feature]:
    """The features that a file of the project at ``root`` describes.

    Raises:
        InvalidFeatures: it is not as documented, or a source that it names is not there.
    """
    text = decoded(_content(root / path, path), path, InvalidFeatures, MAX_BYTES)
    document = read_yaml(text, path, InvalidFeatures)
    features = []
    for item, line in _items(document.value, document.node, path):
        where = f"{path}, line {line}"
        fields = _fields(item, where)
        source = _source(fields.get("source"), root, path, where)
        name = _text(fields, "name", where)
        if not name:
            raise InvalidFeatures(f"{where}: a feature needs a name: write - name: ...")
        outputs = _names(fields, "outputs", where)
        features.append(
            Feature(
                name=name,
                description=_text(fields, "description", where),
                owner=_text(fields, "owner", where),
                inputs=_names(fields, "inputs", where),
                outputs=(name,) if outputs is None else outputs,
                version=_version(source),
                file=path,
                line=line,
                dtype=_text(fields, "dtype", where),
                source=source,
            )
        )
    return features


def _items(value: Any, node: yaml.Node | None, path: str) -> list[tuple[Any, int]]:
    """Each feature's own part of the document, with its line."""
    if isinstance(value, dict):
        for key in value:
            if key != "features":
                raise InvalidFeatures(f"{path}: unknown key '{key}' (known: features){nearest(str(key), ['features'])}")
        if not isinstance(node, yaml.MappingNode) or not node.value:
            return []
        value, node = value["features"], node.value[0][1]
    if value is None:
        return []
    if isinstance(value, dict) and isinstance(node, yaml.MappingNode):
        marks = [key.start_mark.line + 1 for key, _ in node.value]
        return [(_with_name(key, each), line) for (key, each), line in zip(value.items(), marks, strict=True)]
    if isinstance(value, list) and isinstance(node, yaml.SequenceNode):
        return [(each, item.start_mark.line + 1) for each, item in zip(value, node.value, strict=True)]
    raise InvalidFeatures(f"{path}: expected 'features:' with a list, found {_kind(value)}")


def _with_name(name: Any, item: Any) -> Any:
    """An item of ``name: description``, or of ``name:`` with a block."""
    if isinstance(item, dict):
        return {"name": str(name)} | item
    return {"name": str(name), "description": item}


def _fields(item: Any, where: str) -> dict[str, Any]:
    if isinstance(item, dict) and len(item) == 1 and not set(item) & set(_KEYS):
        item = _with_name(*next(iter(item.items())))
    if not isinstance(item, dict):
        raise InvalidFeatures(f"{where}: expected '- name: ...' with description and owner, found {_kind(item)}")
    for key in item:
        if key not in _KEYS:
            known = ", ".join(_KEYS)
            raise InvalidFeatures(f"{where}: unknown key '{key}' (known: {known}){nearest(str(key), _KEYS)}")
    return item


def _text(fields: dict[str, Any], key: str, where: str) -> str:
    value = fields.get(key)
    if value is not None and not isinstance(value, str):
        raise InvalidFeatures(f"{where}: {key} must be a text, found {_kind(value)}")
    return encodable(" ".join((value or "").split()))


def _names(fields: dict[str, Any], key: str, where: str) -> tuple[str, ...] | None:
    value = fields.get(key)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        raise InvalidFeatures(f"{where}: {key} must be a list of names, such as [debt, income], found {_kind(value)}")
    return tuple(map(encodable, value))


def _source(value: Any, root: Path, path: str, where: str) -> str:
    if value is None or isinstance(value, str):
        text = (value or "").strip()
        if text and len(text.split()) == 1 and PurePosixPath(text).suffix:
            raise InvalidFeatures(f"{where}: the source '{text}' looks like a file: write source: {{path: {text}}}")
        return encodable(text)
    if not isinstance(value, dict) or set(value) != {"path"} or not isinstance(value["path"], str):
        raise InvalidFeatures(f"{where}: source must be a text or {{path: file}}, found {_kind(value)}")
    file = (root / path).parent / value["path"]
    if "\0" in value["path"] or not file.resolve().is_relative_to(root.resolve()):
        raise InvalidFeatures(f"{where}: the source '{value['path']}' lies outside of the project")
    shown = f"{where}: the source '{value['path']}'"
    if file.exists() and not file.is_file():  # opening a pipe would wait for its other end
        raise InvalidFeatures(f"{shown} is no file")
    content = _content(file, shown)
    return content.decode("utf-8", "replace").replace("\r\n", "\n").strip()


def _content(file: Path, shown: str) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InvalidFeatures(f"{shown} is not there: correct its name, or add it") from None
    except (OSError, ValueError) as error:
        raise InvalidFeatures(f"{shown} can't be read: {getattr(error, 'strerror', None) or error}") from error
    if len(content) > MAX_BYTES:
        raise InvalidFeatures(f"{shown} is larger than {MAX_BYTES:,} bytes")
    return content


def _version(source: str) -> str:
    """A digest of the source's words: white space does not change it; comments do, for the language is not known."""
    return hashlib.sha256(" ".join(source.split()).encode()).hexdigest()[:DIGITS] if source else ""


def _kind(value: Any) -> str:
    names = {dict: "a block", list: "a list", str: "a text", type(None): "nothing"}
    return names.get(type(value), f"'{value}'"[:60])
