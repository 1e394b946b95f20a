"""Whole metric histories: sent page by page, so that a million points are never in memory at once."""

from __future__ import annotations

from solvent.server.asgi import API_HEADERS, Receive, Scope, Send, answer
from solvent.server.decoding import query_decoder
from solvent.server.engine import Engine, encode
from solvent.server.errors import BrokenAnswer
from solvent.store.operations import Operation, operation_of
from solvent.wire.metrics import GetMetricHistory, GetMetricHistoryResponse

PAGE = 10_000
"""Points in memory at a time."""


class HistoryEndpoint:
    """``metrics/get-history``: a page if ``max_results`` is given, else the whole history in pieces.

    Each piece is read from a snapshot of its own, so that a long answer holds no reader; points that
    come meanwhile are sent if their place is not passed yet.
    """

    def __init__(self, engine: Engine) -> None:
        operation = operation_of(GetMetricHistory)
        assert operation is not None
        self._operation: Operation[GetMetricHistory, GetMetricHistoryResponse] = operation
        self._engine = engine
        self._decode = query_decoder(GetMetricHistory)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = self._decode(scope["query_string"])
        if request.max_results is not None:
            await answer(send, 200, await self._engine.run(self._operation, request))
            return
        request.max_results = PAGE
        page, token = await self._page(request)
        if token is None:
            await answer(send, 200, b'{"metrics":[%s]}' % page if page else b"{}")
            return
        await send({"type": "http.response.start", "status": 200, "headers": list(API_HEADERS)})
        await send({"type": "http.response.body", "body": b'{"metrics":[' + page, "more_body": True})
        try:
            while token is not None:
                request.page_token = token
                page, token = await self._page(request)
                await send({"type": "http.response.body", "body": b"," + page, "more_body": True})
        except Exception as error:
            raise BrokenAnswer("a history could not be read to its end") from error
        await send({"type": "http.response.body", "body": b"]}"})

    async def _page(self, request: GetMetricHistory) -> tuple[bytes, str | None]:
        """A page's points as JSON without their brackets, and the token of the next page."""
        return await self._engine.read(self._operation, request, _points)


def _points(response: GetMetricHistoryResponse) -> tuple[bytes, str | None]:
    return encode(response.metrics)[1:-1], response.next_page_token
