"""HTTP as the server speaks it: uvicorn's protocol with limits, and a short way for hot requests."""

from __future__ import annotations

from typing import cast

from solvent.server.app import App
from solvent.server.asgi import Header, Scope
from solvent.server.patience import PatientProtocol

_HEAD_END = b"\r\n\r\n"


class ServerProtocol(PatientProtocol):
    """Hands whole requests whose heads are known to ``server/direct.py``; all others go uvicorn's way."""

    _answered = 0.0
    """When the last answer of the short way was sent; in the loop's time."""
    _default_headers: tuple[list[Header], bytes] = ([], b"")

    def data_received(self, data: bytes) -> None:
        direct = self.app.direct if isinstance(self.app, App) else None
        end = data.find(_HEAD_END) + len(_HEAD_END)
        if direct is None or end < len(_HEAD_END) or not self._rests():
            super().data_received(data)
            return
        head, length = data[:end], len(data) - end
        known = direct.known(head)
        if known is not None and known.length == length:
            self._received += len(data)
            self._running = self.cycle = direct.begin(self, known, data[end:])  # type: ignore[assignment]
            return
        before = self.cycle
        super().data_received(data)
        if known is None and self.cycle is not before and self._is_whole(length):
            direct.learn(head, cast("Scope", self.cycle.scope), length)

    def _rests(self) -> bool:
        """Whether the last request is answered for good, and nothing of the next one has come."""
        cycle = self.cycle
        if cycle is not None and not (cycle.response_complete and cycle.keep_alive):
            return False
        begun = self._begun or self._head_bytes or not self._in_head or self._dropped is not None
        return not (begun or self.flow.write_paused or self.transport.is_closing())

    def _is_whole(self, length: int) -> bool:
        """Whether one request was just parsed, and ``length`` bytes behind its head are its whole body."""
        cycle = self.cycle
        whole = self._in_head and not self._begun and not self.pipeline and not cycle.more_body
        return whole and cycle.keep_alive and len(cycle.body) == length

    def default_headers(self) -> bytes:
        """Those that uvicorn adds to each answer (the date), as they are sent."""
        known, text = self._default_headers
        current = self.server_state.default_headers  # another list each second
        if known is not current:
            text = b"".join(b"%s: %s\r\n" % header for header in current)
            self._default_headers = current, text
        return text

    def send_direct(self, answer: bytes, *, keep_alive: bool) -> None:
        """Send a whole answer, and go on with the next request or rest."""
        self.transport.write(answer)
        if not keep_alive:
            self.transport.close()
        if self.pipeline or self.transport.is_closing():
            self.on_response_complete()
            return
        self.server_state.total_requests += 1
        self._answered = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._rest(self.timeout_keep_alive)

    def timeout_keep_alive_handler(self) -> None:
        """The short way leaves the timer as it is, because to set another one for each answer costs as much
        as to decode a request: when it ends, it is looked how long the connection really rests."""
        self.timeout_keep_alive_task = None
        left = self._answered + self.timeout_keep_alive - self.loop.time()
        if self.cycle is not None and not self.cycle.response_complete:
            return  # the answer sets the timer
        if left > 0:
            self._rest(left)
        else:
            super().timeout_keep_alive_handler()

    def _rest(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)
