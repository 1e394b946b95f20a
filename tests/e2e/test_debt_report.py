"""The HTML report of ``solvent debt check`` in a browser: sorting, filtering, its policy, both themes."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.debt.formats.reports import finding, report, written
from tests.debt.helpers import check_files
from tests.e2e.test_accessibility import violations

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]

PAYLOAD = "<img src=x onerror=window.__hacked=1><script>window.__hacked=1</script>\"'></style>"


def show(page: Page, base_url: str, text: str) -> None:
    address = f"{base_url}/debt.html"
    page.route("**/debt.html", lambda route: route.fulfill(body=text, content_type="text/html; charset=utf-8"))
    page.goto(address)


def shown(page: Page) -> list[str]:
    return page.locator("tbody tr:visible td.place").all_inner_texts()


def three() -> str:
    return written(
        "html",
        report(
            [
                finding(path="b.py", severity="low", minutes=90),
                finding(path="a.py", severity="blocker", minutes=5, message=f"hard {PAYLOAD}"),
                finding(path="c.py", severity="high", minutes=10, code="CFG102", rule="no-experiment"),
            ],
            unreadable=[(PAYLOAD, PAYLOAD)],
            suppressed=[finding(message=PAYLOAD, symbol=PAYLOAD)],
            notes=[PAYLOAD],
            root=Path(f"/{PAYLOAD.replace('/', '')}"),
        ),
    )


def test_it_sorts_and_filters(page: Page, base_url: str) -> None:
    show(page, base_url, three())
    assert shown(page) == ["a.py:3:5", "c.py:3:5", "b.py:3:5"]

    page.get_by_role("button", name="to mend").click()
    assert shown(page) == ["a.py:3:5", "c.py:3:5", "b.py:3:5"]
    page.get_by_role("button", name="to mend").click()
    assert shown(page) == ["b.py:3:5", "c.py:3:5", "a.py:3:5"]
    expect(page.get_by_role("columnheader", name="to mend")).to_have_attribute("aria-sort", "descending")

    page.get_by_label("Filter").fill("cfg102 C.PY")
    assert shown(page) == ["c.py:3:5"]
    expect(page.get_by_role("status")).to_have_text("1 of 3 shown")
    page.get_by_label("Filter").fill("")
    page.get_by_role("button", name="low 1").click()
    assert shown(page) == ["c.py:3:5", "a.py:3:5"]


def test_a_rule_opens_where_it_is_asked_for(page: Page, base_url: str) -> None:
    show(page, base_url, three())

    page.get_by_role("link", name="COD207").first.click()
    expect(page.get_by_role("heading", name="Why is this bad?")).to_be_visible()


def test_it_can_be_read_without_scripts(page: Page, base_url: str) -> None:
    show(page, base_url, three().split("<script>")[0])
    assert len(shown(page)) == 3
    expect(page.get_by_label("Filter")).to_be_hidden()


@pytest.mark.parametrize("found", [True, False])
def test_axe_finds_nothing(page: Page, base_url: str, theme: str, axe_source: str, found: bool, tmp_path: Path) -> None:
    source = "import numpy as np\nx == np.nan\n" if found else "x = 1\n"
    show(page, base_url, written("html", check_files(tmp_path, {"a.py": source, "b.py": "def ("})))
    for details in page.locator("details").all():
        details.evaluate("each => each.open = true")
    assert violations(page, axe_source) == []
