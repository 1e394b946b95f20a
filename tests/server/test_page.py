"""The page's files, and what stands in for them."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from solvent.backend.resolve import open_embedded
from solvent.server.loopback import Loopback
from solvent.server.page import Page
from tests.server.conftest import Web


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    folder = tmp_path_factory.mktemp("web")
    (folder / "index.html").write_text("<!doctype html><title>Page</title>" + " " * 500)
    (folder / "assets").mkdir()
    (folder / "assets/index-abc123.js").write_text("console.log(1)" * 100)
    (folder / "assets/logo.png").write_bytes(b"\x89PNG")
    backend = open_embedded(str(tmp_path_factory.mktemp("store")))
    with Loopback(backend, page_folder=folder) as loopback:
        client = Web(loopback.url, backend)
        yield client
        client.close()
    backend.close()


def test_the_index_is_checked_each_time_and_lets_no_foreign_code_in(built: Web) -> None:
    answer = built.get("/")
    assert b"<title>Page</title>" in answer.body
    assert answer.headers["cache-control"] == "no-cache"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    again = built.get("/", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status, again.body) == (304, b"")


def test_assets_are_compressed_and_kept_for_good(built: Web) -> None:
    answer = built.get("/assets/index-abc123.js", headers={"accept-encoding": "gzip"}, decode_content=False)
    assert gzip.decompress(answer.body) == b"console.log(1)" * 100
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")
    assert built.get("/assets/index-abc123.js", headers={"accept-encoding": "identity"}).body.startswith(b"console")
    assert built.get("/assets/logo.png").headers["content-type"] == "image/png"


def test_the_pages_own_paths_lead_to_its_index(built: Web) -> None:
    assert b"<title>Page</title>" in built.get("/experiments/1/runs", headers={"accept": "text/html"}).body


@pytest.mark.parametrize("path", ["/assets/none.js", "/../solvent.db", "/%2e%2e/solvent.db", "/api/2.0/none", "/api/x"])
def test_what_is_not_there_is_an_error_in_the_one_form(built: Web, path: str) -> None:
    answer = built.get(path, headers={"accept": "text/html"})
    assert (answer.status, answer.json["error_code"]) == (404, "ENDPOINT_NOT_FOUND")


def test_without_a_built_page_the_root_says_how_to_get_it(tmp_path: Path) -> None:
    page = Page(tmp_path / "none")
    assert b"pip install" in page._index.content
    assert page._files == {}
