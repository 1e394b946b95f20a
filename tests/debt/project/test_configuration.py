"""Keys of configuration files, also of those that mean harm."""

from __future__ import annotations

import time

import pytest

from solvent.debt.project.configuration import keys_of

BOMB = "a0: &a0 {" + ", ".join(f"k{n}: {n}" for n in range(9)) + "}\n"
BOMB += "".join(f"a{n}: &a{n} {{" + ", ".join(f"k{m}: *a{n - 1}" for m in range(9)) + "}\n" for n in range(1, 9))


def test_aliases_of_aliases_are_read_once() -> None:
    start = time.monotonic()
    keys = keys_of("config.yaml", BOMB)

    assert [key.path for key in keys if len(key.path) == 1] == [(f"a{n}",) for n in range(9)]
    assert len(keys) == 9 + 9 * 9
    assert time.monotonic() - start < 5


def test_no_file_has_more_keys_than_somebody_reads() -> None:
    assert len(keys_of("config.yaml", "".join(f"k{n}: 1\n" for n in range(20_010)))) == 20_000


@pytest.mark.parametrize("odd", ["!!bool maybe", '!!int ""', "!!timestamp foo"])
def test_an_odd_value_is_text(odd: str) -> None:
    assert [(key.path, key.value) for key in keys_of("config.ini", f"[a]\nx = {odd}\n")][1:] == [(("a", "x"), odd)]
    assert [(key.path, key.value) for key in keys_of("config.yaml", f"x: |-\n  {odd}\n")] == [(("x",), odd)]
