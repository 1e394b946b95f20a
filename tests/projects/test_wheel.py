"""The wheel of the running installation."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

from solvent.projects.wheel import running_installation, wheel_of


def test_the_wheel_holds_the_package_and_a_true_record(tmp_path: Path) -> None:
    installation = running_installation()
    assert installation is not None
    assert not installation.indexed  # the tests run on a checkout
    wheel = wheel_of(installation, tmp_path)
    assert wheel_of(installation, tmp_path) == wheel
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        record = next(name for name in names if name.endswith("/RECORD"))
        rows = list(csv.reader(io.StringIO(archive.read(record).decode())))
    assert sorted(row[0] for row in rows) == sorted(names)
    assert "solvent/store/migrations/0001_tracking.sql" in names
    assert "solvent/py.typed" in names
    assert not [name for name in names if "__pycache__" in name]


def test_other_files_are_another_wheel(tmp_path: Path) -> None:
    installation = running_installation()
    assert installation is not None
    changed = installation._replace(digest="0" * 24)
    assert wheel_of(changed, tmp_path) != wheel_of(installation, tmp_path)
    assert not list(tmp_path.rglob(".*"))
