"""What else decides what uv installs."""

from __future__ import annotations

from pathlib import Path

import pytest

from solvent.projects.requirements import Requirements
from solvent.projects.source.consent import describe
from solvent.projects.source.origin import Source
from solvent.projects.spec import load_project
from solvent.projects.uv_settings import settings_of_files, settings_of_variables
from tests.projects.test_environment import make_project, make_wheel, prepare, python


def test_the_nearest_settings_count(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "uv.toml").write_text("no-index = true")
    assert settings_of_files(inner) == {str(tmp_path / "uv.toml"): "no-index = true"}
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.uv]\nno-index = false\n")
    assert list(settings_of_files(inner).values()) == ['[tool.uv] {"no-index": false}']


def test_a_password_in_an_address_is_none_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_INDEX_URL", "https://me:secret@host/simple")
    assert "secret" not in settings_of_variables()["UV_INDEX_URL"]


def test_changed_settings_make_another_environment(tmp_path: Path, cache: Path) -> None:
    project = make_project(tmp_path / "p", "dependencies: [alpha_package]\n")
    versions = []
    for version in ("1.0", "2.0"):
        links = tmp_path / version
        links.mkdir()
        make_wheel(links, "alpha_package", version)
        (project / "uv.toml").write_text(f'find-links = ["{links}"]\n')
        environment, _ = prepare(project)
        versions.append(python(environment, "import alpha_package; print(alpha_package.version)"))
    assert versions == ["1.0", "2.0"]


def test_a_folder_is_built_anew_when_a_file_in_it_changes(tmp_path: Path, cache: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    (library / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "build"\nbackend-path = ["."]\n'
        '[project]\nname = "eta_package"\nversion = "1.0"\n'
    )
    (library / "build.py").write_text(
        "import pathlib, zipfile\n"
        "def build_wheel(folder, *_, **__):\n"
        "    name, info = 'eta_package-1.0-py3-none-any.whl', 'eta_package-1.0.dist-info'\n"
        "    with zipfile.ZipFile(pathlib.Path(folder) / name, 'w') as file:\n"
        "        file.writestr('eta_package.py', pathlib.Path('eta_package.py').read_text())\n"
        "        file.writestr(info + '/METADATA', 'Metadata-Version: 2.1\\nName: eta_package\\nVersion: 1.0\\n')\n"
        "        file.writestr(info + '/WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')\n"
        "        file.writestr(info + '/RECORD', '')\n"
        "    return name\n"
    )
    project = make_project(tmp_path / "p", f"dependencies: ['eta_package @ file://{library}']\n")
    found = []
    for number in (1, 2):
        (library / "eta_package.py").write_text(f"number = {number}\n")
        environment, _ = prepare(project)
        found.append(python(environment, "import eta_package; print(eta_package.number)"))
    assert found == ["1", "2"]


def test_settings_of_a_project_from_the_network_are_shown(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "p", "dependencies: [alpha_package]\n")
    (folder / "uv.toml").write_text('find-links = ["http://other.example/w"]')
    source = Source("zip", "https://host/p.zip", folder, folder, remote=True, fetched=True)
    text = describe(source, load_project(folder), Requirements(), "true")
    assert 'uv settings  uv.toml: find-links = ["http://other.example/w"]' in text
