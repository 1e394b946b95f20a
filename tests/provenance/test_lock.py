"""The lock of an environment: exact, with where things came from, readable by uv."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from solvent.provenance.host import read_host
from solvent.provenance.lock import files_in, hashes_in, lock_text
from solvent.provenance.packages import Package, read_packages

HASH = "sha256:" + "ab" * 32


def requirements(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("#")]


def test_every_origin_is_said_as_requirements_say_it() -> None:
    packages = [
        Package("a", "1.0"),
        Package("b", "2.0", "git+https://example.org/b.git@abc"),
        Package("c", "3.0", "file:///work/c", editable=True),
        Package("solvent", "0.1", "file:///cache/solvent.whl"),
    ]
    text = lock_text(packages, read_host(), {"a==1.0": [HASH]})
    assert requirements(text) == [
        "a==1.0 \\",
        f"    --hash={HASH}",
        "b @ git+https://example.org/b.git@abc",
        "-e file:///work/c  # c==3.0",
    ]
    assert "# solvent==0.1\n" in text
    assert f"# python {'.'.join(map(str, sys.version_info[:3]))} cpython; Linux" in text


def test_solvent_from_an_index_is_a_package_like_others() -> None:
    assert requirements(lock_text([Package("solvent", "0.1")], read_host(), {})) == ["solvent==0.1"]


def test_what_was_installed_is_told_beside_the_requirements() -> None:
    packages = [Package("a", "1.0", files="ab" * 32), Package("b", "2.0")]
    text = lock_text(packages, read_host(), {})
    assert requirements(text) == ["a==1.0", "b==2.0"]
    assert files_in(text) == {"a==1.0": "ab" * 32}


def test_hashes_are_those_of_exact_versions_in_requirement_files() -> None:
    text = f"""
# a comment
Scikit_Learn[x]==1.5.2 ; python_version >= "3.11" \\
    --hash={HASH} \\
    --hash=sha256:{"cd" * 32}
    # via something
other>=1 --hash={HASH}
plain==2
"""
    assert hashes_in([text, text]) == {"scikit-learn==1.5.2": [HASH, f"sha256:{'cd' * 32}"]}


def test_uv_reads_it(tmp_path: Path) -> None:
    from uv import find_uv_bin

    packages = [one for one in read_packages() if not one.url]
    (tmp_path / "environment.lock").write_text(lock_text(packages, read_host(), {}))
    command = [find_uv_bin(), "pip", "install", "--dry-run", "--offline", "--python", sys.executable, "-r"]
    done = subprocess.run([*command, "environment.lock"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Would make no changes" in done.stderr
