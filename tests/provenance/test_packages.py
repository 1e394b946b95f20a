"""Packages of this environment and of made-up ones."""

from __future__ import annotations

import importlib.metadata
import json
from pathlib import Path

from solvent.provenance.packages import installed_packages


def test_this_environment_agrees_with_importlib() -> None:
    lines = {line.split("  #")[0] for line in installed_packages()}
    assert f"msgspec=={importlib.metadata.version('msgspec')}" in lines
    assert f"pytest=={importlib.metadata.version('pytest')}" in lines


def test_a_package_from_version_control_says_so_without_credentials(tmp_path: Path) -> None:
    metadata = tmp_path / "My_Package-1.0.dist-info"
    metadata.mkdir()
    origin = {"url": "https://me:pw@example.org/p.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}}
    (metadata / "direct_url.json").write_text(json.dumps(origin))
    assert installed_packages([str(tmp_path)]) == ["my-package==1.0  # git+https://example.org/p.git@abc"]


def test_damaged_metadata_and_missing_folders_are_no_error(tmp_path: Path) -> None:
    (tmp_path / "a-1.0.dist-info").mkdir()
    (tmp_path / "a-1.0.dist-info" / "direct_url.json").write_text("[")
    (tmp_path / "noversion.egg-info").mkdir()
    assert installed_packages([str(tmp_path), str(tmp_path / "missing")]) == ["a==1.0"]
