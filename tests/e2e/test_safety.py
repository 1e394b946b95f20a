"""Whatever users log is text. That nothing runs and nothing is asked of other hosts is watched in every test."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.seed import PAYLOADS, UNICODE, Seeded

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]


def test_payloads_are_shown_as_they_were_written(page: Page, known: Seeded) -> None:
    page.goto(f"/runs/{known.odd}")
    expect(page.get_by_role("heading", name=PAYLOADS[1])).to_be_visible()
    for index, text in enumerate(PAYLOADS):
        row = page.get_by_label("Params").get_by_role("row").filter(has_text=f"payload {index}")
        expect(row.get_by_role("cell")).to_have_text(text)
    expect(page.get_by_label("Note")).to_contain_text(PAYLOADS[0])
    assert page.locator("main img, main iframe, main script").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0


@pytest.mark.parametrize("tab", ["metrics", "artifacts", "code", "environment", "data"])
def test_payloads_are_inert_on_every_tab(page: Page, known: Seeded, tab: str) -> None:
    page.goto(f"/runs/{known.odd}?tab={tab}")
    expect(page.get_by_role("tab", name=tab.capitalize())).to_have_attribute("aria-selected", "true")
    page.wait_for_load_state("networkidle")
    assert page.locator("main script, main iframe, main img").count() == 0


def test_payloads_are_inert_in_tables_and_comparisons(page: Page, known: Seeded) -> None:
    for address in ("/", f"/experiments/{known.hostile}", f"/compare?runs={known.odd},{known.best}"):
        page.goto(address)
        expect(page.get_by_role("link", name=PAYLOADS[1]).first).to_be_visible()
        assert page.locator("main script, main iframe, main img").count() == 0


@pytest.mark.parametrize(
    "path", ["report.md", "page.html", "confusion.csv", "config/model.json", "plots/importance.svg"]
)
def test_files_with_payloads_are_inert(page: Page, known: Seeded, path: str) -> None:
    page.goto(f"/runs/{known.best}?tab=artifacts&path={path}")
    expect(page.get_by_role("heading", name=path)).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.locator("main script, main iframe").count() == 0


def test_long_and_foreign_texts_are_shown(page: Page, known: Seeded) -> None:
    page.goto(f"/runs/{known.odd}")
    expect(page.get_by_text(UNICODE)).to_be_visible()
    page.get_by_role("button", name="all 6,000 characters").click()
    expect(page.get_by_text("x" * 6_000)).to_be_visible()


def test_a_server_that_goes_away_is_said_and_the_rows_stay(page: Page, known: Seeded) -> None:
    page.goto(f"/experiments/{known.churn}")
    expect(page.get_by_role("row").filter(has_text="tuned-forest")).to_be_visible()
    page.route("**/api/**", lambda route: route.abort())
    page.get_by_role("button", name="accuracy", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("does not answer. Start it again with: solvent ui")
    expect(page.get_by_role("row").filter(has_text="tuned-forest")).to_be_visible()
