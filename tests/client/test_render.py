"""Figures, images and tables as bytes."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import matplotlib as mpl
import numpy
import pandas
import pytest
from PIL import Image

from solvent.client.render import dict_bytes, figure_bytes, image_bytes, table_bytes, table_columns
from solvent.errors import InvalidInput

mpl.use("agg")


@pytest.mark.parametrize(("name", "start"), [("a.png", b"\x89PNG"), ("a.svg", b"<?xml"), ("a.pdf", b"%PDF")])
def test_a_figure_takes_the_format_of_its_name(name: str, start: bytes) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(1, 1))
    figure.add_subplot().plot([1, 2])
    assert figure_bytes(figure, name).startswith(start)


def test_what_is_no_figure_is_refused() -> None:
    with pytest.raises(InvalidInput, match="takes a Matplotlib or Plotly figure, not list"):
        figure_bytes([], "a.png")


@pytest.mark.parametrize("shape", [(4, 5), (4, 5, 1), (4, 5, 3), (4, 5, 4)])
def test_arrays_as_images(shape: tuple[int, ...]) -> None:
    image = Image.open(io.BytesIO(image_bytes(numpy.ones(shape), "a.png")))
    assert image.size == (5, 4)
    assert image.convert("RGB").getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize(
    "array", [numpy.ones(3), numpy.ones((2, 2, 2)), numpy.full((2, 2), 1.5), numpy.full((2, 2), 256)]
)
def test_arrays_that_are_no_images_are_refused(array: object) -> None:
    with pytest.raises(InvalidInput, match="an image"):
        image_bytes(array, "a.png")


def test_a_pil_image_keeps_its_pixels() -> None:
    image = Image.new("RGB", (2, 3), (1, 2, 3))
    assert Image.open(io.BytesIO(image_bytes(image, "a.png"))).getpixel((1, 1)) == (1, 2, 3)
    assert image_bytes(image, "a.jpg").startswith(b"\xff\xd8")


def test_tables_are_what_pandas_reads() -> None:
    frame = pandas.DataFrame({"a": [1, 2], "b": ["x", None]})
    content = table_bytes(table_columns(frame))
    assert json.loads(content)["columns"] == ["a", "b"]
    read = pandas.read_json(io.BytesIO(content), orient="split")
    assert read["a"].tolist() == [1, 2]
    with pytest.raises(InvalidInput, match="same length"):
        table_columns({"a": [1], "b": [1, 2]})
    with pytest.raises(InvalidInput, match="not int"):
        table_columns(5)


def test_dictionaries() -> None:
    assert json.loads(dict_bytes({"a": numpy.float32(0.5), "b": Path("x")}, "x.json"))["a"] == 0.5
    assert dict_bytes({"b": 1, "a": "ä"}, "x.yml").decode() == "b: 1\na: ä\n"


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ({"a": {"b": [1, {2, 3}]}}, "the value at ['a']['b'][1] is a set"),
        ({"model": object()}, "the value at ['model'] is a object"),
        ({1}, "the value is a set"),
    ],
)
@pytest.mark.parametrize("name", ["x.json", "x.yaml"])
def test_what_json_has_no_form_for_is_refused_and_named(content: object, where: str, name: str) -> None:
    with pytest.raises(InvalidInput, match=re.escape(where)):
        dict_bytes(content, name)
