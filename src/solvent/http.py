"""One conversation with a tracking server: pooled connections, authentication, errors in one line.

urllib3 is imported when the first request is sent, because it costs more than the rest of us.
"""

from __future__ import annotations

import base64
import os
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlencode, urlsplit

import msgspec

from solvent.errors import InvalidInput, SolventError, Unavailable, error_from_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from urllib3 import BaseHTTPResponse, PoolManager

CONNECT_SECONDS = 10.0
READ_SECONDS = 120.0
CONNECTIONS = 8
GET_RETRIES = 3
CHUNK = 1 << 20
"""Bytes that are read at once."""
_LONGEST_ERROR = 256 * 1024
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_BUSY_STATUSES = (429, 502, 503, 504)


class ForeignServer(SolventError):
    """Something answers at the tracking URI, but not as a Solvent or MLflow server does."""


class _ErrorBody(msgspec.Struct):
    error_code: str
    message: str = ""


_KNOWN_FIELDS = {"error_code", "message", "sqlstate", "error_class"}


class HttpSession:
    """Requests to the server at ``url``; safe to use from many threads.

    Who we are comes from ``SOLVENT_TRACKING_TOKEN`` or ``MLFLOW_TRACKING_TOKEN`` (bearer), else from
    ``MLFLOW_TRACKING_USERNAME`` and ``MLFLOW_TRACKING_PASSWORD`` or the URL's own user and password
    (basic). No message ever shows them.
    """

    def __init__(self, url: str, *, read_seconds: float = READ_SECONDS) -> None:
        parts = urlsplit(url)
        try:
            port = f":{parts.port}" if parts.port else ""
        except ValueError:
            port = ""
            parts = parts._replace(netloc="")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InvalidInput(f"'{without_secret(url)}' is no server address: expected http(s)://host:port")
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        self.url = f"{parts.scheme}://{host}{port}{parts.path.rstrip('/')}"
        self._headers = {"User-Agent": "solvent-client", **_authorization(parts.username, parts.password)}
        self._read_seconds = read_seconds
        self._hostname = parts.hostname
        self._manager: PoolManager | None = None
        self._process = 0

    def json(self, method: str, path: str, *, query: Mapping[str, Any] | None = None, body: object = None) -> bytes:
        """Send ``body`` as JSON, the query's lists as repeated names; the answer's body."""
        content = None if body is None else msgspec.json.encode(body)
        headers = {} if content is None else {"Content-Type": "application/json"}
        return self.send(method, path, query=query, body=content, headers=headers)

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: bytes | Iterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        """Send a request; the body of its successful answer.

        Raises:
            Unavailable: the server can't be reached, or is overloaded: the same call may succeed later.
            ForeignServer: what answers is no Solvent or MLflow server.
            SolventError: what the server reports, as the class of its code.
        """
        address = self.url + path + (f"?{urlencode(query, doseq=True)}" if query else "")
        with self._reaching(), self._open(method, address, body, headers or {}) as response:
            if response.status >= 300:
                raise self._error(response)
            return response.data

    def stream(self, path: str, headers: Mapping[str, str], start: int, length: int | None) -> Iterator[bytes]:
        """The bytes of a GET in chunks, from ``start``, whether the server knows ranges or not; errors as ``send``."""
        with self._reaching():
            response = self._open("GET", self.url + path, None, headers)
            if response.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                response.drain_conn()
                return iter(())
            if response.status >= 300:
                with response:
                    raise self._error(response)
        skip = start if response.status == HTTPStatus.OK else 0  # the server has ignored the range
        return self._chunks(response, skip, length)

    def _chunks(self, response: BaseHTTPResponse, skip: int, length: int | None) -> Iterator[bytes]:
        with self._reaching(), response:
            for chunk in response.stream(CHUNK, decode_content=True):
                kept = chunk[skip:]
                skip = max(skip - len(chunk), 0)
                if length is not None:
                    kept = kept[:length]
                    length -= len(kept)
                if kept:
                    yield kept
                if length == 0:
                    return

    def _open(
        self, method: str, address: str, body: bytes | Iterable[bytes] | None, headers: Mapping[str, str]
    ) -> BaseHTTPResponse:
        """An answer whose body is not read yet."""
        from urllib3 import Retry, Timeout

        return self._pools().request(
            method,
            address,
            body=body,
            headers={**self._headers, **headers},
            timeout=Timeout(connect=CONNECT_SECONDS, read=self._read_seconds),
            retries=Retry(GET_RETRIES if method == "GET" else 0, redirect=False, status=0, backoff_factor=0.1),
            redirect=False,
            preload_content=False,
        )

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        from urllib3.exceptions import HTTPError

        try:
            yield
        except HTTPError as error:
            raise Unavailable(
                f"the tracking server {self.url} can't be reached ({_cause(error)}): {_REMEDY}"
            ) from error

    def foreign(self, what: str) -> ForeignServer:
        """The error for an answer that is not in our form."""
        return ForeignServer(
            f"{self.url} answered {what}, not as a Solvent or MLflow server does: check the tracking URI"
        )

    def close(self) -> None:
        if self._manager is not None:
            self._manager.clear()

    def _pools(self) -> PoolManager:
        """Our connections; a forked child makes its own, because two processes can't share one."""
        if self._manager is None or self._process != os.getpid():
            import urllib3

            proxy = self._proxy()
            self._manager = (
                urllib3.ProxyManager(proxy, maxsize=CONNECTIONS) if proxy else urllib3.PoolManager(maxsize=CONNECTIONS)
            )
            self._process = os.getpid()
        return self._manager

    def _proxy(self) -> str | None:
        """The proxy that the environment names (``HTTPS_PROXY``, ``NO_PROXY``); never one for this machine itself."""
        from urllib.request import getproxies, proxy_bypass

        if self._hostname in _THIS_MACHINE or proxy_bypass(self._hostname):
            return None
        return getproxies().get(self.url.partition(":")[0])

    def _error(self, response: BaseHTTPResponse) -> SolventError:
        status = response.status
        if status < 400:
            return self.foreign(f"with a redirect ({status}) to {response.headers.get('Location', 'nowhere')}")
        try:
            raw = response.read(_LONGEST_ERROR)
            body = msgspec.json.decode(raw, type=_ErrorBody)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            if status in _BUSY_STATUSES:
                return Unavailable(
                    f"the tracking server {self.url} is overloaded or away (HTTP {status}): try again later"
                )
            return self.foreign(f"HTTP {status} with {response.headers.get('Content-Type', 'no content type')}")
        if status == 429:
            return Unavailable(body.message)
        error = error_from_code(body.error_code, body.message)
        error.details = {name: value for name, value in msgspec.json.decode(raw).items() if name not in _KNOWN_FIELDS}
        return error


