"""Reading spools that were cut anywhere."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvent.client.spool import reader
from solvent.client.spool.lines import metric_line, metric_prefix
from solvent.client.spool.reader import Acknowledged, Header, read_acknowledged, read_header, read_lines
from solvent.errors import SolventError

HEADER = b'{"solvent_spool":1,"uri":"/home/me","pid":1}\n'
LINES = [metric_line(metric_prefix("a" * 32, f"key {number}"), number / 7, number, number) for number in range(20)]


def open_file(content: bytes) -> int:
    file, name = tempfile.mkstemp()
    os.write(file, content)
    Path(name).unlink()
    return file


@settings(max_examples=200)
@given(st.integers(0, len(HEADER) + sum(len(line) for line in LINES)), st.integers(1, 7))
def test_a_file_that_is_cut_anywhere_gives_its_whole_lines(cut: int, batch: int) -> None:
    content = (HEADER + b"".join(LINES))[:cut]
    file = open_file(content)
    header = read_header(file, Path("x"))
    assert (header is None) == (cut < len(HEADER))
    found: list[bytes] = []
    if header is not None:
        assert header == Header("/home/me", len(HEADER))
        position = header.end
        limit = reader.MAX_BATCH_LINES
        reader.MAX_BATCH_LINES = batch
        while (lines := read_lines(file, position)).lines:
            found += lines.lines
            position = lines.end
        reader.MAX_BATCH_LINES = limit
    whole = [line[:-1] for line in content[len(HEADER) :].splitlines(keepends=True) if line.endswith(b"\n")]
    assert found == whole
    os.close(file)


def test_a_line_that_is_longer_than_a_batch_is_read_whole() -> None:
    line = b'"' + b"x" * (3 * reader.MAX_BATCH_BYTES) + b'"'
    file = open_file(line + b"\n" + LINES[0])
    first = read_lines(file, 0)
    assert first.lines[0] == line
    os.close(file)


@pytest.mark.parametrize("content", [b"garbage\n", b'{"solvent_spool":2,"uri":"x"}\n', b"[]\n", b"\0" * 20_000])
def test_a_damaged_header_is_said_to_be_one(content: bytes) -> None:
    file = open_file(content)
    with pytest.raises(SolventError):
        read_header(file, Path("x.jsonl"))
    os.close(file)


@pytest.mark.parametrize("note", ["", "3", "x y", "3 -5", "-1 200", "3 61", "3 999999", "3 0"])
def test_a_note_that_does_not_fit_means_from_the_beginning(tmp_path: Path, note: str) -> None:
    file = open_file(HEADER + b"".join(LINES))
    (tmp_path / "x.ack").write_text(note)
    assert read_acknowledged(tmp_path / "x.ack", file, Header("u", len(HEADER))) == Acknowledged(0, len(HEADER))
    end = len(HEADER) + len(LINES[0])
    (tmp_path / "x.ack").write_text(f"1 {end}\n")
    assert read_acknowledged(tmp_path / "x.ack", file, Header("u", len(HEADER))) == Acknowledged(1, end)
    os.close(file)
