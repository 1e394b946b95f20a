"""The list of a package's files tells what it brought, not who installed it, and when."""

from __future__ import annotations

from pathlib import Path

import pytest

from solvent.provenance.installed import files_digest
from solvent.provenance.packages import read_packages

RECORD = """a/__init__.py,sha256=aaa,3
"a/x,y.txt",sha256=ccc,4
a-1.0.dist-info/METADATA,sha256=bbb,5
a-1.0.dist-info/RECORD,,
"""


def installed(folder: Path, record: str) -> str:
    metadata = folder / "a-1.0.dist-info"
    metadata.mkdir(exist_ok=True)
    (metadata / "RECORD").write_text(record)
    return files_digest(metadata)


@pytest.mark.parametrize(
    "more",
    [
        "a-1.0.dist-info/INSTALLER,sha256=uv,2\n",
        "a-1.0.dist-info/direct_url.json,sha256=x,2\n",
        "a/__pycache__/__init__.cpython-311.pyc,,\n",
        "../../../bin/a,sha256=interpreter,2\n",
    ],
)
def test_what_an_installer_writes_does_not_count(tmp_path: Path, more: str) -> None:
    plain = installed(tmp_path, RECORD)
    assert len(plain) == 64
    assert installed(tmp_path, more + RECORD) == plain


@pytest.mark.parametrize(
    "other",
    [
        RECORD.replace("aaa", "ddd"),
        RECORD.replace("x,y", "z"),
        RECORD + "a/new.py,sha256=eee,1\n",
        RECORD + "../../../share/a.csv,sha256=eee,1\n",
        RECORD + "a/bin/tool,sha256=eee,1\n",
        "",
        'a,"',
    ],
)
def test_what_it_brought_counts(tmp_path: Path, other: str) -> None:
    assert installed(tmp_path, RECORD) != installed(tmp_path, other)


def test_one_without_a_list_can_not_be_told(tmp_path: Path) -> None:
    assert files_digest(tmp_path / "a-1.0.dist-info") == ""
    assert installed(tmp_path, "a/__init__.py,,\n") == ""


def test_it_is_read_with_the_packages_if_asked_for(tmp_path: Path) -> None:
    digest = installed(tmp_path, RECORD)
    (plain,) = read_packages([str(tmp_path)])
    (full,) = read_packages([str(tmp_path)], files=True)
    assert (plain.files, full.files) == ("", digest)
    assert plain.line == full.line == "a==1.0"
    (tmp_path / "a-1.0.dist-info" / "direct_url.json").write_text(
        '{"url": "file:///a", "dir_info": {"editable": true}}'
    )
    (editable,) = read_packages([str(tmp_path)], files=True)
    assert editable.files == ""
