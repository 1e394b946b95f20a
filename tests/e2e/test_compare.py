"""Runs side by side: what differs comes first."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.seed import Seeded

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]


def rows(page: Page, section: str) -> list[str]:
    return page.get_by_label(section, exact=True).locator("tr:not(.section) th").all_inner_texts()


def test_differences_come_first_in_every_section(page: Page, known: Seeded) -> None:
    page.goto(f"/compare?runs={known.best},{known.rival}")
    expect(page.get_by_label("Params", exact=True)).to_contain_text("2 of 4 differ")
    assert rows(page, "Params") == ["alpha", "depth", "optimizer", "seed"]
    expect(page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="alpha"))).to_contain_text("0.1")
    expect(page.get_by_label("Data", exact=True)).to_contain_text("1 of 3 differ")
    expect(page.get_by_label("Data", exact=True)).to_contain_text("77b0d3e5")
    assert rows(page, "Packages")[0] == "numpy"
    expect(page.get_by_label("Packages", exact=True)).to_contain_text("1 of 3 differ")
    assert rows(page, "Code")[:3] == ["state", "uncommitted changes", "commit"]
    assert rows(page, "Environment") == ["python"]
    loss = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="accuracy"))
    expect(loss).to_contain_text("\N{MINUS SIGN}4.72 %")


def test_the_lines_of_code_that_differ_are_shown(page: Page, known: Seeded) -> None:
    page.goto(f"/compare?runs={known.best},{known.rival}")
    code = page.get_by_label("Code from tuned-forest to base-forest", exact=True)
    expect(code.get_by_role("heading")).to_contain_text("+2 \N{MINUS SIGN}3")
    changed = code.get_by_role("region", name="Changes of src/train.py")
    expect(changed.locator("tr.removed")).to_contain_text(["# deeper trees", "rate=alpha / 2"])
    expect(changed.locator("tr.added")).to_have_text([re.compile(r"model = GradientBoosting\(depth=depth\)$")])


def test_what_can_not_be_told_of_the_code_is_said(page: Page, known: Seeded) -> None:
    page.goto(f"/compare?runs={known.best},{known.long}")
    expect(page.get_by_text("the code of one of the runs was not recorded")).to_be_visible()


def test_only_what_differs_is_a_state_of_the_address(page: Page, known: Seeded) -> None:
    page.goto(f"/compare?runs={known.best},{known.rival}")
    page.get_by_label("Only what differs").check()
    expect(page.get_by_role("rowheader", name="optimizer")).to_have_count(0)
    assert rows(page, "Params") == ["alpha", "depth"]
    page.reload()
    expect(page.get_by_label("Only what differs")).to_be_checked()
    assert rows(page, "Params") == ["alpha", "depth"]


def test_charts_lay_the_runs_over_each_other(page: Page, known: Seeded) -> None:
    page.goto(f"/compare?runs={known.best},{known.rival}&tab=charts")
    card = page.get_by_label("Metric accuracy")
    expect(card.get_by_role("img")).to_have_attribute("aria-label", "accuracy of 2 runs, 120 points")
    expect(page.get_by_label("Runs in the charts").get_by_role("listitem")).to_have_text(
        ["tuned-forest", "base-forest"]
    )
    with page.expect_request(lambda request: '"end"' in (request.post_data or "")):
        box = card.locator(".u-over").bounding_box()
        assert box
        page.mouse.move(box["x"] + 50, box["y"] + 40)
        page.mouse.down()
        page.mouse.move(box["x"] + 150, box["y"] + 40, steps=4)
        page.mouse.up()


def test_runs_of_several_experiments_and_leaving_one_out(page: Page, known: Seeded) -> None:
    page.goto(f"/compare?runs={known.best},{known.rival},{known.long}")
    expect(page.get_by_role("heading", name="Compare 3 runs")).to_be_visible()
    page.get_by_role("button", name="Leave out long-history").click()
    expect(page.get_by_role("heading", name="Compare 2 runs")).to_be_visible()
    expect(page.get_by_role("columnheader", name="long-history")).to_have_count(0)


def test_a_comparison_of_one_run_says_what_to_do(page: Page, known: Seeded) -> None:
    page.goto(f"/compare?runs={known.best}")
    expect(page.get_by_text("A comparison needs two runs")).to_be_visible()
