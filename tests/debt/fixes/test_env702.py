"""An imported distribution is declared in the manifest above the import, in the way of that file."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvent.debt.fixes.apply import fix
from solvent.debt.rewrite import differences
from tests.debt.fixes.helpers import fix_all, look
from tests.debt.repositories import put

USE = {"train.py": "import joblib\nimport pandas as pd\n\npd.read_csv('a.csv')\n"}
LOCKED = '[[package]]\nname = "joblib"\nversion = "1.4.2"\nsource = { registry = "https://index.example.org" }\n'


def fixed(root: Path, name: str, before: str, **more: str) -> str:
    put(root, {name: before} | USE | more)
    assert fix_all(root, "ENV702").refused == []
    return (root / name).read_bytes().decode()


def refused(root: Path, files: dict[str, str]) -> str:
    put(root, files)
    ((finding, why),) = fix_all(root, "ENV702").refused
    assert finding.code == "ENV702"
    assert {name: (root / name).read_text() for name in files} == files
    return why


def install(root: Path, *names: str) -> None:
    """What the project's own environment holds."""
    for name in names:
        (root / ".venv/lib/python3.12/site-packages" / f"{name}.dist-info").mkdir(parents=True)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("pandas\n", "pandas\njoblib\n"),
        ("# what we need\r\npandas>=2  # frames\r\n", "# what we need\r\npandas>=2  # frames\r\njoblib\r\n"),
        ("pandas\n\n# more\n-r more.txt", "pandas\n\n# more\n-r more.txt\njoblib"),
        ("\ufeffpandas", "\ufeffpandas\njoblib"),
    ],
)
def test_at_the_end_of_a_requirements_file(tmp_path: Path, before: str, after: str) -> None:
    assert fixed(tmp_path, "requirements.txt", before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('["pandas", "numpy"]', '["pandas", "numpy", "joblib"]'),
        ('[ "pandas", ]', '[ "pandas", "joblib", ]'),
        ("[\n\t'pandas',\n]", "[\n\t'pandas',\n\t'joblib',\n]"),
        ('[\n  "pandas", # why\n  "numpy" # [b]\n]', '[\n  "pandas", # why\n  "numpy", # [b]\n  "joblib"\n]'),
        ('[\n  "pandas[excel]",  # "x",\n\n  # last\n]', '[\n  "pandas[excel]",  # "x",\n  "joblib",\n\n  # last\n]'),
        ('["pandas",\n "numpy"]', '["pandas",\n "numpy",\n "joblib"]'),
        ('[\n    "pandas"\n    , "numpy"\n]', '[\n    "pandas"\n    , "numpy", "joblib"\n]'),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_laid_out_as_the_others_in_a_list(tmp_path: Path, before: str, after: str, end: str) -> None:
    around = '# ours\n[project] # a\nname = "churn"\ndependencies = {}  # end\n\n[tool.x]\ndependencies = ["a"]\n'
    put(tmp_path, USE)

    made = fixed(tmp_path, "pyproject.toml", around.replace("{}", before).replace("\n", end))
    assert made == around.replace("{}", after).replace("\n", end)


def test_in_tables_of_names_and_versions(tmp_path: Path) -> None:
    poetry = (
        '[tool.poetry]\nname = "a"\n\n[tool.poetry.dependencies]\npython = "^3.11"\npandas = "*"  # why\n\n# b\n[c]\n'
    )
    assert fixed(tmp_path / "a", "pyproject.toml", poetry) == poetry.replace("# why\n", '# why\njoblib = "*"\n')
    pipfile = '[packages]\r\npandas = "*"\r\n\r\n[dev-packages]\r\npytest = "*"'
    assert fixed(tmp_path / "b", "Pipfile", pipfile) == pipfile.replace('"*"\r\n\r', '"*"\r\njoblib = "*"\r\n\r')
    bounded = '[packages]\npandas = "==2.2.3"'
    install(tmp_path / "c", "joblib-1.4.2")
    assert fixed(tmp_path / "c", "Pipfile", bounded) == f'{bounded}\njoblib = "==1.4.2"'


def test_an_empty_list_of_a_library(tmp_path: Path) -> None:
    project = '[project]\nname = "a"\ndependencies = {}\n'
    for number, (before, after) in enumerate([("[]", '["joblib"]'), ("[\n]", '[\n    "joblib",\n]')]):
        root = tmp_path / str(number)
        put(root, {"pyproject.toml": project.replace("{}", before), "a/__init__.py": "import joblib\n"})
        assert fix_all(root, "ENV702").refused == []
        assert (root / "pyproject.toml").read_text() == project.replace("{}", after)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_first_of_a_library_that_has_no_list(tmp_path: Path, end: str) -> None:
    for number, rest in enumerate(["", "\n# urls\n[project.urls]\na = 'b'\n"]):
        root, project = tmp_path / str(number), '[project]\nname = "a"\n'
        put(root, {"pyproject.toml": (project + rest).replace("\n", end), "a/__init__.py": "import joblib\n"})
        assert fix_all(root, "ENV702").refused == []
        made = (root / "pyproject.toml").read_bytes().decode()
        assert sorted(made.split(end)) == sorted([*(project + rest).split("\n"), 'dependencies = ["joblib"]'])
        assert tomllib.loads(made)["project"] == {
            **tomllib.loads(project + rest)["project"],
            "dependencies": ["joblib"],
        }


def test_a_library_leaves_room_also_where_others_are_bounded(tmp_path: Path) -> None:
    project = '[project]\nname = "a"\ndependencies = ["pandas<3"]\n'
    put(tmp_path, {"pyproject.toml": project, "a/__init__.py": "import joblib\nimport pandas\n"})

    assert [each.fix for each in look(tmp_path, "ENV702").findings] == ["safe"]
    fix_all(tmp_path, "ENV702", unsafe=False)
    assert '["pandas<3", "joblib"]' in (tmp_path / "pyproject.toml").read_text()


def test_where_all_are_bounded_an_environment_tells_the_version_and_that_is_unsafe(tmp_path: Path) -> None:
    files = {"requirements.txt": "pandas==2.2.3\n"} | USE
    put(tmp_path, files)
    install(tmp_path, "pandas-2.2.3", "joblib-1.4.2")

    safe = fix_all(tmp_path, "ENV702", unsafe=False)
    assert ([each.fix for each in safe.unsafe], safe.rewritten) == (["unsafe"], [])
    fix_all(tmp_path, "ENV702", "ENV701")
    assert (tmp_path / "requirements.txt").read_text() == "pandas==2.2.3\njoblib==1.4.2\n"


@pytest.mark.parametrize("installed", ["pandas-2.2.3", "joblib-1.5.0rc1", "joblib-1.5.dev3"])
def test_without_a_release_there_is_no_version(tmp_path: Path, installed: str) -> None:
    install(tmp_path, installed)

    assert "no release of joblib is installed" in refused(tmp_path, {"requirements.txt": "pandas==2.2.3\n"} | USE)


def test_as_the_lock_file_above_has_it(tmp_path: Path) -> None:
    put(tmp_path, {"uv.lock": LOCKED, "jobs/requirements.txt": "pandas<3\n", "jobs/train.py": USE["train.py"]})

    assert [each.fix for each in look(tmp_path, "ENV702").findings] == ["safe"]
    fix_all(tmp_path, "ENV702", unsafe=False)
    assert (tmp_path / "jobs/requirements.txt").read_text() == "pandas<3\njoblib==1.4.2\n"


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"pyproject.toml": '[project]\ndependencies = ["pandas"]\n', "uv.lock": LOCKED}, "'uv add joblib' changes both"),
        ({"requirements.in": "pandas\n", "requirements.txt": "pandas==2.2.3\n"}, "requirements.txt would be out of date"),
        ({"requirements.txt": "# This file was autogenerated by uv via\npandas\n"}, "a program writes"),
        ({"requirements.txt": "pandas==2.2.3 \\\n    --hash=sha256:00\nnumpy\n"}, "hashes"),
        ({"requirements.txt": "pandas\\"}, "laid out"),
        ({"environment.yml": "dependencies:\n  - pandas\n"}, "environment.yml"),
        ({"setup.py": "from setuptools import setup\nsetup(install_requires=['pandas'])\n"}, "setup.py"),
        ({"a/requirements.txt": "pandas\n", "b/requirements.txt": "pandas\n"}, "b/requirements.txt could both"),
        ({"pyproject.toml": "[project]\nname = 'a'\ndependencies.x = 1\n", "train.py": "import joblib\n"}, "no list of dependencies"),
        ({"pyproject.toml": 'x = """\n[project]\ndependencies = ["a"]\n"""\n[project]\ndependencies=["pandas"]\n'}, "laid out"),
    ],
)  # fmt: skip
def test_what_is_left_to_people(tmp_path: Path, files: dict[str, str], why: str) -> None:
    assert why in refused(tmp_path, USE | files)


