"""The runs table: everything that costs is done by the server, and the address holds the state."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from solvent.backend.resolve import connect
from solvent.wire.runs import LogMetric
from tests.e2e.seed import CHURN_RUNS, Seeded

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]

SEARCH = "/api/2.0/mlflow/runs/search"


def names(page: Page) -> list[str]:
    return page.locator(".grid-row .name a").all_inner_texts()


def column(page: Page, title: str) -> list[str]:
    """The texts of the column in the rows that are drawn, from the top."""
    index = page.get_by_role("columnheader", name=title, exact=True).get_attribute("aria-colindex")
    return page.locator(f".grid-row .cell[aria-colindex='{index}']").all_inner_texts()


def body(request: Request) -> dict[str, Any]:
    fields = request.post_data_json
    assert isinstance(fields, dict)
    return fields


def scroll_to_end(page: Page) -> None:
    """Scrolls until the last of all runs is drawn: each end reached brings the next page."""
    last = page.locator(f".grid-row[aria-rowindex='{CHURN_RUNS + 4}']")
    for _ in range(20):
        page.get_by_role("grid").evaluate("box => { box.scrollTop = box.scrollHeight }")
        page.wait_for_timeout(100)
        if last.count():
            break
    expect(last).to_be_in_viewport()


@pytest.fixture
def table(page: Page, known: Seeded) -> Page:
    page.goto(f"/experiments/{known.churn}")
    expect(page.get_by_role("status")).to_have_text(f"{CHURN_RUNS + 3} runs")
    return page


def test_only_rows_and_columns_in_sight_are_in_the_document(table: Page) -> None:
    assert table.locator(".grid-row").count() < 60
    grid = table.get_by_role("grid")
    expect(grid).to_have_attribute("aria-rowcount", str(CHURN_RUNS + 4))
    scroll_to_end(table)
    assert table.locator(".grid-row").count() < 60


def test_pages_follow_by_key_as_one_list(page: Page, known: Seeded) -> None:
    asked: list[dict[str, Any]] = []
    page.on("request", lambda request: asked.append(body(request)) if request.url.endswith(SEARCH) else None)
    page.goto(f"/experiments/{known.churn}")
    expect(page.locator(".grid-row").first).to_be_visible()
    assert "page_token" not in asked[0]
    with page.expect_response(
        lambda response: "page_token" in body(response.request) if response.url.endswith(SEARCH) else False
    ):
        scroll_to_end(page)


def test_only_chosen_columns_are_asked_for(table: Page) -> None:
    table.get_by_role("button", name="Columns").click()
    table.get_by_label("Filter columns").fill("val/auc")
    with table.expect_request(lambda request: request.url.endswith(SEARCH)) as asked:
        table.get_by_role("dialog").get_by_label("val/auc").uncheck()
    assert "val/auc" not in body(asked.value)["metric_keys"]
    assert "accuracy" in body(asked.value)["metric_keys"]
    table.get_by_role("button", name="Close").click()
    expect(table.get_by_role("columnheader", name="val/auc")).to_have_count(0)
    table.reload()
    expect(table.get_by_role("columnheader", name="accuracy", exact=True)).to_be_visible()
    expect(table.get_by_role("columnheader", name="val/auc")).to_have_count(0)


def test_sorting_is_done_by_the_server(table: Page) -> None:
    with table.expect_response(lambda response: response.url.endswith(SEARCH)) as answered:
        table.get_by_role("button", name="accuracy", exact=True).click()
    assert body(answered.value.request)["order_by"] == ["metrics.`accuracy` DESC"]
    header = table.get_by_role("columnheader", name="accuracy", exact=True)
    expect(header).to_have_attribute("aria-sort", "descending")
    expect(table.locator(".grid-row .name a").first).to_have_text("tuned-forest")
    values = [float(text) for text in column(table, "accuracy")]
    assert values == sorted(values, reverse=True)
    assert len(values) > 10
    table.get_by_role("button", name="accuracy", exact=True).click()
    expect(header).to_have_attribute("aria-sort", "ascending")
    expect(table.locator(".grid-row .name a").first).to_have_text("going-now")
    table.go_back()
    expect(header).to_have_attribute("aria-sort", "descending")


def test_every_column_that_offers_an_order_can_be_ordered_by(page: Page, known: Seeded) -> None:
    page.set_viewport_size({"width": 2600, "height": 500})
    page.goto(
        f"/experiments/{known.churn}?cols=info.status,info.start_time,info.duration,info.user,info.source,"
        "info.commit,params.model.layers,tags.team,metrics.val%2Faccuracy"
    )
    expect(page.locator(".grid-row").first).to_be_visible()
    offers = page.get_by_role("columnheader").get_by_role("button")
    assert offers.count() == 9
    for offer in offers.all():
        with page.expect_response(lambda response: response.url.endswith(SEARCH)) as answered:
            offer.click()
        assert answered.value.ok, answered.value.text()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_query_is_answered_by_the_server_and_kept_in_the_address(table: Page) -> None:
    table.get_by_label("Query", exact=True).fill("metrics.accuracy > 0.96 AND params.alpha = '0.1'")
    table.keyboard.press("Enter")
    expect(table.get_by_role("status")).to_have_text("1 run found")
    assert names(table) == ["tuned-forest"]
    table.reload()
    expect(table.get_by_role("status")).to_have_text("1 run found")
    table.get_by_label("Query", exact=True).fill("params.alpha = 'never'")
    table.keyboard.press("Enter")
    table.get_by_role("button", name="Show all runs").click()
    expect(table.get_by_role("status")).to_have_text(f"{CHURN_RUNS + 3} runs")


def test_an_error_points_at_its_character(table: Page) -> None:
    query = "metrics.accuracy >> 1"
    table.get_by_label("Query", exact=True).fill(query)
    table.keyboard.press("Enter")
    alert = table.locator("#query-error")
    expect(alert).to_contain_text("Invalid filter, character 18")
    expect(alert.locator("mark")).to_have_text(">")
    expect(table.get_by_label("Query", exact=True)).to_have_attribute("aria-invalid", "true")
    assert len(names(table)) > 10, "the rows of the last good query stay"
    alert.get_by_role("button").click()
    selected = table.get_by_label("Query", exact=True).evaluate("box => [box.selectionStart, box.selectionEnd]")
    assert selected == [17, 18]
    table.get_by_label("Query", exact=True).fill("")
    expect(alert).to_have_count(0)


def test_selected_runs_are_compared(table: Page, known: Seeded) -> None:
    expect(table.get_by_role("button", name="Compare")).to_be_disabled()
    table.get_by_label("Select tuned-forest").check()
    table.get_by_label("Select base-forest").check()
    table.get_by_role("button", name="Compare 2").click()
    expect(table.get_by_role("heading", name="Compare 2 runs")).to_be_visible()
    table.go_back()
    expect(table.get_by_label("Select base-forest")).to_be_checked()


def test_running_runs_are_kept_up_to_date_without_losing_the_place(table: Page, known: Seeded, base_url: str) -> None:
    table.get_by_label("Select tuned-forest").check()
    grid = table.get_by_role("grid")
    grid.evaluate("box => { box.scrollTop = 95 }")
    client = connect(base_url)
    client.call(LogMetric(run_id=known.going, key="accuracy", value=0.625, timestamp=2_000_000_000_000, step=2))
    client.close()
    expect(table.get_by_role("row").filter(has_text="going-now")).to_contain_text("0.625", timeout=15_000)
    assert grid.evaluate("box => box.scrollTop") == 95
    expect(table.get_by_label("Select tuned-forest")).to_be_checked()


def test_times_and_durations_are_for_people_and_exact_on_hover(table: Page) -> None:
    assert re.fullmatch(r"\d+ min\. ago", column(table, "Started")[1])
    assert column(table, "Duration")[1] == "2 min 4 s"
    cell = table.locator(".grid-row").nth(1).locator(".cell.number").nth(1)
    assert len(cell.get_attribute("title") or "") > len(cell.inner_text()), "all digits"
