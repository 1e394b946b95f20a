"""Comments that accept findings, written where they stand."""

from __future__ import annotations

import ast
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.debt.add_ignores import DEFAULT_REASON, Ignored, add_ignores
from solvent.debt.engine.check import Options, Report, check
from solvent.debt.findings import Finding
from solvent.debt.rewrite import write
from solvent.errors import Conflict, InvalidInput
from tests.debt.repositories import put

TODAY = date(2026, 11, 24)
NP = "import numpy as np\n"
OURS = "# solvent: ignore[COD207] seen"


def look(root: Path, path: str = ".") -> Report:
    return check(Options(paths=[root / path], root=root, select=["COD207"], cache=False, jobs=1, today=TODAY))


def accept(root: Path, reason: str | None = "seen", until: str = "", path: str = ".") -> Ignored:
    """Accept all findings, and see that they are, that a second run changes nothing, and that the code is the same."""
    before = {file: file.read_bytes() for file in root.rglob("*.*")}
    ignored = add_ignores(look(root, path), reason, until, TODAY)
    write(root, ignored.rewritten)
    again = look(root, path)
    assert [each.fingerprint for each in again.findings] == [each.fingerprint for each, _ in ignored.refused]
    assert [each for each in again.warned if "expired" not in each.message] == []
    assert add_ignores(again, reason, until, TODAY).rewritten == []
    changed = {root / each.path for each in ignored.rewritten}
    for file, content in before.items():
        if file not in changed:
            assert file.read_bytes() == content
        elif file.suffix == ".py":
            assert ast.dump(ast.parse(file.read_bytes())) == ast.dump(ast.parse(content))
    return ignored


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x == np.nan\n", f"x == np.nan  {OURS}\n"),
        ("x == np.nan", f"x == np.nan  {OURS}"),
        ("x == np.nan   \n", f"x == np.nan  {OURS}\n"),
        ("x == np.nan; y == np.nan\n", f"x == np.nan; y == np.nan  {OURS}\n"),
        ("f(\n    x ==\n    np.nan\n)\n", f"f(\n    x ==  {OURS}\n    np.nan\n)\n"),
        ("if a:\n    x == np.nan  # noqa\n", f"if a:\n    {OURS}\n    x == np.nan  # noqa\n"),
        ("x == \\\n    np.nan\n", f"{OURS}\nx == \\\n    np.nan\n"),
        ("y = 1 + \\\n    (x == np.nan)\n", f"y = 1 + \\\n    (x == np.nan)  {OURS}\n"),
        ("'''a\n''' == np.nan\n", f"{OURS}\n'''a\n''' == np.nan\n"),
        ("x == '#' or x == np.nan\n", f"x == '#' or x == np.nan  {OURS}\n"),
        ("y = a + \\\n  f(x == np.nan, '''\n''')\n", "y = a + \\\n  f(x == np.nan, '''\n''')\n"),
        ("@d\ndef f(a=(x == np.nan)):  # noqa\n    pass\n", f"@d\n{OURS}\ndef f(a=(x == np.nan)):  # noqa\n    pass\n"),
        (
            "x == np.nan  # solvent: ignore[CFG102] other\n",
            "x == np.nan  # solvent: ignore[CFG102, COD207] other; seen\n",
        ),
        (
            "# solvent: ignore[CFG102] other\nx == np.nan\n",
            "# solvent: ignore[CFG102, COD207] other; seen\nx == np.nan\n",
        ),
        ("x == np.nan  # solvent: ignore[COD207]\n", f"x == np.nan  {OURS}\n"),
        ("x == np.nan  # solvent: ignore[COD207] old until 2026-01-01\n", f"x == np.nan  {OURS}\n"),
        ("x == np.nan  # solvent: ignore it\n", f"x == np.nan  {OURS}\n"),
    ],
)
def test_where_a_comment_goes(tmp_path: Path, before: str, after: str) -> None:
    put(tmp_path, {"a.py": NP + before})

    accept(tmp_path)

    assert (tmp_path / "a.py").read_text() == NP + after


def test_a_comment_in_an_f_string_over_lines_is_refused(tmp_path: Path) -> None:
    put(tmp_path, {"a.py": NP + "z = f'''\n{x}\n{x == np.nan}\n'''\n"})
    report = look(tmp_path)
    (found,) = report.findings

    if found.line == 4:  # older Pythons place it elsewhere
        ((_, why),) = accept(tmp_path).refused
        assert "inside of a text" in why


def test_line_ends_encodings_and_marks_stay(tmp_path: Path) -> None:
    files = {
        "crlf.py": f"{NP}x == np.nan\ny = 1\nif x == np.nan:  # noqa\n  pass\n".replace("\n", "\r\n").encode(),
        "cr.py": f"{NP}x == np.nan\ny = 1\n".replace("\n", "\r").encode(),
        "latin.py": f"# coding: latin-1\n# caf\xe9\n{NP}x == np.nan\n".encode("latin-1"),
        "mark.py": b"\xef\xbb\xbf" + f"{NP}x == np.nan\n".encode(),
        "feed.py": f"{NP}\x0c\nx == np.nan\n".encode(),
    }
    put(tmp_path, files)

    accept(tmp_path)

    for name, content in files.items():
        encoding = "latin-1" if name == "latin.py" else "utf-8"
        ours = OURS.encode(encoding)
        changed = (tmp_path / name).read_bytes()
        assert changed.replace(ours + b"\r\nif", b"if").replace(b"  " + ours, b"") == content


