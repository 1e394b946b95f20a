"""Back ends by name, and their settings."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from solvent.errors import InvalidInput
from solvent.projects.backends import registry
from solvent.projects.backends.local import LocalBackend
from solvent.projects.backends.registry import find_backend, read_config


def make(settings: dict[str, str]) -> LocalBackend:
    assert settings == {"queue": "short"}
    return LocalBackend()


def entry_points(group: str) -> list[EntryPoint]:
    return [
        EntryPoint("mine", f"{__name__}:make", group),
        EntryPoint("broken", "no_such_module:make", group),
    ]


def test_an_unknown_name_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(InvalidInput, match=r"no back end 'locl' \(known: local\); did you mean 'local'\?"):
        find_backend("locl")


def test_a_package_may_bring_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "entry_points", entry_points)
    monkeypatch.setattr(
        EntryPoint, "load", lambda found: make if found.name == "mine" else __import__("no_such_module")
    )
    assert isinstance(find_backend("mine", '{"queue": "short"}'), LocalBackend)
    with pytest.raises(InvalidInput, match=r"known: broken, local, mine"):
        find_backend("other")
    with pytest.raises(InvalidInput, match=r"back end 'broken' .* can't be loaded \(ModuleNotFoundError"):
        find_backend("broken")


def test_settings_are_json_or_a_file_of_it(tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    file.write_text('{"a": 1}')
    assert read_config(str(file)) == read_config('{"a": 1}') == {"a": 1}


@pytest.mark.parametrize(("config", "message"), [("{", "not valid JSON"), ("nowhere.json", "is not there")])
def test_other_settings_are_refused(config: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        read_config(config)


def test_local_takes_none() -> None:
    with pytest.raises(InvalidInput, match="takes no settings, found queue"):
        find_backend("local", '{"queue": "short"}')
