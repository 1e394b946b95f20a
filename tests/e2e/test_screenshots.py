"""The pictures in the documentation; `make screenshots` writes them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.seed import Seeded

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]

LARGEST = 200_000  # bytes
PICTURES = {
    "runs": "/experiments/{churn}?sort=-metrics.accuracy&q=metrics.accuracy+>+0.8&sel={best},{rival}",
    "run": "/runs/{best}",
    "charts": "/compare?runs={best},{rival},churn001&tab=charts",
    "compare": "/compare?runs={best},{rival}",
}


@pytest.mark.parametrize("name", PICTURES)
def test_picture(page: Page, known: Seeded, tmp_path: Path, name: str) -> None:
    folder = Path(os.environ.get("SOLVENT_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(PICTURES[name].format(**known._asdict()))
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.screenshot(path=folder / f"{name}.png")
    assert 10_000 < (folder / f"{name}.png").stat().st_size < LARGEST
