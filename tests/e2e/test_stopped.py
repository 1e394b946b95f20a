"""Why a run failed stands first on its page: real runs of the example, on data that breaks its contract."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.seed import PAYLOADS
from tests.e2e.test_accessibility import violations
from tests.processes import bare_environment

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]

EXAMPLE = Path(__file__).parents[2] / "examples" / "breast-cancer"
SOLVENT = Path(sys.executable).with_name("solvent")
LOCAL = ("--env-manager", "local")


class Runs(NamedTuple):
    bad_data: str
    no_environment: str
    failed_command: str
    warned: str
    skipped: str


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory, base_url: str) -> Runs:
    folder = tmp_path_factory.mktemp("example")
    shutil.copytree(EXAMPLE, folder / "project")
    mlproject = folder / "project" / "MLproject"
    quick = re.sub(r'command: "python train\.py .*"', 'command: "python train.py"', mlproject.read_text())
    (folder / "project" / "train.py").write_text("import sys\nsys.exit('no room for the model')\n")
    mlproject.write_text(quick)
    write_bad_data(folder / "bad.csv")

    def run(*arguments: str, **variables: str) -> str:
        command: list[str | Path] = [SOLVENT, "run", "project", *arguments]
        environment = bare_environment(SOLVENT_TRACKING_URI=base_url, **variables)
        ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
        found = re.search(r"=== Run \(ID='(\w+)'\)", ended.stdout)
        assert found, ended.stderr
        return found[1]

    bad_data = run("-P", "data=bad.csv", *LOCAL)
    failed_command = run(*LOCAL)
    (folder / "project" / "train.py").write_text("print('trained')\n")
    skipped = run("-P", "data=bad.csv", "--no-contracts", *LOCAL)
    mlproject.write_text(quick.replace("tumours.odcs.yaml}", "tumours.odcs.yaml, severity: warning}"))
    warned = run("-P", "data=bad.csv", *LOCAL)
    (folder / "project" / "python_env.yaml").write_text("dependencies: [no-such-package-of-anybody==9.9.9]\n")
    no_environment = run(UV_OFFLINE="1", SOLVENT_CACHE=str(folder / "cache"))
    return Runs(bad_data, no_environment, failed_command, warned, skipped)


def write_bad_data(path: Path) -> None:
    """A radius below zero, one that is missing, and a column whose name tries to run as script."""
    header, *lines = (EXAMPLE / "data" / "tumours.csv").read_text().splitlines()
    lines[2] = f"-1.5,{lines[2].partition(',')[2]}"
    lines[7] = f",{lines[7].partition(',')[2]}"
    path.write_text("\n".join([f"{header},{PAYLOADS[1]}", *(f"{line},1" for line in lines)]) + "\n")


def test_the_rules_that_data_broke_stand_first(page: Page, runs: Runs) -> None:
    page.goto(f"/runs/{runs.bad_data}")
    why = page.get_by_label("Why it failed")
    expect(page.locator(".overview > section").first).to_have_attribute("aria-label", "Why it failed")
    expect(why.locator(".note")).to_contain_text("bad.csv breaks the contract breast-cancer-tumours 1.0.0: ")
    expect(why.get_by_role("heading", level=3)).to_contain_text(
        "bad.csv, 569 rows, held against breast-cancer-tumours 1.0.0: 2 errors, 1 warning"
    )
    rules = why.get_by_role("region", name=re.compile("^Broken rules of .*bad.csv$")).get_by_role("row")
    below = rules.filter(has_text="at most 39")
    expect(below.get_by_role("rowheader")).to_have_text("mean_radius")
    expect(below.get_by_role("cell").nth(1)).to_have_text("1")
    expect(below.get_by_role("cell").nth(2)).to_contain_text("not so in 1 of 569 rows (0.18%)")
    expect(below.get_by_role("cell").last).to_have_text("row 2: -1.5")
    missing = rules.filter(has_text="expected a value")
    expect(missing.get_by_role("cell").last).to_contain_text("row 7")
    expect(rules.filter(has_text=PAYLOADS[1]).get_by_text("warning", exact=True)).to_be_visible()
    expect(page.get_by_label("Facts")).to_contain_text("breast-cancer-tumours 1.0.0: failed")
    why.get_by_role("link", name="The whole report").click()
    expect(page.get_by_role("heading", name="solvent/contracts.md")).to_be_visible()
    expect(page.locator("pre")).to_contain_text("mean\\_radius")


def test_an_environment_that_can_not_be_made_is_told(page: Page, runs: Runs) -> None:
    page.goto(f"/runs/{runs.no_environment}")
    why = page.get_by_label("Why it failed")
    expect(why).to_contain_text("no-such-package-of-anybody")
    expect(why.get_by_role("table")).to_have_count(0)


def test_a_command_that_failed_is_told_with_its_last_line_and_its_code(page: Page, runs: Runs) -> None:
    page.goto(f"/runs/{runs.failed_command}")
    why = page.get_by_label("Why it failed")
    expect(why).to_contain_text("no room for the model")
    expect(why).to_contain_text(f"ended with code 1. What it printed: solvent runs logs {runs.failed_command}")
    expect(page.get_by_label("Facts")).to_contain_text("breast-cancer-tumours 1.0.0: passed")


def test_warnings_are_shown_of_a_run_that_went_well(page: Page, runs: Runs) -> None:
    page.goto(f"/runs/{runs.warned}")
    expect(page.get_by_label("Broken rules", exact=True).get_by_role("row").filter(has_text="-1.5")).to_contain_text(
        "warning"
    )
    expect(page.get_by_label("Why it failed")).to_have_count(0)
    page.goto(f"/runs/{runs.skipped}")
    expect(page.get_by_label("Facts")).to_contain_text("Not looked at: --no-contracts")


def test_axe_finds_nothing(page: Page, runs: Runs, theme: str, axe_source: str) -> None:
    page.goto(f"/runs/{runs.bad_data}")
    expect(page.get_by_role("link", name="The whole report")).to_be_visible()
    assert violations(page, axe_source) == [], theme
