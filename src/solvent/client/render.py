"""The bytes of dictionaries, tables, figures and images as artifacts."""

from __future__ import annotations

import io
import json
from datetime import date, time
from decimal import Decimal
from pathlib import PurePath
from typing import Any
from uuid import UUID

from solvent.errors import InvalidInput


def dict_bytes(dictionary: Any, name: str) -> bytes:
    """YAML if the name ends in .yaml or .yml, else JSON.

    NumPy's scalars and arrays become numbers and lists; paths, times, decimals and UUIDs their text.

    Raises:
        InvalidInput: something in it that JSON has no form for.
    """
    try:
        text = json.dumps(dictionary, indent=2, default=_json_form)
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"{name} can't be written as JSON: {_culprit(dictionary) or error}") from None
    if name.lower().endswith((".yaml", ".yml")):
        import yaml

        return yaml.safe_dump(json.loads(text), sort_keys=False, allow_unicode=True).encode()
    return text.encode()


def _json_form(value: Any) -> Any:
    if callable(getattr(value, "tolist", None)):
        return value.tolist()
    if isinstance(value, (PurePath, date, time, Decimal, UUID)):
        return str(value)
    raise TypeError(f"a {type(value).__name__} has no form in JSON")


def _culprit(value: Any, place: str = "") -> str:
    """Where in a structure the first value lies that JSON has no form for; '' if it is not found."""
    inner: list[tuple[str, Any]] = []
    if isinstance(value, dict):
        inner = [(f"{place}[{key!r}]", entry) for key, entry in value.items()]
    elif isinstance(value, (list, tuple)):
        inner = [(f"{place}[{number}]", entry) for number, entry in enumerate(value)]
    for where, entry in inner:
        try:
            json.dumps(entry, default=_json_form)
        except TypeError:
            return _culprit(entry, where)
        except ValueError:
            return f"{where} holds itself"
    if inner:
        return ""
    return f"the value{' at ' if place else ''}{place} is a {type(value).__name__}; make it a list, a number or a text"


def figure_bytes(figure: Any, name: str, save_kwargs: dict[str, Any] | None = None) -> bytes:
    """A Matplotlib figure (``savefig``) or a Plotly one (``write_html``, ``to_image``) in the format of the name."""
    suffix = name.rpartition(".")[2].lower()
    if hasattr(figure, "savefig"):
        buffer = io.BytesIO()
        figure.savefig(buffer, **({"format": suffix} | (save_kwargs or {})))
        return buffer.getvalue()
    if hasattr(figure, "to_html"):
        if suffix in ("html", "htm"):
            return str(figure.to_html(**({"include_plotlyjs": "cdn"} | (save_kwargs or {})))).encode()
        return bytes(figure.to_image(**({"format": suffix} | (save_kwargs or {}))))
    raise InvalidInput(f"log_figure takes a Matplotlib or Plotly figure, not {type(figure).__name__}")


def image_bytes(image: Any, name: str) -> bytes:
    """A PIL image, or an array of shape (height, width[, 1|3|4]) with values 0..255 or floats 0..1."""
    if not hasattr(image, "save"):
        image = _from_array(image)
    buffer = io.BytesIO()
    suffix = name.rpartition(".")[2].lower()
    image.save(buffer, format={"jpg": "jpeg", "tif": "tiff"}.get(suffix, suffix))
    return buffer.getvalue()


def _from_array(array: Any) -> Any:
    try:
        import numpy
        from PIL import Image  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        raise InvalidInput("log_image needs Pillow and NumPy: pip install pillow numpy") from None
    values = numpy.asarray(array)
    if values.ndim == 3 and values.shape[2] == 1:
        values = values[:, :, 0]
    if values.ndim not in (2, 3) or (values.ndim == 3 and values.shape[2] not in (3, 4)):
        raise InvalidInput(f"an image has the shape (height, width) or (height, width, 1|3|4), not {values.shape}")
    if values.dtype.kind == "f":
        if values.size and not (values.min() >= 0 and values.max() <= 1):
            raise InvalidInput(f"an image of floats lies between 0 and 1, not {values.min()} and {values.max()}")
        values = values * 255
    elif values.size and not (values.min() >= 0 and values.max() <= 255):
        raise InvalidInput(f"an image of whole numbers lies between 0 and 255, not {values.min()} and {values.max()}")
    return Image.fromarray(values.astype(numpy.uint8))


def table_columns(data: Any) -> dict[str, list[Any]]:
    """The columns of a dictionary (of lists, or of single values for one row) or of a data frame."""
    if isinstance(data, dict):
        columns = {str(key): list(value) if _is_column(value) else [value] for key, value in data.items()}
    elif hasattr(data, "columns"):
        columns = {str(key): list(data[key]) for key in data.columns}
    else:
        raise InvalidInput(f"log_table takes a dictionary of columns or a data frame, not {type(data).__name__}")
    lengths = {key: len(column) for key, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise InvalidInput(f"the columns of a table must have the same length, not {lengths}")
    return columns


def _is_column(value: Any) -> bool:
    return not isinstance(value, (str, bytes, dict)) and hasattr(value, "__iter__")


def table_bytes(columns: dict[str, list[Any]]) -> bytes:
    """JSON as pandas reads it with ``orient="split"``."""
    rows = list(zip(*columns.values(), strict=True))
    return json.dumps({"columns": list(columns), "data": rows}, default=_plain).encode()


def _plain(value: Any) -> Any:
    """A NumPy number as a number, anything else as its text."""
    item = getattr(value, "item", None)
    return item() if callable(item) else str(value)
