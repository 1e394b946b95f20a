"""What is written of declared features."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from solvent.data.features import record
from solvent.data.features.definition import parse
from solvent.data.features.record import document_of
from solvent.data.features.registered import Registered, registry
from solvent.data.features.scan import features_in

SOURCE = '''
import solvent

TOKEN = "https://me:hunter2@host/x"

@solvent.feature(owner="risk", inputs=["debt", "income"])
def ratio(debt, income):
    """Debt per income."""
    return debt / income  # yearly, from https://me:hunter2@host/x


class Maker:
    @solvent.feature(name="made")
    def make(self):
        return 1
'''


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def entries(folder: Path) -> list[dict[str, Any]]:
    content, _ = document_of(registry.all(), folder)
    document = json.loads(content)
    assert document["version"] == 1
    found: list[dict[str, Any]] = document["features"]
    return found


def test_source_place_and_version_are_those_that_a_scan_finds(tmp_path: Path) -> None:
    path = tmp_path / "f4_features.py"
    path.write_text(SOURCE)
    load(path)
    made, ratio = entries(tmp_path)
    scanned = {each.name: each for each in features_in(path.name, parse(SOURCE), SOURCE)}
    assert (made["version"], ratio["version"]) == (scanned["made"].version, scanned["ratio"].version)
    assert (ratio["file"], ratio["line"]) == (path.name, scanned["ratio"].line)
    assert ratio["source"].startswith('@solvent.feature(owner="risk"')
    assert ratio["source"].endswith("@host/x\n")
    assert "hunter2" not in ratio["source"]
    assert (ratio["owner"], ratio["inputs"], ratio["description"]) == ("risk", ["debt", "income"], "Debt per income.")
    assert made["symbol"] == "Maker.make"


def test_the_source_is_that_of_the_declaration_not_of_the_file_as_it_is_later(tmp_path: Path) -> None:
    path = tmp_path / "f4_changed.py"
    path.write_text(SOURCE)
    load(path)
    path.write_text("# nothing\n")
    assert "debt / income" in entries(tmp_path)[1]["source"]
    path.write_text(SOURCE.replace("debt / income", "income / debt") + "\n# longer, so that its change is seen\n")
    load(path)
    assert "income / debt" in entries(tmp_path)[1]["source"]


def test_what_has_no_source_says_so(tmp_path: Path) -> None:
    program = "import solvent\n@solvent.feature\ndef f(): ...\n"
    exec(compile(program, "<string>", "exec"), {"__name__": "made_up"})
    (found,) = entries(tmp_path)
    assert (found["version"], found["source"]) == ("", None)
    assert found["note"].startswith("no source")


def test_large_sources_are_left_out_and_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "MAX_SOURCES", 200)
    path = tmp_path / "f4_large.py"
    path.write_text(SOURCE)
    load(path)
    made, ratio = entries(tmp_path)
    assert made["source"]
    assert ratio["source"] is None
    assert "left out" in ratio["note"]
    assert ratio["version"]


def test_the_digest_is_of_names_and_versions(tmp_path: Path) -> None:
    path = tmp_path / "f4_digest.py"
    digests: list[str] = []
    for source in (SOURCE, SOURCE.replace("risk", "us"), SOURCE.replace("return 1", "return 2")):
        registry.clear()
        path.write_text(source + "#" * len(digests))
        load(path)
        digests.append(document_of(registry.all(), tmp_path)[1])
    assert digests[0] == digests[1] != digests[2]


def test_cells_of_a_notebook_are_one_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Shell:
        class history_manager:  # noqa: N801 - IPython's name
            input_hist_parsed = [
                "",
                "import solvent\nLIMIT = 25",
                "not python at all",
                "@solvent.feature\ndef young(age):\n    return age < LIMIT",
                "await something()",
            ]

    fake = ModuleType("IPython")
    fake.get_ipython = Shell  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", fake)
    feature = Registered("young", "", "", None, ("young",), "__main__", "young", "<ipython-input-3>", [])
    first = json.loads(document_of([feature], tmp_path)[0])["features"][0]
    assert first["source"] == "@solvent.feature\ndef young(age):\n    return age < LIMIT\n"
    Shell.history_manager.input_hist_parsed.append("LIMIT = 30")
    second = json.loads(document_of([feature], tmp_path)[0])["features"][0]
    assert first["version"] != second["version"]
