"""Facts of a team, which may be a stranger's."""

from __future__ import annotations

import time
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.debt.engine.check import Options, check
from solvent.debt.errors import InvalidDebtSettings
from solvent.debt.facts.facts import Facts, load_facts


@given(st.text("ab.*", max_size=6), st.text("ab.", max_size=10))
def test_a_star_is_anything(pattern: str, name: str) -> None:
    facts = Facts([{"kinds": {"trains": ["x", pattern.lstrip("!")]}}])

    assert ("trains" in facts.kinds(name)) == fnmatchcase(name, pattern)


def test_many_stars_are_refused(tmp_path: Path) -> None:
    for number, text in enumerate(["kinds: {trains: ['%s']}", "results: {'%s': x}"]):
        path = tmp_path / f"{number}.yaml"
        path.write_text(text % "*a*b*c*d")
        load_facts([path])
        path.write_text(text % "*a*b*c*d*e")
        with pytest.raises(InvalidDebtSettings, match=r"the pattern '\*a\*b\*c\*d\*e' has more than 4 '\*'"):
            load_facts([path])


def test_few_stars_and_a_long_name_don_t_hang() -> None:
    facts = Facts([{"kinds": {"trains": ["*a*a*a*b"]}}])
    start = time.monotonic()

    assert facts.kinds("a" * 20_000) == frozenset()
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("name", ["/dev/zero", "../facts.yaml", "link.yaml"])
def test_files_outside_of_the_project_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("SOLVENT_CACHE", str(tmp_path / "cache"))
    (tmp_path / "facts.yaml").write_text("kinds: {}\n")
    root = tmp_path / "p"
    root.mkdir()
    (root / "link.yaml").symlink_to(tmp_path / "facts.yaml")
    (root / "solvent.toml").write_text(f'[debt]\nfacts = ["{name}"]\n')

    with pytest.raises(InvalidDebtSettings, match="outside of the project"):
        check(Options(paths=[root]))
