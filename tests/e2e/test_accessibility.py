"""axe finds nothing on any view, in both themes; the theme can be chosen."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.seed import Seeded

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]

VIEWS = {
    "experiments": "/",
    "runs": "/experiments/{churn}",
    "query error": "/experiments/{churn}?q=metrics.accuracy+>>+1",
    "overview": "/runs/{best}",
    "metrics": "/runs/{long}?tab=metrics",
    "artifacts": "/runs/{best}?tab=artifacts&path=confusion.csv",
    "code": "/runs/{best}?tab=code",
    "environment": "/runs/{best}?tab=environment",
    "data": "/runs/{best}?tab=data",
    "compare": "/compare?runs={best},{rival},{odd}",
    "compare charts": "/compare?runs={best},{rival}&tab=charts",
    "missing": "/nowhere",
}


def violations(page: Page, axe_source: str) -> list[str]:
    page.evaluate(f"{axe_source};0")
    result: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{found['id']}: {node['html'][:200]}" for found in result["violations"] for node in found["nodes"]]


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing(page: Page, known: Seeded, theme: str, axe_source: str, view: str) -> None:
    page.goto(VIEWS[view].format(**known._asdict()))
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("main")).not_to_be_empty()
    assert violations(page, axe_source) == []
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (background == "rgb(15, 20, 22)") == (theme == "dark")


@pytest.mark.parametrize("name", ["Columns", "Help"])
def test_axe_finds_nothing_in_dialogs(page: Page, known: Seeded, theme: str, axe_source: str, name: str) -> None:
    page.goto(f"/experiments/{known.churn}")
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page, axe_source) == [], theme


def test_a_chosen_theme_outlives_the_page(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.goto("/")
    page.get_by_label("Theme").select_option("dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_label("Theme").select_option("system")
    expect(page.locator("html")).not_to_have_attribute("data-theme", "dark")
