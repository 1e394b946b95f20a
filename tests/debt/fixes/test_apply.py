"""All fixes of a file on one tree, checked before anything is written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from solvent.debt.findings import Finding
from solvent.debt.fixes import cod207
from solvent.debt.fixes.apply import fix, fixer_of
from solvent.debt.fixes.tree import Refused, Tree
from solvent.debt.rewrite import differences, write
from solvent.errors import Conflict
from tests.debt.fixes.helpers import fix_all, look
from tests.debt.repositories import git, put

NP = "import numpy as np\n"
BAD = NP + "x == np.nan\n"
RUN = "import mlflow\nimport numpy as np\nwith mlflow.start_run():\n    x == np.nan\n"


def test_fixes_of_several_rules_and_of_their_kinds(tmp_path: Path) -> None:
    root = tmp_path / "churn"
    put(root, {"train.py": RUN})

    safe = fix(look(root, "COD207", "CFG102"), unsafe=False)
    assert ([each.code for each in safe.fixed], [each.code for each in safe.unsafe]) == (["COD207"], ["CFG102"])
    fixed = fix_all(root, "COD207", "CFG102")
    assert sorted(each.code for each in fixed.fixed) == ["CFG102", "COD207"]
    assert (root / "train.py").read_text() == (
        'import mlflow\nimport numpy as np\nmlflow.set_experiment("churn")\nwith mlflow.start_run():\n    np.isnan(x)\n'
    )


def test_layout_comments_line_ends_and_encodings_stay(tmp_path: Path) -> None:
    files = {
        "crlf.py": f"{NP}\r\n\r\nif x == np.nan  :  # é\r\n\tpass\r\n# end".encode(),
        "latin.py": f"# coding: latin-1\n# caf\xe9\n{NP}x==np.nan ;\n".encode("latin-1"),
        "mark.py": b"\xef\xbb\xbf" + BAD.encode(),
        "feed.py": f"{NP}\x0c\nx == np.nan\n".encode(),
    }
    put(tmp_path, files)

    fix_all(tmp_path, "COD207")

    for name, content in files.items():
        wanted = content.replace(b"x == np.nan", b"np.isnan(x)").replace(b"x==np.nan", b"np.isnan(x)")
        assert (tmp_path / name).read_bytes() == wanted


def test_notebooks_keep_their_magics_and_all_other_bytes(tmp_path: Path) -> None:
    cells = [
        {
            "source": ["%%time\n", "import numpy as np\n", "if 1:\n", "    !ls 'a'\n", "%matplotlib inline\n"],
            "cell_type": "code",
        },
        {"cell_type": "markdown", "source": "x == np.nan"},
        {"cell_type": "code", "source": "%pip install a  # x\ny = x == np.nan\nfiles = !ls\ny", "outputs": [1e-7]},
    ]
    text = json.dumps({"nbformat": 4, "cells": cells}, indent=2, sort_keys=True) + "\n"
    put(tmp_path, {"a.ipynb": text})

    assert fix_all(tmp_path, "COD207").refused == []
    assert (tmp_path / "a.ipynb").read_text() == text.replace("y = x == np.nan", "y = np.isnan(x)")


def test_a_file_that_changed_since_the_check_is_left_alone(tmp_path: Path) -> None:
    put(tmp_path, {"a.py": BAD})
    report = look(tmp_path, "COD207")
    fixed = fix(report, unsafe=False)
    put(tmp_path, {"a.py": BAD + "# more\n"})

    with pytest.raises(Conflict, match="changed"):
        write(tmp_path, fixed.rewritten)
    assert (tmp_path / "a.py").read_text() == BAD + "# more\n"
    ((_, why),) = fix(report, unsafe=False).refused
    assert "changed" in why


@pytest.mark.parametrize(
    ("made", "why"),
    [("x == np.nan", "leave a finding"), ("np.isnan(x) + (y == np.nan) + (z == np.nan)", "leave"), ("(y := 1)", "")],
)
def test_what_a_fix_makes_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: str, why: str) -> None:
    import libcst as cst

    def bad_fix(tree: Tree, findings: Sequence[Finding]) -> Refused:
        tree.change(tree.nodes(findings[0], cst.Comparison)[0], lambda _: cst.parse_expression(made))
        yield from ()

    monkeypatch.setattr(cod207, "fix", bad_fix)
    put(tmp_path, {"a.py": NP + "y = x == np.nan\n"})

    fixed = fix(look(tmp_path, "COD207"), unsafe=False)

    if why:
        assert why in fixed.refused[0][1]
        assert fixed.rewritten == []
    else:
        assert fixed.refused == []


def test_code_that_no_longer_parses_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import libcst as cst

    def bad_fix(tree: Tree, findings: Sequence[Finding]) -> Refused:
        tree.change(tree.nodes(findings[0], cst.Comparison)[0], lambda _: cst.Name("class"))
        yield from ()

    monkeypatch.setattr(cod207, "fix", bad_fix)
    put(tmp_path, {"a.py": NP + "y = x == np.nan\n"})

    ((_, why),) = fix(look(tmp_path, "COD207"), unsafe=False).refused
    assert "not Python 3" in why


def test_a_diff_that_git_applies(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.py": BAD,
        "sub/ü b.py": f"{NP}\x0c\r\nx == np.nan".encode(),
        "c.py": NP.replace("\n", "\r\n") + "y = x == np.nan",
    }
    put(tmp_path, files)
    git(tmp_path, "init", "-q")
    fixed = fix(look(tmp_path, "COD207"), unsafe=False)
    patch = tmp_path / "patch"
    patch.write_bytes("".join(differences(fixed.rewritten)).encode())

    git(tmp_path, "apply", str(patch))

    assert len(fixed.rewritten) == 3
    for each in fixed.rewritten:
        assert (tmp_path / each.path).read_bytes() == each.after


def test_rules_without_a_fixer() -> None:
    assert fixer_of("ENV704") is None
    assert fixer_of("COD207") is not None
