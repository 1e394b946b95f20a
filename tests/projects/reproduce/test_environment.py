"""Packages are held against what they were by their files too; what can't be told is said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.projects.reproduce.environment import rebuild_environment, requirements
from solvent.projects.reproduce.errors import CannotRepeat
from solvent.projects.reproduce.recorded import Package
from solvent.projects.reproduce.variables import added_variables, not_restored, recorded_variables, without
from solvent.provenance.host import read_host
from solvent.provenance.lock import lock_text
from solvent.provenance.packages import read_packages
from tests.projects.reproduce.test_causes import wheel
from tests.projects.reproduce.test_recorded import recorded, summary

HASHES = ["sha256:" + digit * 64 for digit in "01"]


def test_hashes_that_were_asked_for_are_asked_for_again() -> None:
    packages = [Package("a", "1.0"), Package("b", "2.0")]
    assert requirements(packages, {"a==1.0": HASHES}) == [
        f"a==1.0 --hash={HASHES[0]} --hash={HASHES[1]}",
        "b==2.0",
    ]


def test_a_file_of_another_hash_is_refused(
    backend: EmbeddedBackend, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index, work = tmp_path / "index", tmp_path / "work"
    index.mkdir()
    wheel(index, "1.0")
    monkeypatch.setenv("UV_FIND_LINKS", str(index))
    monkeypatch.setenv("UV_OFFLINE", "1")
    lock = f"shift==1.0 \\\n    --hash={HASHES[0]}\n".encode()
    files = {**summary(), "solvent/packages.txt": b"shift==1.0\n", "solvent/environment.lock": lock}
    with pytest.raises(CannotRepeat, match=r"Hash mismatch for .?shift==1\.0") as raised:
        rebuild_environment(recorded(backend, files), work, lambda _: None)
    assert raised.value.cause == "environment"


def test_what_has_other_files_is_named_and_what_can_not_be_told_is_said(
    backend: EmbeddedBackend, tmp_path: Path
) -> None:
    packages = read_packages(files=True)
    listed = [package for package in packages if package.files]
    assert listed
    other = [package._replace(files="0" * 64) if package == listed[0] else package for package in packages]
    unknown = [package._replace(files="") if package == listed[0] else package for package in packages]
    name = listed[0].name
    for then, known, note in (
        (packages, "", ""),
        (other, f"{name} {listed[0].version} has other files", ""),
        (unknown, "", name),
    ):
        files = {
            **summary(),
            "solvent/packages.txt": "".join(f"{package.line}\n" for package in then).encode(),
            "solvent/environment.lock": lock_text(then, read_host(), {}).encode(),
        }
        rebuilt = rebuild_environment(recorded(backend, files), tmp_path, lambda _: None, manager="local")
        found = [one.what for one in rebuilt.known if "files" in one.what]
        assert [one.startswith(known) for one in found] == ([True] if known else [])
        assert note in "".join(rebuilt.notes)


def test_a_record_without_files_says_so(backend: EmbeddedBackend, tmp_path: Path) -> None:
    files = {**summary(), "solvent/packages.txt": b"a==1.0\n"}
    rebuilt = rebuild_environment(recorded(backend, files), tmp_path, lambda _: None, manager="local")
    assert rebuilt.notes == ("what its packages had in them was not recorded: their versions alone are compared",)


def test_a_package_of_this_machine_is_never_taken_from_an_index(tmp_path: Path) -> None:
    gone = Package("mine", "1.0", f"editable, file://{tmp_path}/mine")
    with pytest.raises(CannotRepeat, match=r"mine was installed from file://.*, which is not there"):
        requirements([gone])
    (tmp_path / "mine").mkdir()
    assert requirements([gone]) == [f"-e file://{tmp_path}/mine"]
    assert requirements([Package("mine", "1.0", f"file://{tmp_path}/mine")]) == [f"mine @ file://{tmp_path}/mine"]


def test_the_machine_is_compared_as_far_as_it_decides_results(backend: EmbeddedBackend, tmp_path: Path) -> None:
    host = {**read_host(), "cpus": 4_096, "libc": ""}
    rebuilt = rebuild_environment(recorded(backend, summary(host=host)), tmp_path, lambda _: None, manager="local")
    found = [one.what for one in rebuilt.known if one.what.startswith(("processors", "C library"))]
    assert found == [f"processors: 4096 is {read_host()['cpus']} now"]


def test_variables_of_the_machine_and_masked_ones_are_not_set_again_and_that_is_said(
    backend: EmbeddedBackend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    variables = {"MY_FLAG": "5", "LD_PRELOAD": "/tmp/x.so", "MY_ADDRESS": "https://[redacted]@host/", "NO": 3}
    found = recorded(backend, summary(variables=variables))
    assert recorded_variables(found) == {"MY_FLAG": "5"}
    assert [line.split(" is ")[0] for line in not_restored(found)] == ["variable LD_PRELOAD", "variable MY_ADDRESS"]
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    added = added_variables(found)
    with without(added):
        assert "OMP_NUM_THREADS" not in os.environ
    assert os.environ["OMP_NUM_THREADS"] == "3"
    assert added_variables(recorded(backend, summary())) == [], "an older record does not tell"
