"""The list of experiments: filter, several at once, create."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.seed import CHURN_RUNS, VISION_RUNS, Seeded

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]


def test_all_experiments_are_listed_with_their_tags(page: Page, known: Seeded) -> None:
    page.goto("/")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name="churn-model"))
    expect(row).to_contain_text("team: retention")
    expect(row.get_by_role("link")).to_have_attribute("href", f"/experiments/{known.churn}")
    expect(page).to_have_title("Experiments · Solvent")


def test_the_filter_is_asked_of_the_server_and_kept_in_the_address(page: Page) -> None:
    page.goto("/")
    with page.expect_request(lambda request: "ILIKE" in (request.post_data or "")):
        page.get_by_label("Filter experiments by name").fill("VISION")
    expect(page.get_by_role("link", name="vision-baseline")).to_be_visible()
    expect(page.get_by_role("link", name="churn-model")).to_have_count(0)
    assert page.url.endswith("?q=VISION")
    page.reload()
    expect(page.get_by_label("Filter experiments by name")).to_have_value("VISION")
    page.get_by_label("Filter experiments by name").fill("it's not there")
    expect(page.get_by_text("No experiment's name holds")).to_be_visible()


def test_several_experiments_open_as_one_table(page: Page, known: Seeded) -> None:
    page.goto("/experiments")
    page.get_by_label("Select churn-model").check()
    page.get_by_label("Select vision-baseline").check()
    page.get_by_role("link", name="Open 2 together").click()
    expect(page.get_by_role("status")).to_have_text(f"{CHURN_RUNS + 3 + VISION_RUNS + 1} runs")
    expect(page.get_by_role("columnheader", name="Experiment")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="tuned-forest")).to_contain_text("churn-model")


def test_a_new_experiment_teaches_how_to_log_its_first_run(page: Page, base_url: str, tmp_path: Path) -> None:
    page.goto("/")
    page.get_by_role("button", name="New experiment").click()
    page.get_by_label("Name", exact=True).fill("fresh")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="fresh")).to_be_visible()
    expect(page.get_by_text("Three lines log a first run")).to_be_visible()
    lines = page.locator("pre").inner_text().split("\n")
    assert lines[0] == f'import solvent; solvent.set_tracking_uri("{base_url}")'
    assert lines[1] == 'solvent.set_experiment("fresh")'
    assert len(lines) == 3
    subprocess.run([sys.executable, "-c", "\n".join(lines)], cwd=tmp_path, check=True, timeout=60)
    page.reload()
    expect(page.get_by_role("status")).to_have_text("1 run")
    expect(page.get_by_role("columnheader", name="loss")).to_be_visible()
    expect(page.get_by_role("gridcell", name="0.25")).to_be_visible()


def test_a_name_that_is_taken_is_said_where_it_was_typed(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="New experiment").click()
    page.get_by_label("Name", exact=True).fill("churn-model")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("alert")).to_contain_text("churn-model")
    expect(page.get_by_label("Name", exact=True)).to_have_attribute("aria-invalid", "true")


def test_an_unknown_address_leads_back(page: Page) -> None:
    page.goto("/nowhere")
    expect(page.get_by_role("heading", name="There is nothing at this address")).to_be_visible()
    page.goto("/runs/not-there")
    expect(page.get_by_role("alert")).to_contain_text("not-there")


def test_addresses_that_mlflow_clients_print_lead_to_the_run(page: Page, known: Seeded) -> None:
    page.goto(f"/#/experiments/{known.churn}/runs/{known.best}")
    expect(page.get_by_role("heading", name="tuned-forest")).to_be_visible()
    assert page.url.endswith(f"/runs/{known.best}")
