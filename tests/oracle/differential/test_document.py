"""The page on differences says what the list says."""

from __future__ import annotations

from tests.oracle.differential.document import PAGE, document


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text() == document(), "write it anew: python -m tests.oracle.differential.document"
