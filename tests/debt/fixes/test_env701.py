"""Loose requirements are pinned to what lock files name, or to what is installed; never to anything else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvent.debt.fixes.requirements_text import pinned_text
from solvent.debt.project.requirements import parse_requirement
from tests.debt.fixes.helpers import fix_all, look
from tests.debt.fixes.test_env702 import install
from tests.debt.repositories import put

USE = {"train.py": "import pandas as pd\n\npd.read_csv('a.csv')\n"}
PANDAS = '[[package]]\nname = "pandas"\nversion = "2.2.3"\n'


def pinned(root: Path, name: str, before: str) -> str:
    put(root, {name: before} | USE)
    install(root, "pandas-2.2.3", "scikit_learn-1.5.2", "torch-2.9.0+cu121")
    assert [each.fix for each in look(root, "ENV701").findings] == ["unsafe"]
    assert fix_all(root, "ENV701", unsafe=False).rewritten == []
    assert fix_all(root, "ENV701").refused == []
    return (root / name).read_bytes().decode()


def refused(root: Path, files: dict[str, str]) -> str:
    put(root, files | USE)
    install(root, "pandas-2.2.3", "numpy-2.0.0rc1")
    ((_, why),) = fix_all(root, "ENV701").refused
    assert {name: (root / name).read_text() for name in files} == files
    return why


def test_what_is_installed_in_the_projects_environment(tmp_path: Path) -> None:
    before = "# ours\r\n\r\npandas[excel] >= 1.2,!=2.1 # frames\r\nnumpy==1.26.4\r\nScikit_Learn>=1\r\ntorch"
    assert pinned(tmp_path, "requirements.txt", before) == (
        "# ours\r\n\r\npandas[excel] == 2.2.3 # frames\r\nnumpy==1.26.4\r\nScikit_Learn==1.5.2\r\ntorch==2.9.0"
    )


def test_in_pyproject_and_pipfile(tmp_path: Path) -> None:
    project = '[project]\nname = "a"\ndescription = "pandas>=1"\ndependencies = [\n  \'pandas>=1\', # pandas>=1\n  "torch",\n]\n'
    made = project.replace("'pandas>=1'", "'pandas==2.2.3'").replace('"torch"', '"torch==2.9.0"')
    assert pinned(tmp_path / "a", "pyproject.toml", project) == made
    poetry = '[tool.poetry]\nname = "a"\n[tool.poetry.dependencies]\npython = "^3.11"\npandas = "*"\ntorch = { extras = ["a"], version = ">=2" }\n'
    made = poetry.replace('"*"', '"2.2.3"').replace('">=2"', '"2.9.0"')
    assert pinned(tmp_path / "b", "pyproject.toml", poetry) == made
    pipfile = '[packages]\n"pandas" = \'*\'\nnumpy = "<2"\n'
    assert pinned(tmp_path / "c", "Pipfile", pipfile) == pipfile.replace("*", "==2.2.3")


@pytest.mark.parametrize(
    ("name", "lock"),
    [
        ("uv.lock", PANDAS + 'source = { registry = "https://index.example.org" }\n'),
        ("poetry.lock", PANDAS),
        ("pylock.toml", PANDAS.replace("package", "packages")),
        ("Pipfile.lock", '{"default": {"pandas": {"version": "==2.2.3"}}}'),
        ("requirements.lock", "pandas==2.2.3 \\\n    --hash=sha256:00\n"),
        ("constraints.txt", "Pandas==2.2.3\nscipy==1.14.1\n"),
    ],
)
def test_what_a_lock_file_above_names_is_safe(tmp_path: Path, name: str, lock: str) -> None:
    asked = "click<9\npandas>=1 # frames\n"
    put(tmp_path, {name: lock, "jobs/requirements.txt": asked, "jobs/train.py": USE["train.py"]})

    assert [each.fix for each in look(tmp_path, "ENV701").findings] == ["safe"]
    assert fix_all(tmp_path, "ENV701", unsafe=False).refused == []
    assert (tmp_path / "jobs/requirements.txt").read_text() == "click<9\npandas==2.2.3 # frames\n"


@pytest.mark.parametrize(
    "lock",
    [
        PANDAS.replace("2.2.3", "0.9"),
        PANDAS.replace("2.2.3", "2.3.0rc1"),
        PANDAS + PANDAS.replace("2.2.3", "2.2.2"),
        PANDAS + 'source = { git = "https://example.org/pandas" }\n',
        "not = [toml",
    ],
)
def test_what_the_lock_does_not_tell_is_not_safe(tmp_path: Path, lock: str) -> None:
    put(tmp_path, {"uv.lock": lock, "jobs/requirements.txt": "pandas>=1\n", "jobs/train.py": USE["train.py"]})

    assert [each.fix for each in look(tmp_path, "ENV701").findings] == ["unsafe"]


def test_the_lock_file_of_a_neighbour_says_nothing(tmp_path: Path) -> None:
    put(tmp_path, {"api/uv.lock": PANDAS, "jobs/requirements.txt": "pandas\n", "jobs/train.py": USE["train.py"]})

    assert [each.fix for each in look(tmp_path, "ENV701").findings] == ["unsafe"]


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"requirements.txt": "pandas>=3\n"}, "fits for pandas"),
        ({"requirements.txt": "pandas!=2.2.*\n"}, "fits for pandas"),
        ({"requirements.txt": "pandas\nnumpy\n"}, "fits for numpy"),
        ({"requirements.txt": "pandas\nunheard-of\n"}, "fits for unheard-of"),
        ({"requirements.txt": "pandas; python_version < '3.9'\n"}, "fits for pandas"),
        ({"requirements.txt": "pandas>=1\npandas<3\n"}, "fits for pandas"),
        ({"requirements.txt": "pandas @ git+https://example.org/pandas\n"}, "fits for pandas"),
        ({"requirements.txt": "pandas \\\n  >=1\n"}, "no fix understands"),
        ({"requirements.txt": "# pip-compile\npandas\n"}, "a program writes"),
        ({"setup.cfg": "[options]\ninstall_requires = pandas\n"}, "no fix changes setup.cfg"),
        ({"pyproject.toml": '[tool.flit.metadata]\nrequires = ["pandas"]\n[project]\nname = "a"\n'}, "no fix knows"),
        ({}, "no file to pin them in"),
    ],
)
def test_what_is_left_to_people(tmp_path: Path, files: dict[str, str], why: str) -> None:
    assert why in refused(tmp_path, files)


def test_what_did_not_come_from_an_index_has_no_version(tmp_path: Path) -> None:
    put(tmp_path, {"requirements.txt": "pandas\n"} | USE)
    install(tmp_path, "pandas-2.2.3")
    origin = tmp_path / ".venv/lib/python3.12/site-packages/pandas-2.2.3.dist-info/direct_url.json"
    origin.write_text('{"url": "file:///src/pandas", "dir_info": {"editable": true}}')

    ((_, why),) = fix_all(tmp_path, "ENV701").refused
    assert "fits for pandas" in why


def test_what_is_declared_is_pinned_with_it(tmp_path: Path) -> None:
    put(tmp_path, {"requirements.txt": "pandas\n", "train.py": f"import joblib\n{USE['train.py']}"})
    install(tmp_path, "pandas-2.2.3", "joblib-1.4.2")

    assert len(fix_all(tmp_path, "ENV701", "ENV702").fixed) == 2
    assert (tmp_path / "requirements.txt").read_text() == "pandas==2.2.3\njoblib==1.4.2\n"


NAMES = st.sampled_from(["pandas", "Scikit_Learn", "ruamel.yaml", "a1"])
BLANKS = st.sampled_from(["", " ", "  "])
LOOSE = st.lists(st.tuples(st.sampled_from([">=", ">", "!="]), BLANKS, st.sampled_from(["1", "1.2.0", "0.1.*", "2rc1"])), max_size=3)  # fmt: skip
BEHIND = st.sampled_from(["", "\n", "  # pandas>=1\r\n", " ; python_version < '3.9'", " ;os_name=='nt' # x"])


@given(NAMES, st.sampled_from(["", "[a]", " [a, b]"]), BLANKS, LOOSE, st.booleans(), BEHIND)
@settings(max_examples=300)
def test_any_requirement(
    name: str, extras: str, blank: str, loose: list[tuple[str, str, str]], braces: bool, behind: str
) -> None:
    asked = ",".join("".join(each) for each in loose)
    head = f"{name}{extras}"
    asked = f"({asked})" if braces and asked else asked

    made = pinned_text(f"{head}{blank}{asked}{behind}", "2.2.3")

    assert made.startswith(head)
    assert made.endswith(behind)
    before, after = (parse_requirement(text.partition("#")[0].strip()) for text in (f"{head}{asked}{behind}", made))
    assert before is not None
    assert after == before._replace(specifiers=(("==", "2.2.3"),))
