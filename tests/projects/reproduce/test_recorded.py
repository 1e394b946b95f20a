"""A record may be of any shape: what is no record of ours says why the run can't be repeated, and nothing breaks."""

from __future__ import annotations

import io
import json
import platform
from pathlib import Path
from typing import Any

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.projects.reproduce.code import rebuild_code
from solvent.projects.reproduce.data import check_data
from solvent.projects.reproduce.environment import rebuild_environment, requirements
from solvent.projects.reproduce.errors import CannotRepeat
from solvent.projects.reproduce.recorded import Package, Recorded, read_recorded
from solvent.wire.experiments import Tag
from solvent.wire.runs import CreateRun, UpdateRun


def recorded(backend: EmbeddedBackend, files: dict[str, bytes], status: str = "FINISHED", **tags: str) -> Recorded:
    given = [Tag(key="mlflow.project.entryPoint", value="main"), *(Tag(key=k, value=v) for k, v in tags.items())]
    run = backend.call(CreateRun(experiment_id="0", tags=given)).run
    for path, content in files.items():
        backend.artifacts(run.info.artifact_uri).write(path, io.BytesIO(content))
    backend.call(UpdateRun(run_id=run.info.run_id, status=status))
    return read_recorded(backend, run.info.run_id)


def summary(**fields: Any) -> dict[str, bytes]:
    return {"solvent/provenance.json": json.dumps({"code": "unversioned", **fields}).encode()}


def new_file(path: str) -> bytes:
    return (
        f"diff --git a/{path} b/{path}\nnew file mode 100644\n--- /dev/null\n+++ b/{path}\n@@ -0,0 +1 @@\n+x\n".encode()
    )


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b"null", b"[" * 100_000])
def test_a_run_without_a_record_of_its_code(backend: EmbeddedBackend, content: bytes) -> None:
    with pytest.raises(CannotRepeat, match="no record of its code"):
        recorded(backend, {"solvent/provenance.json": content})


def test_a_run_that_was_killed(backend: EmbeddedBackend) -> None:
    with pytest.raises(CannotRepeat, match="not ended by itself"):
        recorded(backend, summary(), status="KILLED")


@pytest.mark.parametrize("value", [None, 3, "text", [], ["x", 1], {"a": []}])
def test_fields_of_other_types_are_as_good_as_missing(backend: EmbeddedBackend, value: Any, tmp_path: Path) -> None:
    names = ("git", "host", "root", "untracked", "notes", "variables", "folder")
    found = recorded(backend, summary(**dict.fromkeys(names, value)))
    assert (found.commit, found.root, found.packages, found.parameters) == (None, None, {}, {})
    found.code_not_kept()
    check_data(found, tmp_path, None)
    with pytest.raises(CannotRepeat, match="none of it was kept"):
        rebuild_code(found, tmp_path)


@pytest.mark.parametrize("path", ["../out.py", "a/../../out.py", ".git/hooks/post-checkout", "/tmp/out.py"])
def test_a_patch_can_not_leave_the_folder(backend: EmbeddedBackend, path: str, tmp_path: Path) -> None:
    target = tmp_path / "fresh"
    target.mkdir()
    with pytest.raises(CannotRepeat, match=r"does not fit its commit, or leads out"):
        rebuild_code(recorded(backend, {**summary(), "solvent/untracked.diff": new_file(path)}), target)
    assert list(tmp_path.rglob("out.py")) == []


def test_a_patch_can_not_write_through_a_link_of_its_own(backend: EmbeddedBackend, tmp_path: Path) -> None:
    target = tmp_path / "fresh"
    target.mkdir()
    link = (
        f"diff --git a/link b/link\nnew file mode 120000\n--- /dev/null\n+++ b/link\n@@ -0,0 +1 @@\n+{tmp_path}\n"
        "\\ No newline at end of file\n"
    ).encode()
    files = {**summary(), "solvent/patch.diff": link, "solvent/untracked.diff": new_file("link/out.py")}
    with pytest.raises(CannotRepeat):
        rebuild_code(recorded(backend, files), target)
    assert not (tmp_path / "out.py").exists()


def test_a_project_folder_that_leads_out(backend: EmbeddedBackend, tmp_path: Path) -> None:
    target = tmp_path / "fresh"
    target.mkdir()
    files = {**summary(git={"subfolder": "../.."}), "solvent/untracked.diff": new_file("train.py")}
    with pytest.raises(CannotRepeat, match="project folder"):
        rebuild_code(recorded(backend, files), target)


@pytest.mark.parametrize("python", ["", "not a version", platform.python_version()])
def test_a_package_that_is_not_to_be_had_any_more(
    backend: EmbeddedBackend, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, python: str
) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")
    files = {**summary(host={"python": python}), "solvent/packages.txt": b"no-such-package-of-ours==1.0\n"}
    found = recorded(backend, files)
    with pytest.raises(CannotRepeat, match="no-such-package-of-ours") as raised:
        rebuild_environment(found, tmp_path, lambda _: None)
    assert raised.value.cause == "environment"


def test_requirements_are_exact_and_leave_solvent_to_its_running_version() -> None:
    packages = [
        Package("numpy", "2.0"),
        Package("solvent", "0.1", "file:///src"),
        Package("tool", "1", "git+https://host/tool@abc"),
    ]
    assert requirements(packages) == ["numpy==2.0", "tool @ git+https://host/tool@abc"]