def test_a_reason_that_the_encoding_lacks_is_refused(tmp_path: Path) -> None:
    put(tmp_path, {"a.py": f"# coding: latin-1\n{NP}x == np.nan\n", "b.py": f"{NP}x == np.nan\n"})

    ignored = add_ignores(look(tmp_path), "später ✓", "", TODAY)

    assert [each.path for each in ignored.rewritten] == ["b.py"]
    assert [finding.path for finding, _ in ignored.refused] == ["a.py"]


def test_only_the_asked_paths(tmp_path: Path) -> None:
    put(tmp_path, {"a.py": f"{NP}x == np.nan\n", "sub/b.py": f"{NP}x == np.nan\n"})

    assert [each.path for each in accept(tmp_path, path="sub").rewritten] == ["sub/b.py"]


def test_an_end_and_no_reason(tmp_path: Path) -> None:
    put(tmp_path, {"a.py": f"{NP}x == np.nan\ny == np.nan  # solvent: ignore[CFG102] a until 2027-06-01\n"})

    accept(tmp_path, None, "2027-01-31")

    lines = (tmp_path / "a.py").read_text().splitlines()
    assert lines[1].endswith(f"# solvent: ignore[COD207] {DEFAULT_REASON} until 2027-01-31")
    assert lines[2].endswith("# solvent: ignore[CFG102, COD207] a until 2027-01-31")


@pytest.mark.parametrize(
    ("reason", "until"),
    [("a\nb", ""), ("ends until 2027-01-01", ""), ("", "2026-11-23"), ("a", "2026-13-01"), (" a", ""), ("\x1b[1m", "")],
)
def test_reasons_and_dates_that_cannot_be_read_back(tmp_path: Path, reason: str, until: str) -> None:
    put(tmp_path, {"a.py": f"{NP}x == np.nan\n"})

    with pytest.raises(InvalidInput):
        add_ignores(look(tmp_path), reason, until, TODAY)


def whole(path: str, cell: int | None = None) -> Finding:
    return Finding("COD207", "nan-comparison", "all", path, 0, 0, "high", 2, f"f{path}", cell=cell)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"""Doc."""\nx = 1\n', f'{OURS}\n"""Doc."""\nx = 1\n'),
        ("#!/usr/bin/python\n# coding: utf-8\n# Text\n", f"#!/usr/bin/python\n# coding: utf-8\n{OURS}\n# Text\n"),
        ("#!/usr/bin/python\n", f"#!/usr/bin/python\n{OURS}\n"),
        ("", f"{OURS}\n"),
    ],
)
def test_about_a_whole_file_at_its_top(tmp_path: Path, before: str, after: str) -> None:
    put(tmp_path, {"a.py": before, "setup.cfg": ""})
    report = look(tmp_path)
    report.findings.extend([whole("a.py"), whole("."), whole("setup.cfg")])

    ignored = add_ignores(report, "seen", "", TODAY)

    assert [each.after.decode() for each in ignored.rewritten] == [after]
    assert [finding.path for finding, _ in ignored.refused] == [".", "setup.cfg"]


def test_a_file_that_has_changed_is_left_alone(tmp_path: Path) -> None:
    put(tmp_path, {"a.py": f"{NP}x == np.nan\n"})
    report = look(tmp_path)
    ignored = add_ignores(report, "seen", "", TODAY)
    put(tmp_path, {"a.py": f"{NP}\nx == np.nan\n"})

    with pytest.raises(Conflict, match="has changed"):
        write(tmp_path, ignored.rewritten)
    ((_, why),) = add_ignores(report, "seen", "", TODAY).refused
    assert "has changed" in why


def test_notebooks(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": ["x == np.nan"]},
        {
            "source": ["%%time\n", "import numpy as np\n", "!ls\n", "x == np.nan\n", "y == np.nan  # noqa"],
            "cell_type": "code",
        },
        {"cell_type": "code", "outputs": [], "source": "(x ==\n np.nan)"},
    ]
    text = json.dumps({"metadata": {"a": 1e-7}, "cells": cells, "nbformat": 4}, indent=3) + "\n\n"
    put(tmp_path, {"a.ipynb": text})

    accept(tmp_path)

    changed = (tmp_path / "a.ipynb").read_text()
    expected = text.replace('"x == np.nan\\n",', f'"x == np.nan  {OURS}\\n",\n            "{OURS}\\n",')
    expected = expected.replace("(x ==\\n", f"(x ==  {OURS}\\n")
    assert changed == expected


@given(
    st.lists(
        st.sampled_from(
            [
                "x == np.nan",
                "f(\n  x,\n  y == np.nan, '''\n#'''\n)",
                "if x == np.nan: pass",
                "y = [ # a\n x == np.nan # b\n ]",
                "x == \\\n np.nan",
                "# solvent: ignore[COD207] r\nx == np.nan",
                "@d(x == np.nan)\nclass A:\n  y = x == np.nan; z = '''\n\n'''",
                'z = f"{x == np.nan}"',
                "# solvent: ignore[CFG102] r\n",
                "",
            ]
        ),
        max_size=6,
    ),
    st.sampled_from(["\n", "\r\n"]),
)
def test_any_code_is_the_same_afterwards(tmp_path_factory: pytest.TempPathFactory, parts: list[str], end: str) -> None:
    root = tmp_path_factory.mktemp("any")
    put(root, {"a.py": (NP + "\n".join(parts) + "\n").replace("\n", end)})

    assert accept_any(root).refused == []


def accept_any(root: Path) -> Ignored:
    ignored = add_ignores(look(root), "seen", "", TODAY)
    write(root, ignored.rewritten)
    again = look(root)
    assert again.findings == []
    assert add_ignores(again, "seen", "", TODAY).rewritten == []
    return ignored
