"""The delivery of one spool: batch after batch, then the artifacts that wait, until nothing is left."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from solvent.backend.protocol import Backend
from solvent.client.say import say
from solvent.client.spool.errors import RunNotThere
from solvent.client.spool.lost import end_lost_runs
from solvent.client.spool.reader import Acknowledged, Header, read_acknowledged, read_lines
from solvent.client.spool.staging import Waiting, waiting
from solvent.errors import Conflict, InvalidInput, NotFound, SolventError, Unauthenticated, Unavailable
from solvent.wire.ingest import Ingest, IngestResponse, Record, RunRecord
from solvent.wire.runs import GetRun

PATIENCE_SECONDS = 30.0
"""How long records wait for a run that another process opened and has not delivered yet."""

_DECODER: msgspec.json.Decoder[Record] = msgspec.json.Decoder(Record)


class Delivery:
    """Sends one spool to the backend it is meant for.

    The caller holds the spool's lock, or is the process that writes it. ``to`` is a destination instead of the
    one that the spool is addressed to: it gets all of its records.
    """

    def __init__(self, path: Path, header: Header, connect: Callable[[str], Backend], *, to: str | None = None) -> None:
        self.path = path
        self.address = to or header.uri
        self.sent = self.rejected = self.files_done = 0
        self._header = header
        self._connect = connect
        self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._ack = path.with_suffix(".ack")
        self._files = path.with_suffix(".files")
        elsewhere = self.address != header.uri  # what the other store has, this one has not
        self._position = Acknowledged(0, header.end) if elsewhere else read_acknowledged(self._ack, self._file, header)
        self._known_runs: dict[str, str] = {}
        self._waits_since: float | None = None

    @property
    def delivered(self) -> int:
        """The byte up to which all records are kept by the store, for good."""
        return self._position.end

    def step(self, *, patient: bool = True) -> bool:
        """Send one batch, or upload one file if there are no records to send. Whether there was anything.

        Args:
            patient: hold records back for a while whose run the store does not know yet.

        Raises:
            Unavailable: not now; everything is still there.
            SolventError: the backend does not take the spool.
        """
        batch = read_lines(self._file, self._position.end)
        if batch.lines:
            self._send(batch.lines, batch.end, patient=patient)
            return True
        for file in waiting(self._files):
            self._upload(file, patient=patient)
            return True
        return False

    def finished(self) -> bool:
        """Whether nothing is left. Half a line at the end was never acknowledged to anybody."""
        return not read_lines(self._file, self._position.end).lines and not any(waiting(self._files))

    def end_lost_runs(self) -> int:
        """End what the dead process of this delivered spool has left open; how many runs."""
        return end_lost_runs(self._connect(self.address), self.path, self._header)

    def remove(self) -> None:
        """Delete the delivered spool; what was rejected stays beside it."""
        self.close()
        self._ack.unlink(missing_ok=True)
        if self._files.is_dir():
            for leftover in self._files.iterdir():
                leftover.unlink()
            self._files.rmdir()
        self.path.unlink()

    def close(self) -> None:
        os.close(self._file)

    def _send(self, lines: list[bytes], end: int, *, patient: bool) -> None:
        decoded = [(line, record) for line in lines if (record := self._decode(line)) is not None]
        records = [record for _, record in decoded]
        backend = self._connect(self.address)
        self._await_runs(backend, records, patient=patient)
        offset = self._position.records
        answer = self._ingest(backend, Ingest(spool=self.path.stem, offset=offset, records=records))
        if answer is None:
            return
        if answer.offset < offset + len(records):
            raise SolventError(
                f"{self.address} kept {answer.offset} records of {self.path} where {offset + len(records)} were sent: "
                "is its database an older copy?"
            )
        if answer.rejected:
            self._keep_rejected(answer, [line for line, _ in decoded])
        self.sent += len(records) - len(answer.rejected)
        self._known_runs |= {record.run_id: "" for record in records if isinstance(record, RunRecord)}
        self._acknowledge(Acknowledged(offset + len(records), end))

    def _ingest(self, backend: Backend, request: Ingest) -> IngestResponse | None:
        """The store's answer; None if it has to get the spool from the beginning, because it is a new one."""
        try:
            return backend.call(request)
        except (Conflict, InvalidInput):
            if request.offset == 0:
                raise
            self._acknowledge(Acknowledged(0, self._header.end))
            return None

    def _decode(self, line: bytes) -> Record | None:
        """The record of a line; None for half a line that a full disk or a crash left."""
        try:
            return _DECODER.decode(line)
        except msgspec.ValidationError as error:
            raise SolventError(
                f"{self.path} holds a record of another version of Solvent ({error}): upgrade"
            ) from error
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None

    def _await_runs(self, backend: Backend, records: list[Record], *, patient: bool) -> None:
        opened = {record.run_id for record in records if isinstance(record, RunRecord)}
        for run_id in {record.run_id for record in records} - opened - self._known_runs.keys():
            self._await_run(backend, run_id, patient=patient)

    def _await_run(self, backend: Backend, run_id: str, *, patient: bool) -> None:
        """Find a run that may have been opened by another process, whose spool may be on its way."""
        try:
            self._known_runs[run_id] = backend.call(GetRun(run_id=run_id)).run.info.artifact_uri
        except NotFound:
            self._waits_since = self._waits_since or time.monotonic()
            if patient and time.monotonic() - self._waits_since < PATIENCE_SECONDS:
                raise RunNotThere(f"run {run_id} is not in {self.address} yet") from None
            self._known_runs[run_id] = ""
        self._waits_since = None

    def _acknowledge(self, position: Acknowledged) -> None:
        self._position = position
        self._ack.write_text(f"{position.records} {position.end}\n", "ascii")

    def _keep_rejected(self, answer: IngestResponse, lines: list[bytes]) -> None:
        place = self.path.with_suffix(".rejected.jsonl")
        with place.open("ab") as file:
            for rejection in answer.rejected:
                entry = {"reason": rejection.message, "error_code": rejection.error_code}
                record = lines[rejection.index]
                file.write(msgspec.json.encode(entry | {"record": msgspec.Raw(record)}) + b"\n")
        self.rejected += len(answer.rejected)
        first = answer.rejected[0].message
        say(f"{self.address} refused {len(answer.rejected)} records, kept in {place}; the first: {first}")

    def _upload(self, file: Waiting, *, patient: bool) -> None:
        backend = self._connect(self.address)
        try:
            if not self._known_runs.get(file.run_id):
                self._await_run(backend, file.run_id, patient=patient)
            uri = self._known_runs[file.run_id]
            if not uri:
                raise NotFound(f"Run with id={file.run_id} not found")
            backend.artifacts(uri).write_file(file.path, file.copy)
        except (Unavailable, Unauthenticated):
            raise
        except SolventError as error:
            self._keep_rejected_file(file, error)
        self.files_done += 1
        file.done()

    def _keep_rejected_file(self, file: Waiting, error: SolventError) -> None:
        refused = self.path.with_suffix(".rejected.files")
        refused.mkdir(exist_ok=True)
        kept = refused / f"{file.copy.stem}-{file.path.rsplit('/', 1)[-1]}"
        file.copy.replace(kept)
        self.rejected += 1
        say(f"{self.address} refused the artifact '{file.path}' of run {file.run_id}, kept as {kept}: {error}")
