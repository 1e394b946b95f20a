"""Lines without secrets, however they come."""

from __future__ import annotations

import pytest

from solvent.projects.output_lines import LONGEST_LINE, Lines, Mask

SECRET = "secret-value-of-a-variable"
TOKEN = "ghp_" + "a1" * 20
KEY = "-----BEGIN KEY-----\nAAAAAAAAAAAAAAAA\nBBBBBBBBBBBBBBBB\n-----END KEY-----\n"
MASK = Mask({"DB_PASSWORD": SECRET, "SIGNING_SECRET": KEY, "HOME": "/home/somebody"})


def fed(text: str, size: int) -> str:
    lines = Lines(MASK)
    content = text.encode()
    found = [piece for start in range(0, len(content), size) for piece in lines.feed(content[start : start + size])]
    return b"".join([*found, *lines.rest()]).decode()


@pytest.mark.parametrize("size", [1_000, 1 << 16])
@pytest.mark.parametrize("secret", [SECRET, TOKEN, "password=hunter2-and-more", "https://me:hunter2@host/"])
@pytest.mark.parametrize("end", ["", "\n", "\nnext\n"])
def test_a_secret_where_a_long_line_is_cut(secret: str, size: int, end: str) -> None:
    for before in range(LONGEST_LINE - len(secret) - 1, LONGEST_LINE + 2, 5):
        text = fed("x" * (before - 1) + " " + secret + " " + "y" * 9_000 + end, size)
        assert all(part not in text for part in ("secret-value", "of-a-variable", "a1a1a1", "hunter2"))
        assert text.count("y") == 9_000
        assert max(map(len, text.split("\n"))) <= LONGEST_LINE


def test_a_variable_of_several_lines() -> None:
    text = fed(f"key:\n{KEY}done\n", 7)
    assert "AAAA" not in text
    assert "BBBB" not in text
    assert text.startswith("key:\n")
    assert text.endswith("done\n")
