"""The lines that are written by hand are the records that the wire knows."""

from __future__ import annotations

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.client.spool import lines
from solvent.wire.base import from_number
from solvent.wire.datasets import Dataset
from solvent.wire.ingest import EndRecord, InputRecord, MetricRecord, ParamRecord, Record, RunRecord, TagRecord

DECODER: msgspec.json.Decoder[Record] = msgspec.json.Decoder(Record)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
INT64 = st.integers(-(2**63), 2**63 - 1)


def read(line: bytes) -> Record:
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    return DECODER.decode(line)


@given(TEXTS, TEXTS, st.floats(), INT64, INT64)
def test_metrics(run_id: str, key: str, value: float, timestamp: int, step: int) -> None:
    record = read(lines.metric_line(lines.metric_prefix(run_id, key), value, timestamp, step))
    assert isinstance(record, MetricRecord)
    assert (record.run_id, record.key, record.timestamp, record.step) == (run_id, key, timestamp, step)
    found = from_number(record.value)
    assert found == value or (math.isnan(found) and math.isnan(value))


@given(TEXTS, TEXTS, TEXTS)
def test_params_and_tags(run_id: str, key: str, value: str) -> None:
    assert read(lines.param_line(run_id, key, value)) == ParamRecord(run_id=run_id, key=key, value=value)
    assert read(lines.tag_line(run_id, key, value)) == TagRecord(run_id=run_id, key=key, value=value)
    assert read(lines.tag_line(run_id, key, None)) == TagRecord(run_id=run_id, key=key, value=None)


@given(TEXTS, TEXTS, st.none() | TEXTS, st.dictionaries(TEXTS, TEXTS, max_size=4), INT64)
def test_runs(run_id: str, user: str, name: str | None, tags: dict[str, str], time: int) -> None:
    line = lines.run_line(run_id, experiment=name, experiment_id=None, name=name, user=user, start_time=time, tags=tags)
    expected = RunRecord(run_id=run_id, experiment=name, name=name, user=user, start_time=time, tags=tags)
    assert read(line) == expected
    ended = EndRecord(run_id=run_id, status="FAILED", end_time=time)
    assert read(lines.end_line(run_id, "FAILED", time)) == ended


@given(TEXTS, TEXTS, st.dictionaries(TEXTS, TEXTS, max_size=4))
def test_inputs(run_id: str, name: str, tags: dict[str, str]) -> None:
    line = lines.input_line(run_id, {"name": name, "digest": "d", "source_type": "local", "source": "{}"}, tags)
    dataset = Dataset(name=name, digest="d", source_type="local", source="{}")
    assert read(line) == InputRecord(run_id=run_id, dataset=dataset, tags=tags)


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\ud83d\ude00"])
def test_a_lone_surrogate_does_not_break_the_line(text: str) -> None:
    record = read(lines.param_line("r", "k", text))
    assert isinstance(record, ParamRecord)
    assert "?" in record.value
