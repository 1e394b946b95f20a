"""Signing in and out of the page."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.server.secured import PASSWORD, secured

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]


def test_sign_in_leads_on_to_what_was_asked_for(context: BrowserContext, tmp_path: Path, web_build: ModuleType) -> None:
    web_build.build()
    with secured(tmp_path, "root") as server:
        number = server.make_experiment("root", "seen by those who are known")
        page: Page = context.new_page()
        page.goto(f"{server.url}/experiments/{number}")
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        page.get_by_label("User name").fill("root")
        page.get_by_label("Password").fill("not the right one")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_have_text("The user name or the password is not right.")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_label("Password").press("Enter")
        expect(page.get_by_text("seen by those who are known").first).to_be_visible()
        assert page.url.endswith(f"/experiments/{number}")
        (cookie,) = page.context.cookies()
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Strict"
        page.reload()
        page.get_by_role("button", name="sign out").click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        page.reload()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        page.close()
