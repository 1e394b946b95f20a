"""What a run kept may have any form and size: it is read as far as it makes sense, and the rest is told."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvent.artifacts.local import LocalArtifacts
from solvent.errors import PermissionDenied
from solvent.tracking.compare.compare import compare
from solvent.tracking.compare.recorded import Recorded, Room, read_recorded
from solvent.wire.experiments import Tag
from solvent.wire.runs import Run, RunData, RunInfo

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NAMES = ["host", "git", "working_folder", "variables", "program", "root", "parameters"]
INNER = ["accelerators", "cpus", "memory_mb", "system", "commit", "subfolder", "alpha", "name", "from"]
SHAPED = st.dictionaries(st.sampled_from(NAMES), JSON | st.dictionaries(st.sampled_from(INNER), JSON))


def run(**tags: str) -> Run:
    data = RunData(tags=[Tag(key=key.replace("__", "."), value=value) for key, value in tags.items()])
    return Run(info=RunInfo(run_id="r", run_name="r", artifact_uri="x"), data=data)


def read(folder: Path, room: Room | None = None, **files: bytes) -> Recorded:
    store = LocalArtifacts(folder)
    for name, content in files.items():
        store.write(f"solvent/{name.replace('__', '.')}", io.BytesIO(content))
    return read_recorded(run(solvent__code="dirty"), [], lambda _: store, room or Room())


@given(JSON | SHAPED, JSON | SHAPED, JSON)
@settings(max_examples=300, deadline=None)
def test_json_of_any_form_is_compared(one: Any, other: Any, tag: Any) -> None:
    text = msgspec.json.encode(tag).decode()
    found = compare(
        [
            Recorded(run(solvent__contracts=text), provenance=one, project=other, patch={}),
            Recorded(run(solvent__contracts="[{}]"), provenance=other, project=one, patch={}),
        ]
    )
    assert msgspec.json.decode(msgspec.json.encode(found), type=type(found)) == found


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff", b"[" * 100_000, b'{"host": "\\ud800"}', b'{"a": 1e999}', b"null"]
)
def test_what_is_not_json_is_told(tmp_path: Path, content: bytes) -> None:
    found = read(tmp_path, provenance__json=content)
    assert found.provenance is None or isinstance(found.provenance, dict)
    assert found.unread in (["provenance.json: not JSON"], [])
    msgspec.json.encode(compare([found, found]))


def test_files_that_are_too_large_are_not_read_and_that_is_told(tmp_path: Path) -> None:
    found = read(tmp_path, packages__txt=b"x" * (1 << 20) + b"x", patch__diff=b"diff", other__bin=b"x" * 2_000_000)
    assert found.unread == ["packages.txt: 1,048,577 bytes, more than is read"]
    assert found.packages is None
    assert found.patch == {}
    room = Room(5)
    assert read(tmp_path / "b", room, patch__diff=b"diff", untracked__diff=b"diff").patch is None
    assert room.left == 1


def test_files_that_may_not_be_read_are_told() -> None:
    def refuse(_: str) -> LocalArtifacts:
        raise PermissionDenied("not served here")

    assert read_recorded(run(), None, refuse, Room()).unread == ["files: not served here"]


def test_the_parts_of_a_run_are_understood(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        packages__txt=b"numpy==2.3.5\nmine==1.0  # editable, file:///home/me/mine\n\n# a remark\n\xff\n",
        provenance__json=b'{"host": {"cpus": 8}}',
        cells__py=b"x = 1\n",
    )
    assert found.packages == {"numpy": "2.3.5", "mine": "1.0  # editable, file:///home/me/mine"}
    assert found.provenance == {"host": {"cpus": 8}}
    assert set(found.digests) == {"packages.txt", "provenance.json", "cells.py"}


def test_what_was_not_read_is_not_taken_for_equal(tmp_path: Path) -> None:
    one = read(tmp_path / "a", patch__diff=b"x" * 3_000_000)
    found = compare([one, read(tmp_path / "b")])
    (row,) = [row for row in found.code if row.key == "uncommitted changes"]
    assert (row.differs, row.values) == (True, ["3,000,000 bytes, not read", None])
    assert found.code_changes[0].note == "what a run recorded of its code could not be read"
