"""What a child prints: lines, masks, parts, and a server that is away."""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import BinaryIO

import pytest

from solvent.artifacts.local import LocalArtifacts
from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import Unavailable
from solvent.projects import output, output_lines, output_parts
from solvent.projects.output import NOTE, Output
from solvent.projects.output_parts import FOLDER, Parts
from solvent.projects.output_reader import OutputReader
from solvent.wire.runs import CreateRun, GetRun, Run


@pytest.fixture
def run(backend: EmbeddedBackend) -> Run:
    return backend.call(CreateRun(experiment_id="0", start_time=1)).run


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOLVENT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def store_of(backend: EmbeddedBackend, run: Run) -> LocalArtifacts:
    return backend.artifacts(run.info.artifact_uri)


def text(backend: EmbeddedBackend, run: Run, name: str = "output") -> str:
    return b"".join(OutputReader(store_of(backend, run), name).new()).decode()


def note(backend: EmbeddedBackend, run: Run) -> str:
    tags = {tag.key: tag.value for tag in backend.call(GetRun(run_id=run.info.run_id)).run.data.tags}
    return tags.get(NOTE, "")


def test_lines_of_both_streams_as_they_came_and_errors_alone(backend: EmbeddedBackend, run: Run) -> None:
    with Output(backend, run) as sink:
        sink.write("stdout", b"on")
        sink.write("stderr", b"problem\n")
        sink.write("stdout", b"e\r\ntwo\nthr")
        sink.write("stdout", b"ee")
    assert text(backend, run) == "problem\none\ntwo\nthree\n"
    assert text(backend, run, "stderr") == "problem\n"
    assert note(backend, run) == ""


def test_of_a_progress_bar_the_last_state_is_kept(backend: EmbeddedBackend, run: Run) -> None:
    with Output(backend, run) as sink:
        for percent in range(100):
            sink.write("stderr", b"\r%d%%" % percent)
        sink.write("stderr", b"\r100%\n")
        sink.write("stdout", b"a\r")
        sink.write("stdout", b"\nb\rc\n")
    assert text(backend, run) == "100%\na\nc\n"


