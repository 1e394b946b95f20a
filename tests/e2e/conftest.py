"""A real server with data, a real Chromium, and watchers over every page that is opened."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Request

from solvent.backend.resolve import connect, open_embedded
from solvent.server.loopback import Loopback
from tests.e2e.seed import Seeded, seed

WEB = Path(__file__).parents[2] / "web"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--force-color-profile=srgb",
]


@pytest.fixture(scope="session")
def web_build() -> ModuleType:
    """``web/build.py``, which is no part of a package."""
    sys.path.insert(0, str(WEB))
    try:
        return import_module("build")
    finally:
        sys.path.remove(str(WEB))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    candidates = (os.environ.get("SOLVENT_CHROMIUM") or "", *NAMES)
    found = next((path for name in candidates if name and (path := shutil.which(name))), None)
    if found is None:
        pytest.fail(
            "no Chromium on this machine: install one (Debian: apt install chromium) or name it in SOLVENT_CHROMIUM"
        )
    return {"executable_path": found, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(base_url: str) -> dict[str, Any]:
    return {"base_url": base_url, "viewport": {"width": 1360, "height": 820}, "reduced_motion": "reduce"}


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, web_build: ModuleType) -> Iterator[tuple[str, Seeded]]:
    """The address of a server, and what it knows."""
    web_build.build()
    backend = open_embedded(str(tmp_path_factory.mktemp("e2e")), synchronous="NORMAL")
    with Loopback(backend) as server:
        client = connect(server.url)
        known = seed(client)
        client.close()
        yield server.url, known
    backend.close()


@pytest.fixture(scope="session")
def base_url(served: tuple[str, Seeded]) -> str:
    return served[0]


@pytest.fixture
def known(served: tuple[str, Seeded]) -> Seeded:
    return served[1]


@pytest.fixture(autouse=True)
def watched(request: pytest.FixtureRequest) -> Iterator[None]:
    """In every test with a page: nothing is asked of another host, nothing is refused by the content
    security policy, no script throws, and no payload runs."""
    if "page" not in request.fixturenames:
        yield
        return
    page: Page = request.getfixturevalue("page")
    host = urlsplit(request.getfixturevalue("base_url")).netloc
    foreign: list[str] = []
    broken: list[str] = []

    def see(asked: Request) -> None:
        if not asked.url.startswith(("blob:", "data:")) and urlsplit(asked.url).netloc != host:
            foreign.append(asked.url)

    page.on("request", see)
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda said: broken.append(said.text) if "Content Security Policy" in said.text else None)
    yield
    assert foreign == []
    assert broken == []
    assert page.evaluate("window.__hacked") is None


@pytest.fixture(scope="session")
def axe_source(web_build: ModuleType) -> str:
    web_build.install(tools=True)
    return (WEB / "node_modules" / "axe-core" / "axe.min.js").read_text()


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest, context: BrowserContext) -> str:
    """Each theme of the system in turn, for all pages of the test."""
    chosen: str = request.param
    for page in context.pages:
        page.emulate_media(color_scheme="dark" if chosen == "dark" else "light")
    return chosen
