from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

from solvent.projects.reproduce.archives import contents_digest


def archive(files: dict[str, bytes], year: int = 2001) -> io.BytesIO:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for name, text in files.items():
            made.writestr(zipfile.ZipInfo(name, (year, 1, 1, 0, 0, 0)), text)
    return content


def model(address: int, *, weights: bytes = b"1 2 3", version: str = "0.11", **more: Any) -> io.BytesIO:
    """As skops writes it: arrays are named by their addresses."""
    array = {"__class__": "ndarray", "__id__": address, "type": "numpy", "file": f"{address}.npy"}
    tree = {"content": {"coef_": array, "again": array, **more}, "_skops_version": version}
    return archive({f"{address}.npy": weights, "schema.json": json.dumps(tree).encode()}, 2000 + address)


def test_times_and_order_do_not_count_and_contents_do() -> None:
    one = contents_digest(archive({"a": b"1", "b": b"2"}))
    assert one == contents_digest(archive({"b": b"2", "a": b"1"}, 2002))
    assert one != contents_digest(archive({"a": b"1", "b": b"3"}))
    assert one != contents_digest(archive({"a": b"1", "c": b"2"}))


def test_a_model_is_the_same_wherever_its_arrays_lay() -> None:
    assert contents_digest(model(1)) == contents_digest(model(2)) != ""


@pytest.mark.parametrize(
    "other",
    [
        model(2, weights=b"1 2 4"),
        model(2, version="0.12"),
        model(2, alpha=0.5),
        model(2, other={"__id__": 3}),
        archive({"2.npy": b"1 2 3", "schema.json": b"{}"}),
    ],
)
def test_a_model_with_anything_else_is_another_one(other: io.BytesIO) -> None:
    assert contents_digest(model(1, alpha=0.1)) != contents_digest(other) != ""
    assert contents_digest(model(1)) != contents_digest(other)


@pytest.mark.parametrize("schema", [b"", b"{", b"[" * 100_000, b"\xff"])
def test_a_schema_that_can_not_be_read_has_no_contents(schema: bytes) -> None:
    assert contents_digest(archive({"schema.json": schema})) == ""


@pytest.mark.parametrize("schema", [b"[1]", b'{"_skops_version": 1, "file": []}'])
def test_a_schema_may_be_anything(schema: bytes) -> None:
    assert contents_digest(archive({"schema.json": schema})) != ""


def test_what_is_no_archive_has_no_contents() -> None:
    assert contents_digest(io.BytesIO(b"PK\x03\x04 and then?")) == ""
