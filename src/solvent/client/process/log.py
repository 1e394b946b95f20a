"""How records of a run are written, whether it is open in this process or not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from solvent.client.checks import check_key, check_run_id, to_float, to_int, to_param, to_tag
from solvent.client.clock import now
from solvent.client.spool.lines import end_line, input_line, metric_line, metric_prefix, param_line, tag_line
from solvent.client.spool.outbox import Outbox
from solvent.client.spool.sender import Sender
from solvent.errors import InvalidInput


class RunLog:
    """Writes records of one run to an outbox; each is kept once the call returns."""

    __slots__ = ("_params", "_prefixes", "_sender", "artifact_uri", "outbox", "run_id", "tables")

    def __init__(self, run_id: str, outbox: Outbox, sender: Sender) -> None:
        self.run_id = check_run_id(run_id)
        self.outbox = outbox
        self._sender = sender
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
        time_ms = now() if timestamp is None else to_int(timestamp, "timestamp")
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

    @property
    def params(self) -> dict[str, str]:
        """What this process has logged."""
        return dict(self._params)

    def tag(self, key: str, value: Any) -> None:
        self.write(tag_line(self.run_id, check_key(key, "tag"), to_tag(key, value)))

    def delete_tag(self, key: str) -> None:
        self.write(tag_line(self.run_id, check_key(key, "tag"), None))

    def input(self, dataset: dict[str, str], tags: dict[str, str]) -> None:
        self.write(input_line(self.run_id, dataset, tags))

    def open(self) -> None:
        """This process has the run open: should it die, the run is ended by whoever delivers its records."""
        self.outbox.runs.add(self.run_id)

    def end(self, status: str) -> int:
        self.outbox.runs.discard(self.run_id)
        ended = now()
        self.write(end_line(self.run_id, status, ended))
        return ended

    def write(self, line: bytes) -> None:
        self.outbox.append(line)
        self._sender.nudge()

    def stage(self, path: str, source: Path | bytes) -> None:
        """Keep a copy of an artifact for its upload."""
        self.outbox.stage(self.run_id, path, source)
        self._sender.nudge()
