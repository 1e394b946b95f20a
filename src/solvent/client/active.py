"""An open run, and how records of it are written."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Any

from solvent.client.checks import check_key, check_run_id, to_float, to_int, to_param, to_tag
from solvent.client.entities import Run, RunData, RunInfo
from solvent.client.lines import end_line, input_line, metric_line, metric_prefix, param_line, tag_line
from solvent.client.outbox import Outbox
from solvent.client.session import session
from solvent.errors import InvalidInput


class RunLog:
    """Writes records of one run to an outbox; each is kept once the call returns."""

    __slots__ = ("_params", "_prefixes", "artifact_uri", "outbox", "run_id", "sender", "tables")

    def __init__(self, run_id: str, outbox: Outbox) -> None:
        self.run_id = check_run_id(run_id)
        self.outbox = outbox
        self.sender = session.sender
        self.artifact_uri: str | None = None
        self.tables: dict[str, dict[str, list[Any]]] = {}
        self._prefixes: dict[str, bytes] = {}
        self._params: dict[str, str] = {}

    def metric(self, key: str, value: Any, step: Any = None, timestamp: Any = None) -> None:
        prefix = self._prefixes.get(key) if type(key) is str else None
        if prefix is None:
            prefix = self._prefixes[key] = metric_prefix(self.run_id, check_key(key, "metric"))
        number = value if type(value) is float else to_float(key, value)
        if step is None:
            step = 0
        elif type(step) is not int or not -(2**63) <= step < 2**63:
            step = to_int(step, "step")
        time_ms = time.time_ns() // 1_000_000 if timestamp is None else to_int(timestamp, "timestamp")
        self.write(metric_line(prefix, number, time_ms, step))

    def param(self, key: str, value: Any) -> None:
        text = to_param(check_key(key, "param"), value)
        known = self._params.get(key)
        if known is not None and known != text:
            raise InvalidInput(
                f"Changing param values is not allowed. Param with key='{key}' was already logged with value='{known}' "
                f"for run ID='{self.run_id}'. Attempted logging new value '{text}'."
            )
        if known is None:
            self.write(param_line(self.run_id, key, text))
            self._params[key] = text

    def check_params(self, params: dict[str, Any]) -> None:
        """Refuse all if one would be refused."""
        for key, value in params.items():
            text = to_param(check_key(key, "param"), value)
            if self._params.get(key, text) != text:
                self.param(key, value)

    def tag(self, key: str, value: Any) -> None:
        self.write(tag_line(self.run_id, check_key(key, "tag"), to_tag(key, value)))

    def delete_tag(self, key: str) -> None:
        self.write(tag_line(self.run_id, check_key(key, "tag"), None))

    def input(self, dataset: dict[str, str], tags: dict[str, str]) -> None:
        self.write(input_line(self.run_id, dataset, tags))

    def end(self, status: str) -> int:
        now = time.time_ns() // 1_000_000
        self.write(end_line(self.run_id, status, now))
        return now

    def write(self, line: bytes) -> None:
        self.outbox.append(line)
        self.sender.nudge()


class ActiveRun(Run):
    """A run that this process has open; ends with its ``with`` block."""

    __slots__ = ("_joined", "_log", "_samples")

    def __init__(self, info: RunInfo, tags: dict[str, str], outbox: Outbox, *, joined: bool = False) -> None:
        super().__init__(info, RunData({}, {}, tags))
        self._log = RunLog(info.run_id, outbox)
        self._joined = joined
        self._samples = 0

    @property
    def log(self) -> RunLog:
        """Where its records are written."""
        return self._log

    @property
    def joined(self) -> bool:
        """Whether another process opened it."""
        return self._joined

    def next_sample(self) -> int:
        """The number of the next sample of system metrics, from 0."""
        self._samples += 1
        return self._samples - 1

    def __enter__(self) -> ActiveRun:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        from solvent.client.runs import end_run

        if any(run.info.run_id == self.info.run_id for run in session.thread.stack):
            end_run(status_after(error))


def status_after(error: BaseException | None) -> str:
    """How a run ended by the exception that left its block: interrupted is KILLED, exit(0) is no failure."""
    if error is None or (isinstance(error, SystemExit) and error.code in (None, 0)):
        return "FINISHED"
    return "KILLED" if isinstance(error, KeyboardInterrupt) else "FAILED"