def test_a_group_for_development_is_left_to_people(tmp_path: Path) -> None:
    project = '[project]\nname = "a"\ndependencies = []\n[dependency-groups]\ndev = ["joblib"]\n'
    why = refused(tmp_path, {"pyproject.toml": project, "a/__init__.py": "import joblib\n"})
    assert "move it by hand" in why
    assert [each.fix for each in look(tmp_path, "ENV702").findings] == [None]


def test_the_nearest_manifest_with_a_usual_name_is_changed(tmp_path: Path) -> None:
    names = ["constraints.txt", "dev-requirements.txt", "requirements-gpu.txt", "a/requirements.txt"]
    put(tmp_path, dict.fromkeys([*names, "requirements.txt"], "pandas\n") | USE)

    fixed = fix_all(tmp_path, "ENV702")
    assert [each.path for each in fixed.rewritten] == ["requirements.txt"]
    assert fixed.fixed[0].message.endswith("add it to requirements.txt")


def test_the_diff_shows_it_and_the_findings_of_other_rules_are_made_with_it(tmp_path: Path) -> None:
    put(tmp_path, {"requirements.txt": "pandas\n", "train.py": USE["train.py"] + "x = pd.DataFrame()\nx == pd.NA\n"})

    fixed = fix(look(tmp_path, "ENV702", "COD207"), unsafe=False)
    assert sorted(each.path for each in fixed.rewritten) == ["requirements.txt", "train.py"]
    assert "+joblib\n" in list(differences(fixed.rewritten))


