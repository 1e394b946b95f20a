"""The generated pages are those of the rules as they are."""

from __future__ import annotations

from pathlib import Path

from solvent.debt.documentation import page, pages, write
from solvent.debt.registry import all_rules

FOLDER = Path(__file__).parents[2] / "docs" / "debt" / "rules"


def test_the_pages_are_current() -> None:
    written = {path.name: path.read_text() for path in FOLDER.glob("*.md")}

    assert written.keys() == pages().keys(), "'make docs' writes them"
    for name, text in pages().items():
        assert written[name] == text, f"{name} is not current: 'make docs' writes it"


def test_a_page_holds_what_is_declared_and_the_docstring() -> None:
    rule = all_rules()["COD206"]
    text = page(rule)

    assert "# COD206 commented-out-code\n" in text
    for line in ("| severity | low |", "| time to mend | 2 min |", "| asks ruff for | ERA001 |", "## What it does"):
        assert line in text


def test_pages_of_rules_that_are_gone_are_removed(tmp_path: Path) -> None:
    (tmp_path / "OLD001.md").write_text("old")
    write(tmp_path)

    assert {path.name for path in tmp_path.iterdir()} == pages().keys()
