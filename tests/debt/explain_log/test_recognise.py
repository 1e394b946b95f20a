"""Failures in logs of many shapes."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.debt.explain_log.failures import Failure
from solvent.debt.explain_log.reading import MAX_BYTES, MAX_LINE, open_log
from solvent.debt.explain_log.recognise import MOST, failures

PLAIN = """\
Traceback (most recent call last):
  File "/app/serve.py", line 30, in <module>
    main()
  File "/app/serve.py", line 16, in answer
    return model.predict(x)
           ^^^^^^^^^^^^^^^^
AttributeError: 'NoneType' object has no attribute 'predict'
"""
FRAMES = [("/app/serve.py", 30, "<module>", "main()"), ("/app/serve.py", 16, "answer", "return model.predict(x)")]


def read(text: str) -> list[Failure]:
    return failures(text.splitlines())


def frames(failure: Failure) -> list[tuple[str, int, str, str]]:
    return [(each.path, each.line, each.function, each.source) for each in failure.frames]


def prefixed(*prefixes: str) -> str:
    lines = PLAIN.splitlines()
    return "".join(f"{prefixes[number % len(prefixes)]}{line}\n" for number, line in enumerate(lines))


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        f"INFO starting\nERROR:root:it failed\n{PLAIN}INFO the end\n",
        prefixed("2026-11-24 10:00:01,123 ERROR ", "2026-11-24 10:00:02,4 ERROR "),
        prefixed("2026-11-24T10:00:01.5Z stderr F "),
        prefixed("[rank0]: "),
        prefixed("[2026-11-24, 10:00:01 UTC] {taskinstance.py:1824} ERROR - "),
        prefixed("worker-1  | "),
        prefixed("    "),
        "ERROR 10:00 " + PLAIN,
        PLAIN.split("\n", 1)[1],
    ],
    ids=["plain", "between", "times", "containers", "ranks", "airflow", "compose", "indented", "first", "no-header"],
)
def test_a_traceback_is_read_whatever_stands_before_its_lines(text: str) -> None:
    (failure,) = read(text)

    assert failure.head == "AttributeError: 'NoneType' object has no attribute 'predict'"
    assert frames(failure) == FRAMES


def test_lines_of_other_ranks_in_between_do_not_disturb() -> None:
    lines = []
    for number, line in enumerate(PLAIN.splitlines()):
        lines += [f"[rank1]: {line}", f"[rank0]: step {number}", f"12:00:0{number} INFO epoch {number}"]
    (failure,) = failures(lines)

    assert frames(failure) == FRAMES


@pytest.mark.parametrize(
    "sentence",
    [
        "During handling of the above exception, another exception occurred:",
        "The above exception was the direct cause of the following exception:",
    ],
)
@pytest.mark.parametrize("prefix", ["", "10:00:00 ERROR "])
def test_chains_are_one_failure_with_causes(sentence: str, prefix: str) -> None:
    second = 'Traceback (most recent call last):\n  File "/app/a.py", line 3, in b\n    raise\nRuntimeError: no model\n'
    text = "".join(f"{prefix}{line}\n" for line in f"{PLAIN}\n{sentence}\n\n{second}".splitlines())
    (failure,) = read(text)

    assert failure.head == "RuntimeError: no model"
    assert [each.name for each in failure.causes] == ["AttributeError"]
    assert frames(failure.causes[0]) == FRAMES


def test_parts_of_a_group_are_failures_of_their_own() -> None:
    text = """\
  + Exception Group Traceback (most recent call last):
  |   File "/app/g.py", line 9, in <module>
  |     asyncio.run(main())
  | ExceptionGroup: unhandled errors in a TaskGroup (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/app/g.py", line 2, in a
    |     fit(X)
    | ValueError: Input X contains NaN.
    +---------------- 2 ----------------
    | KeyError: 'b'
    +------------------------------------
"""
    group, first, second = read(text)

    assert group.name == "ExceptionGroup"
    assert (first.head, frames(first)) == ("ValueError: Input X contains NaN.", [("/app/g.py", 2, "a", "fit(X)")])
    assert second.head == "KeyError: 'b'"


@pytest.mark.parametrize(
    "text",
    [
        """\
---------------------------------------------------------------------------
AttributeError                            Traceback (most recent call last)
Cell In[1], line 2
      1 model = load_model('nothing')
----> 2 serve.answer(model, [1])

File ~/project/src/serve.py:16, in answer(model, x)
     15 def answer(model, x):
---> 16     return model.predict(x)

AttributeError: 'NoneType' object has no attribute 'predict'
""",
        """\
AttributeError                            Traceback (most recent call last)
<ipython-input-1-0a1b2c> in <module>
      1 model = load_model('nothing')
----> 2 serve.answer(model, [1])

~/project/src/serve.py in answer(model, x)
     15 def answer(model, x):
---> 16     return model.predict(x)

AttributeError: 'NoneType' object has no attribute 'predict'
""",
    ],
    ids=["new", "old"],
)
def test_tracebacks_of_notebooks(text: str) -> None:
    (failure,) = read(text)

    assert failure.head == "AttributeError: 'NoneType' object has no attribute 'predict'"
    assert [frame.line for frame in failure.frames] == [2, 16]
    assert failure.frames[-1].path == "~/project/src/serve.py"
    assert failure.frames[-1].source == "return model.predict(x)"


def test_a_traceback_that_is_cut_off_is_said_to_be() -> None:
    (failure,) = read(PLAIN.split("    return")[0])
    assert failure.cut_off
    assert len(failure.frames) == 2

    first, second = read(PLAIN.split("    return")[0] + "INFO: restarted\n" + PLAIN)
    assert (first.cut_off, second.cut_off) == (True, False)


def test_what_is_repeated_is_counted() -> None:
    (failure,) = read(PLAIN * 7)

    assert failure.times == 7


def test_further_lines_of_a_message_belong_to_it() -> None:
    first, second = read(
        "ValueError: feature_names mismatch: ['a'] ['z']\nexpected a in input data\n"
        "2026-11-24 10:00:00 INFO next\nKeyError: 'b'\n"
    )

    assert first.message.splitlines() == ["feature_names mismatch: ['a'] ['z']", "expected a in input data"]
    assert second.head == "KeyError: 'b'"


def test_memory_is_bounded_when_every_failure_differs() -> None:
    found = failures(f"ValueError: number {number}" for number in range(10_000))

    assert len(found) == MOST
    assert found[-1].message == "number 9999"


@given(st.lists(st.text(max_size=80) | st.sampled_from(PLAIN.splitlines()), max_size=60))
def test_any_lines_can_be_read(lines: list[str]) -> None:
    assert len(failures(lines)) <= MOST


# --- reading ---


def write(folder: Path, content: bytes | str, name: str = "run.log") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def from_file(path: Path) -> list[Failure]:
    with open_log(path) as log:
        return failures(log.lines())


def test_colours_progress_bars_and_line_ends_are_taken_off(tmp_path: Path) -> None:
    coloured = PLAIN.replace("AttributeError", "\x1b[0;31mAttributeError\x1b[0m").replace("File", "\x1b[1mFile\x1b[22m")
    text = f"  0%|    | 0/9\r 50%|##  | 5/9\r{coloured}".replace("\n", "\r\n")
    (failure,) = from_file(write(tmp_path, text))

    assert failure.name == "AttributeError"
    assert frames(failure) == FRAMES


def test_tracebacks_inside_of_json_are_unwrapped(tmp_path: Path) -> None:
    line = json.dumps({"level": "error", "extra": {"stack": PLAIN}})
    (failure,) = from_file(write(tmp_path, f"{line}\n2026-11-24 {line}\n"))

    assert frames(failure) == FRAMES
    assert failure.times == 2


def test_outputs_of_a_notebook_file_are_read(tmp_path: Path) -> None:
    traceback = [
        "\x1b[0;31m-----\x1b[0m",
        "\x1b[0;31mAttributeError\x1b[0m                            Traceback (most recent call last)",
        "Cell \x1b[0;32mIn[3], line 1\x1b[0m\n\x1b[0;32m----> 1\x1b[0m model.predict(X)\n",
        "\x1b[0;31mAttributeError\x1b[0m: 'NoneType' object has no attribute 'predict'",
    ]
    output = {"output_type": "error", "ename": "AttributeError", "evalue": "x", "traceback": traceback}
    document = {"nbformat": 4, "cells": [{"cell_type": "code", "source": "x", "outputs": [output]}]}
    (failure,) = from_file(write(tmp_path, json.dumps(document, indent=1), "eda.ipynb"))

    assert failure.head == "AttributeError: 'NoneType' object has no attribute 'predict'"
    assert [(frame.path, frame.line) for frame in failure.frames] == [("Cell In[3]", 1)]


def test_of_a_huge_log_the_end_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.log"
    with path.open("wb") as file:
        file.write(b"KeyError: 'too early'\n")
        file.seek(3 * MAX_BYTES)  # a hole: nothing that takes room on the disk
        file.write(b"\nlast lines\n" + PLAIN.encode())
    began = time.process_time()
    with open_log(path) as log:
        (failure,) = failures(log.lines())

    assert frames(failure) == FRAMES
    assert log.skipped == path.stat().st_size - MAX_BYTES
    assert time.process_time() - began < 20


def test_lines_without_an_end_take_no_memory(tmp_path: Path) -> None:
    path = write(tmp_path, b"x" * (40 * MAX_LINE) + b" ValueError: Input X contains NaN.\n" + PLAIN.encode())
    with open_log(path) as log:
        lines = list(log.lines())

    assert max(map(len, lines)) <= 2 * MAX_LINE
    assert [failure.name for failure in failures(lines)] == ["ValueError", "AttributeError"]


@given(st.binary(max_size=2_000))
def test_any_bytes_can_be_read(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = write(tmp_path_factory.mktemp("log"), content)

    with open_log(path) as log:
        assert not any("\x1b" in line for line in log.lines())
