"""What the build hook makes: small, self-contained, strictly typed, made again only when sources change."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]

FIRST_LOAD = 60_000  # bytes of compressed JavaScript


@pytest.fixture
def built(web_build: ModuleType) -> Path:
    web_build.build()
    folder: Path = web_build.PAGE
    return folder


def test_the_javascript_of_the_whole_page_is_small(built: Path) -> None:
    scripts = list((built / "assets").glob("*.js"))
    assert scripts
    assert sum(len(gzip.compress(script.read_bytes())) for script in scripts) < FIRST_LOAD


def test_the_page_holds_no_inline_script_and_names_no_other_host(built: Path) -> None:
    index = (built / "index.html").read_text()
    assert "http" not in index
    assert "<script>" not in index
    assert "style=" not in index


def test_a_page_that_is_current_is_left_alone(built: Path, web_build: ModuleType) -> None:
    before = (built / "index.html").stat().st_mtime_ns
    web_build.build()
    assert (built / "index.html").stat().st_mtime_ns == before


def test_the_types_are_strict_and_pure_functions_hold(web_build: ModuleType) -> None:
    web_build.check()
    assert web_build.test() > 10


def test_the_lock_file_names_no_registry(web_build: ModuleType) -> None:
    lock = json.loads((web_build.WEB / "package-lock.json").read_text())
    assert [name for name, entry in lock["packages"].items() if "resolved" in entry] == []
    assert all("integrity" in entry for name, entry in lock["packages"].items() if name)
