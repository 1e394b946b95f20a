"""What a child prints, kept with its run while it runs: lines without secrets, in parts among the run's artifacts.

The child is never held up: chunks are put into a bounded queue, and a thread sends them. While the server is away the
queue forgets its oldest chunks, and a line in the log says how much. What could not be sent at the end is kept in a
folder of this machine.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType

from solvent.backend.protocol import Backend
from solvent.errors import SolventError
from solvent.projects.output_lines import Lines, Mask
from solvent.projects.output_parts import Parts, next_part
from solvent.projects.sinks import Stream
from solvent.settings import writable_home
from solvent.wire.runs import Run, SetTag

SECONDS = 2.0
"""Between two looks at what has come."""
MOST_WAITING = 8 << 20
"""Bytes that wait for being sent."""
END_SECONDS = 10.0
"""How long the end of a run may take to send the rest."""
NOTE = "solvent.logs.note"
_SOON = 1 << 20


class Output:
    """A sink of a command's output, to be left when the command has ended.

    If the run ``goes_on``, the output is appended to what it has printed before.
    """

    def __init__(
        self, backend: Backend, run: Run, say: Callable[[str], None] | None = None, *, goes_on: bool = False
    ) -> None:
        self._backend = backend
        self._run_id = run.info.run_id
        self._say = say or _nobody
        store = backend.artifacts(run.info.artifact_uri)
        first = [next_part(store, name) if goes_on else 1 for name in ("output", "stderr")]
        self._all, self._errors = Parts(store, "output", first[0]), Parts(store, "stderr", first[1])
        if first[0] > 1:
            self._all.add(b"[solvent: the run goes on, with another command]\n")
        mask = Mask(os.environ)
        self._open: dict[Stream, Lines] = {"stdout": Lines(mask), "stderr": Lines(mask)}
        self._queue: deque[tuple[Stream, bytes]] = deque()
        self._size = self._dropped = self._left_out = 0
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._closed = False
        self._problem: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="solvent-output-sender", daemon=True)

    def __enter__(self) -> Output:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._lock:
            self._closed = True
        self._wake.set()
        self._thread.join(END_SECONDS + SECONDS)
        self._keep_rest()

    def write(self, stream: Stream, chunk: bytes) -> None:
        """Take what was printed; returns at once, and never fails."""
        with self._lock:
            if self._closed:
                return
            self._queue.append((stream, chunk))
            self._size += len(chunk)
            while self._size > MOST_WAITING:
                size = len(self._queue.popleft()[1])
                self._size -= size
                self._dropped += size
            soon = self._size > _SOON
        if soon and self._problem is None:
            self._wake.set()

    def end(self, stream: Stream) -> None:
        """A last line without an end is sent when the block is left."""

    def _run(self) -> None:
        while not self._closed:
            self._wake.wait(SECONDS)
            self._wake.clear()
            self._send()
        deadline = time.monotonic() + END_SECONDS
        while not self._send(last=True) and time.monotonic() < deadline:
            time.sleep(SECONDS / 4)

    def _send(self, *, last: bool = False) -> bool:
        """Send what has come; whether nothing waits any more."""
        try:
            self._all.send()
            self._errors.send()
            self._collect(last=last)
            self._all.send()
            self._errors.send()
        except (SolventError, OSError) as error:
            self._problem = error
            return False
        self._problem = None
        return True

    def _collect(self, *, last: bool) -> None:
        """Make lines of what has come, and put them into the parts."""
        with self._lock:
            chunks, self._queue = self._queue, deque()
            dropped, self._dropped, self._size = self._dropped, 0, 0
        if dropped:
            self._left_out += dropped
            for unfinished in self._open.values():
                unfinished.rest()  # what it would go on with is not there
            self._all.add(
                b"[solvent: %d bytes that were printed here are left out: they could not be sent]\n" % dropped
            )
        for stream, chunk in chunks:
            self._add(stream, self._open[stream].feed(chunk))
        if last:
            for stream, unfinished in self._open.items():
                self._add(stream, unfinished.rest())

    def _add(self, stream: Stream, lines: Iterable[bytes]) -> None:
        text = b"".join(lines)
        self._all.add(text)
        if stream == "stderr":
            self._errors.add(text)

    def _keep_rest(self) -> None:
        """What could not be sent goes to a folder of this machine; what is missing is said, and kept as a tag."""
        notes = []
        self._collect(last=True)
        files = {**self._all.unsent(), **self._errors.unsent()}
        if files:
            folder = writable_home() / "logs" / self._run_id
            reason = self._problem or "the server has not answered in time"
            send = f"solvent artifacts log-artifacts -l {folder} -r {self._run_id} -a solvent/logs"
            try:
                _write(folder, files)
                self._say(f"Warning: the end of what the run printed could not be sent ({reason}). To send it: {send}")
            except OSError as error:
                self._say(f"Warning: the end of what the run printed is lost ({reason}; {folder}: {error.strerror})")
            notes.append("the end was not sent")
        if self._left_out:
            notes.append(f"{self._left_out} bytes could not be sent in time")
        if self._all.cut:
            notes.append("the middle is left out, for the output is long")
        if notes:
            try:
                self._backend.call(SetTag(run_id=self._run_id, key=NOTE, value="; ".join(notes)))
            except SolventError as error:
                self._say(
                    f"Warning: the logs of the run are not whole ({'; '.join(notes)}), and that can't be kept: {error}"
                )


def _write(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def _nobody(_line: str) -> None:
    """Nobody is told."""
