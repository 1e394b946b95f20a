"""The page of one run."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.seed import COMMIT, LONG_POINTS, PEAK, PEAK_STEP, Seeded

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]

INK = """canvas => {
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  let ink = 0;
  for (let index = 3; index < data.length; index += 4) if (data[index]) ink++;
  return ink;
}"""


def drawn(card: Locator) -> int:
    """How many pixels of the chart are not empty, once it has been drawn (the browser draws when it likes)."""
    for _ in range(50):
        ink: int = card.locator("canvas").evaluate(INK)
        if ink:
            return ink
        card.page.wait_for_timeout(100)
    return 0


def test_the_overview_tells_how_to_make_the_run_again(page: Page, known: Seeded) -> None:
    page.goto(f"/runs/{known.best}")
    expect(page.get_by_role("heading", name="tuned-forest")).to_be_visible()
    expect(page).to_have_title("tuned-forest · Solvent")
    expect(page.locator(".reproduce code")).to_have_text(
        f"git clone https://git.example.org/churn.git project && git -C project checkout {COMMIT} && "
        "solvent run project -P alpha=0.1 -P depth=6 -P optimizer=adam -P seed=42"
    )
    accuracy = page.get_by_label("Metric summaries").get_by_role("row").filter(has_text="accuracy")
    expect(accuracy.get_by_role("cell").last).to_have_text("60")
    expect(page.get_by_label("Params").get_by_role("row").filter(has_text="depth")).to_contain_text("6")
    page.get_by_role("button", name="with uncommitted changes").click()
    expect(page.get_by_role("tab", name="Code")).to_have_attribute("aria-selected", "true")


def test_charts_are_drawn_and_their_table_holds_what_was_logged(page: Page, known: Seeded) -> None:
    page.goto(f"/runs/{known.long}?tab=metrics")
    card = page.get_by_label("Metric score")
    expect(card.locator("canvas")).to_be_visible()
    assert drawn(card) > 500
    card.locator("summary").click()
    rows = card.get_by_role("row").all_inner_texts()[1:]
    points = [row.split()[:2] for row in rows]
    assert [(int(step), float(value)) for step, value in points] == [(step, -step / 4) for step in range(5)]


def test_a_peak_among_many_points_is_never_thinned_away(page: Page, known: Seeded) -> None:
    page.goto(f"/runs/{known.long}?tab=metrics&metric=loss")
    card = page.get_by_label("Metric loss")
    expect(card.locator("summary")).to_contain_text(f"of {LONG_POINTS:,} points, peaks kept")
    card.locator("summary").click()
    row = card.get_by_role("row").filter(has=page.get_by_role("cell", name=str(PEAK_STEP), exact=True))
    expect(row).to_contain_text(str(PEAK))


def test_zooming_asks_the_server_again(page: Page, known: Seeded) -> None:
    page.goto(f"/runs/{known.long}?tab=metrics&metric=loss")
    over = page.get_by_label("Metric loss").locator(".u-over")
    over.wait_for()
    box = over.bounding_box()
    assert box
    with page.expect_request(lambda request: '"start"' in (request.post_data or "")) as asked:
        page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + 40)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 60, steps=4)
        page.mouse.up()
    fields = asked.value.post_data_json
    assert fields
    assert 0.35 * LONG_POINTS < fields["start"] < 0.45 * LONG_POINTS < fields["end"] < 0.55 * LONG_POINTS
    page.get_by_role("button", name="Show all").click()
    expect(page.get_by_label("Metric loss").locator("summary")).to_contain_text(f"of {LONG_POINTS:,} points")


def test_values_that_are_not_finite_are_gaps_and_are_told(page: Page, known: Seeded) -> None:
    page.goto(f"/runs/{known.long}?tab=metrics")
    card = page.get_by_label("Metric broken")
    expect(card.locator("summary")).to_have_text("5 points, 2 not finite")
    card.locator("summary").click()
    expect(card.get_by_role("cell", name="NaN")).to_be_visible()
    expect(card.get_by_role("cell", name="Infinity")).to_be_visible()


def test_files_are_shown_by_kind(page: Page, known: Seeded) -> None:
    page.goto(f"/runs/{known.best}?tab=artifacts")
    files = page.get_by_label("Files")
    files.get_by_role("button", name="confusion.csv").click()
    expect(page.get_by_role("cell", name="go, away")).to_be_visible()
    files.get_by_role("button", name="config").click()
    files.get_by_role("button", name="model.json").click()
    expect(page.locator("pre")).to_contain_text('"depth": 6')
    files.get_by_role("button", name="plots").click()
    files.get_by_role("button", name="importance.svg").click()
    picture = page.get_by_alt_text("Artifact plots/importance.svg")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 120
    files.get_by_role("button", name="model.bin").click()
    expect(page.get_by_text("This file is not text")).to_be_visible()
    page.go_back()
    expect(picture).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "importance.svg"


def test_the_patch_is_shown_line_by_line(page: Page, known: Seeded) -> None:
    page.goto(f"/runs/{known.best}?tab=code")
    changes = page.get_by_label("Uncommitted changes", exact=True)
    expect(changes.get_by_role("heading")).to_have_text("Uncommitted changes +3 \N{MINUS SIGN}2")
    assert changes.locator("tr.removed .text").all_inner_texts() == [
        "    model = GradientBoosting(depth=depth)",
        "depth: 4",
    ]
    added = changes.locator("tr.added").first
    expect(added.locator(".place").nth(1)).to_have_text("14")
    page.goto(f"/runs/{known.rival}?tab=code")
    expect(page.get_by_text("Everything was committed")).to_be_visible()


def test_the_environment_names_packages_and_host(page: Page, known: Seeded) -> None:
    page.goto(f"/runs/{known.best}?tab=environment")
    expect(page.get_by_label("Packages").get_by_text("scikit-learn==1.7.2")).to_be_visible()
    expect(page.get_by_label("Environment").get_by_role("row").filter(has_text="solvent.host")).to_contain_text(
        "trainer-2"
    )


def test_data_sets_are_shown_with_their_columns(page: Page, known: Seeded) -> None:
    page.goto(f"/runs/{known.best}?tab=data")
    data = page.get_by_label("Data set customers")
    expect(data).to_contain_text("training")
    expect(data).to_contain_text("9ae4f1c2")
    data.get_by_text("Schema", exact=True).click()
    expect(data.get_by_role("definition").first).to_have_text("local data/customers.csv")
    schema = data.get_by_role("region", name="Schema of customers")
    expect(schema.get_by_role("row").filter(has_text="monthly_charge")).to_contain_text("double")
    page.goto(f"/runs/{known.going}?tab=data")
    expect(page.get_by_text("No data sets were recorded")).to_be_visible()


def test_the_profile_of_a_data_set_is_drawn_and_told_in_words(page: Page, known: Seeded) -> None:
    page.goto(f"/runs/{known.best}?tab=data")
    profile = page.get_by_role("region", name="Profile of customers")
    expect(page.get_by_label("Data set customers")).to_contain_text("7,043")
    charge = profile.get_by_role("row").filter(has_text="monthly_charge")
    expect(charge).to_contain_text("0.16%")
    expect(charge).to_contain_text("3 NaN")
    bars = charge.get_by_role("img", name="20 bins of values from 18 to 119; most, 20.9%, from 18 to 23.05")
    expect(bars).to_be_visible()
    contract = profile.get_by_role("row").filter(has_text="contract")
    expect(contract.get_by_role("listitem").first).to_have_text("month-to-month 55.0%")
    expect(contract.get_by_role("img", name="the 3 most frequent values")).to_be_visible()
    home = profile.get_by_role("row").filter(has_text="home")
    expect(home).to_contain_text("Could not be looked at: values of type GEOMETRY can't be ordered")
    profile.focus()
    expect(profile).to_be_focused()
