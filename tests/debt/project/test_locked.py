"""Versions of lock files and environments, and which of them fit."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement as Reference

from solvent.debt.project.locked import fitting, installed_versions, locked_versions
from solvent.debt.project.project import Project
from solvent.debt.project.requirements import parse_requirement
from tests.debt.repositories import put


def test_lock_files_that_agree_in_the_folder_and_above(tmp_path: Path) -> None:
    files = {
        "uv.lock": '[[package]]\nname = "A"\nversion = "1"\n[[package]]\nname = "b"\nversion = "1"\n',
        "x/requirements.lock": "a==1\nb==2\nc==3\n",
        "x/all.requirements.txt": "d==4\n",
        "x/loose-requirements.txt": "e==5\nf\n",
        "xy/requirements.lock": "g==7\n",
        "pixi.lock": "h==8\n",
    }
    put(tmp_path, files)
    project = Project(tmp_path, {}, files)

    assert locked_versions(project, "x") == {"a": "1", "c": "3", "d": "4"}
    assert locked_versions(project, "") == {"a": "1", "b": "1"}


@pytest.mark.parametrize(
    "text", ["", "[", "package = 1", "[package]\na = 1", '[[package]]\nname = "a"\n', "[[package]]\nsource = 1\n"]
)
def test_a_lock_file_of_any_other_form_says_nothing(tmp_path: Path, text: str) -> None:
    put(tmp_path, {"uv.lock": text, "Pipfile.lock": text})

    assert locked_versions(Project(tmp_path, {}, ["uv.lock", "Pipfile.lock"]), "") == {}


def test_the_projects_own_environment_comes_before_that_of_solvent(tmp_path: Path) -> None:
    assert "msgspec" in installed_versions(tmp_path)
    (tmp_path / "venv/Lib/site-packages/Some_Thing-1.2.dist-info").mkdir(parents=True)
    assert installed_versions(tmp_path) == {"some-thing": "1.2"}


VERSIONS = st.from_regex(r"[0-3](\.[0-3]){0,2}(rc1|\.dev1|\.post1|\+cu12)?", fullmatch=True)
SPECIFIERS = st.lists(st.from_regex(r"(>=|>|!=)[0-3](\.[0-3]){0,2}(rc1|\.post1)?|!=[0-3]\.\*", fullmatch=True), max_size=3)  # fmt: skip


@given(VERSIONS, SPECIFIERS)
def test_what_fits_is_what_pip_takes(version: str, specifiers: list[str]) -> None:
    text = f"a{','.join(specifiers)}"
    requirement = parse_requirement(text)
    assert requirement is not None

    fit = fitting(requirement, version)

    assert fit is None or Reference(text).specifier.contains(version)
    assert fit is None or Reference(f"a=={fit}").specifier.contains(version)
    if version.replace(".", "").isdigit() and not any("post" in each or "rc" in each for each in specifiers):
        assert (fit is not None) == Reference(text).specifier.contains(version)
