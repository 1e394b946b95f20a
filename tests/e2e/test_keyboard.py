"""Everything is reached without a mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.seed import Seeded

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]


def test_rows_are_walked_selected_and_opened(page: Page, known: Seeded) -> None:
    page.goto(f"/experiments/{known.churn}")
    expect(page.get_by_label("Select tuned-forest")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("[data-active]")).to_contain_text("tuned-forest")
    page.keyboard.press("x")
    expect(page.get_by_label("Select tuned-forest")).to_be_checked()
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="tuned-forest")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Select base-forest")).to_be_checked()
    page.keyboard.press("c")
    expect(page.get_by_role("heading", name="Compare 2 runs")).to_be_visible()


def test_the_cursor_stays_in_sight(page: Page, known: Seeded) -> None:
    page.goto(f"/experiments/{known.churn}")
    expect(page.get_by_label("Select tuned-forest")).to_be_visible()
    for _ in range(45):
        page.keyboard.press("j")
    expect(page.locator("[data-active]")).to_have_attribute("aria-rowindex", "46")
    expect(page.locator("[data-active]")).to_be_in_viewport()


def test_slash_types_a_query_and_escape_leaves_it(page: Page, known: Seeded) -> None:
    page.goto(f"/experiments/{known.churn}")
    expect(page.get_by_label("Query", exact=True)).to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_label("Query", exact=True)).to_be_focused()
    page.keyboard.type("jk?")
    expect(page.get_by_label("Query", exact=True)).to_have_value("jk?")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Query", exact=True)).not_to_be_focused()


def test_question_mark_shows_the_keys(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", name="Experiments")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Select the row to compare")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_digits_and_arrows_choose_tabs(page: Page, known: Seeded) -> None:
    page.goto(f"/runs/{known.best}")
    expect(page.get_by_role("tab", name="Overview")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("4")
    expect(page.get_by_role("tab", name="Code")).to_have_attribute("aria-selected", "true")
    page.get_by_role("tab", name="Code").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Environment")).to_be_focused()