def test_secrets_are_masked(backend: EmbeddedBackend, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_TOKEN", "correct-horse-battery")
    with Output(backend, run) as sink:
        sink.write("stdout", b"got correct-horse-")
        sink.write("stdout", b"battery\npassword=hunter2\nhttps://me:pw@host\nloss=0.5\n")
    assert text(backend, run) == "got [redacted]\npassword=[redacted]\nhttps://[redacted]@host\nloss=0.5\n"


def test_any_bytes_are_taken(backend: EmbeddedBackend, run: Run) -> None:
    with Output(backend, run) as sink:
        sink.write("stdout", bytes(range(256)) + b"\n")
        sink.write("stdout", b"x" * 200_000)
    found = text(backend, run)
    assert found.count("x") == 200_000 + 1
    assert max(map(len, found.split("\n"))) <= output_lines.LONGEST_LINE


def test_it_can_be_read_while_it_is_written(
    backend: EmbeddedBackend, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "SECONDS", 0.02)
    reader = OutputReader(store_of(backend, run), "output")
    seen: list[bytes] = []
    with Output(backend, run) as sink:
        for number in range(20):
            sink.write("stdout", b"line %d\n" % number)
            time.sleep(0.01)
            seen += reader.new()
        assert seen
    seen += reader.new()
    assert b"".join(seen) == b"".join(b"line %d\n" % number for number in range(20))


class Away(LocalArtifacts):
    """A store that can't be reached for a while."""

    away = True

    def write(self, path: str, source: BinaryIO) -> int:
        if self.away:
            raise Unavailable("the server can't be reached")
        return super().write(path, source)


class AwayBackend(EmbeddedBackend):
    files: Away | None = None

    def artifacts(self, uri: str) -> LocalArtifacts:
        self.files = self.files or Away(super().artifacts(uri).root)
        return self.files


@pytest.fixture
def distant(backend: EmbeddedBackend) -> AwayBackend:
    return AwayBackend(backend.uri, backend.store, backend.artifact_folder)


def test_a_server_that_comes_back_gets_all(
    distant: AwayBackend, backend: EmbeddedBackend, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "SECONDS", 0.02)
    with Output(distant, run) as sink:
        sink.write("stdout", b"first\n")
        time.sleep(0.1)
        sink.write("stdout", b"second\n")
        assert distant.files is not None
        assert text(backend, run) == ""
        distant.files.away = False
    assert text(backend, run) == "first\nsecond\n"
    assert note(backend, run) == ""


def test_what_could_not_be_sent_is_kept_here_and_said(
    distant: AwayBackend, backend: EmbeddedBackend, run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "SECONDS", 0.02)
    monkeypatch.setattr(output, "END_SECONDS", 0.1)
    said: list[str] = []
    with Output(distant, run, said.append) as sink:
        sink.write("stdout", b"first\n")
        sink.write("stderr", b"second\n")
    folder = home / "logs" / run.info.run_id
    assert {file.name: file.read_text() for file in folder.iterdir()} == {
        "output-00001.txt": "first\nsecond\n",
        "stderr-00001.txt": "second\n",
    }
    assert len(said) == 1
    assert f"solvent artifacts log-artifacts -l {folder} -r {run.info.run_id} -a solvent/logs" in said[0]
    assert note(backend, run) == "the end was not sent"


def test_too_much_at_once_is_left_out_and_said(
    distant: AwayBackend, backend: EmbeddedBackend, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "SECONDS", 0.02)
    monkeypatch.setattr(output, "MOST_WAITING", 1_000)
    with Output(distant, run) as sink:
        sink.write("stdout", b"0\n")
        time.sleep(0.1)  # taken from the queue, and waiting to be sent
        for number in range(1, 100):
            sink.write("stdout", b"%098d\n" % number)
        assert distant.files is not None
        distant.files.away = False
    lines = text(backend, run).splitlines()
    assert lines[0] == "0"
    assert lines[1] == "[solvent: 8811 bytes that were printed here are left out: they could not be sent]"
    assert [int(line) for line in lines[2:]] == list(range(90, 100))
    assert note(backend, run) == "8811 bytes could not be sent in time"


def test_long_output_keeps_its_beginning_and_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output_parts, "PART", 100)
    monkeypatch.setattr(output_parts, "HEAD_PARTS", 2)
    monkeypatch.setattr(output_parts, "TAIL_PARTS", 3)
    store = LocalArtifacts(tmp_path)
    parts = Parts(store, "output")
    for number in range(100):
        parts.add(b"line %04d\n" % number)  # ten to a part
        parts.send()
    names = [info.path for info in store.list(FOLDER)]
    assert names == [f"{FOLDER}/output-{number:05}.txt" for number in (1, 2, 8, 9, 10)]
    lines = b"".join(OutputReader(store, "output").new()).decode().splitlines()
    assert lines[20] == "[solvent: the middle is left out, 5 parts]"
    assert (lines[19], lines[21], lines[-1]) == ("line 0019", "line 0070", "line 0099")
    assert parts.cut


def test_a_part_ends_with_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output_parts, "PART", 100)
    store = LocalArtifacts(tmp_path)
    parts = Parts(store, "output")
    parts.add(b"a" * 69 + b"\n" + b"b" * 69 + b"\n" + b"c" * 250 + b"\n")
    parts.send()
    sizes = [info.file_size for info in store.list(FOLDER)]
    assert sizes == [70, 70, 100, 100, 51]
    assert parts.unsent() == {}


def test_what_waits_is_told_by_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output_parts, "PART", 100)
    store = Away(tmp_path)
    parts = Parts(store, "output")
    parts.add(b"".join(b"line %04d\n" % number for number in range(25)))
    with pytest.raises(Unavailable):
        parts.send()
    assert [len(part) for part in parts.unsent().values()] == [100, 100, 50]
    store.away = False
    parts.send()
    assert parts.unsent() == {}
    assert sum(info.file_size or 0 for info in store.list(FOLDER)) == 250


def test_files_of_others_in_the_folder_are_passed_over(tmp_path: Path) -> None:
    store = LocalArtifacts(tmp_path)
    for name in ("output.txt", "output-1.txt", "stderr-00001.txt", "output-00001.txt.bak", "sub/output-00001.txt"):
        store.write(f"{FOLDER}/{name}", io.BytesIO(b"not ours"))
    assert list(OutputReader(store, "output").new()) == []