def test_a_manifest_that_changed_since_the_check_is_left_alone(tmp_path: Path) -> None:
    put(tmp_path, {"requirements.txt": "pandas\n"} | USE)
    report = look(tmp_path, "ENV702")
    put(tmp_path, {"requirements.txt": "pandas\nnumpy\n"})

    ((_, why),) = fix(report, unsafe=False).refused
    assert "changed since" in why


def test_what_would_make_another_finding_is_refused(tmp_path: Path) -> None:
    put(tmp_path, {"requirements.txt": "pandas==2.2.3\n", "app.py": "import tensorflow\n", "Dockerfile": "FROM a\n"})
    install(tmp_path, "tensorflow-1.15.0")

    ((_, why),) = fix_all(tmp_path, "ENV702").refused
    assert "ENV704" in why


ITEMS = st.lists(
    st.sampled_from(["pandas", "numpy>=1", "torch[a] >= 2 ; x == 'y'", "click # no"]), unique=True, max_size=3
)


@given(ITEMS, st.sampled_from(["", " ", "\n", "\n\t", "\n  # why\n  ", "\n\n    "]), st.booleans(), st.sampled_from(["", "  # a, [b]", " "]), st.sampled_from(["\n", "\r\n"]))  # fmt: skip
@settings(max_examples=150)
def test_any_list(items: list[str], before: str, comma: bool, behind: str, end: str) -> None:
    from solvent.debt.fixes.toml_text import added

    parts = [f'{before}"{item}"' for item in items]
    close = "\n" if "#" in behind or "#" in before else before.rstrip(" \t")
    text = (
        "[project]\ndependencies = ["
        + ",".join(parts)
        + ("," if comma and items else "")
        + behind
        + close
        + "]\n# end\n"
    )
    text = text.replace("\n", end)

    after = added(text, "joblib", "1.4.2")

    assert tomllib.loads(after)["project"]["dependencies"] == [*items, "joblib==1.4.2"]
    assert after.count(end) == after.count("\n")
    rest = iter(after)
    assert all(each in rest for each in text), "something is gone"
    added_text = len(after) - len(text)
    assert added_text <= len(f'{end}{before}"joblib==1.4.2",') + 6