_REMEDY = "start it with 'solvent server', or set SOLVENT_TRACKING_URI to the right address"


def _authorization(username: str | None, password: str | None) -> dict[str, str]:
    own_token, token = os.environ.get("SOLVENT_TRACKING_TOKEN"), os.environ.get("MLFLOW_TRACKING_TOKEN")
    user = os.environ.get("MLFLOW_TRACKING_USERNAME")
    if own_token or (token and not user and not username):
        return {"Authorization": f"Bearer {own_token or token}"}
    if user:
        pair = f"{user}:{os.environ.get('MLFLOW_TRACKING_PASSWORD', '')}"
    elif username:
        pair = f"{unquote(username)}:{unquote(password or '')}"
    else:
        return {}
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode("ascii")}


def without_secret(url: str) -> str:
    """The address without its user and password, fit to be shown."""
    before, at, after = url.rpartition("@")
    return f"{before.partition('://')[0]}://{after}" if at else url


def _cause(error: Exception) -> str:
    """The innermost reason in a few words, without our headers."""
    from urllib3.exceptions import MaxRetryError, NameResolutionError, NewConnectionError
    from urllib3.exceptions import TimeoutError as HttpTimeout

    reason: BaseException = error.reason if isinstance(error, MaxRetryError) and error.reason else error
    if isinstance(reason, NameResolutionError):
        return "no such host"
    if isinstance(reason, NewConnectionError):
        return str(reason.__cause__ or "connection refused").split("] ")[-1].lower()
    if isinstance(reason, HttpTimeout):
        return "no answer in time"
    return str(reason)
