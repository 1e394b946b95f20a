"""``solvent gates``: policies as files, asking a gate, and recording what is known."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from solvent.backend.resolve import open_embedded
from solvent.cli.gates_template import TEMPLATE
from solvent.registry.gates import policy
from solvent.wire.gates import ListEvidence
from tests.cli.conftest import Solvent
from tests.registry.gates.helpers import make_versions
from tests.registry.helpers import make_model

PASSED = '<testsuite><testcase name="a"/><testcase name="b"><skipped/></testcase></testsuite>'
BROKEN = '<testsuites xmlns="urn:x"><testsuite><testcase><failure/></testcase><testcase><error/></testcase></testsuite></testsuites>'


@pytest.fixture
def version(work: Path) -> str:
    """Version 1 of m, whose files are known."""
    backend = open_embedded(str(work / ".solvent"))
    make_versions(backend)
    backend.close()
    return "m/1"


def kept(work: Path) -> list[tuple[str, dict[str, object]]]:
    backend = open_embedded(str(work / ".solvent"))
    found = backend.call(ListEvidence(name="m", version="1")).evidence
    backend.close()
    return [(one.kind, one.body) for one in found]


def test_the_template_holds_and_so_do_its_comments() -> None:
    policy.check(tomllib.loads(TEMPLATE))
    lines = [re.sub(r"^# (?=[a-z_]+ = |\[)", "", line) for line in TEMPLATE.splitlines()]
    whole = tomllib.loads("\n".join(lines))
    policy.check(whole)
    assert whole["models"]["fraud"]["stage"]["Production"] == {"approvals": 2}
    assert len(whole["stage"]["Production"]) == 13


def test_a_policy_is_written_applied_and_shown(solvent: Solvent, work: Path) -> None:
    assert solvent("gates", "show").stdout.startswith("# No policy was applied.")
    assert solvent("gates", "init").returncode == 0
    again = solvent("gates", "init")
    assert (again.returncode, again.stderr) == (
        1,
        "Error: gates.toml is there already: name another file, or give --force\n",
    )
    assert solvent("gates", "init", "--force").returncode == 0
    applied = solvent("gates", "apply").stdout
    assert applied == "Applied gates.toml: level strict; Staging asks for 3 things; Production asks for 6 things\n"
    assert "(it held already)" in solvent("gates", "apply", "gates.toml").stdout
    shown = solvent("gates", "show").stdout
    assert tomllib.loads(shown) == tomllib.loads(TEMPLATE)
    assert "versions move freely" in solvent("gates", "apply", "--remove").stdout
    assert json.loads(solvent("gates", "show", "--json").stdout) == []


def test_what_is_shown_can_be_applied_whatever_it_holds(solvent: Solvent, work: Path) -> None:
    text = """
        level = "record"
        [stage.Production]
        metrics = [{ name = "f1 \\"x\\"", margin = -0.5, minimum = 1 }]
        [alias.champion]
        signature = "whole"
        [models."a b.c"]
        level = "strict"
        [models.fraud.stage.Staging]
        signature = false
        from = ["None"]
    """
    (work / "p.toml").write_text(text)
    assert solvent("gates", "apply", "p.toml").stdout == (
        "Applied p.toml: level record; Production asks for 1 thing; @champion asks for 1 thing; "
        "its own for a b.c, fraud\n"
    )
    assert tomllib.loads(solvent("gates", "show").stdout) == tomllib.loads(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "p.toml is not there: write one with 'solvent gates init p.toml'"),
        ("level = ", "p.toml: not valid TOML"),
        ("", "p.toml holds no policy: write one, or take away what holds with --remove"),
        ('levl = "strict"', "did you mean 'level'?"),
        ("[stage.Production]\nsigned = true", "did you mean 'signature'?"),
    ],
)
def test_a_file_that_is_no_policy(solvent: Solvent, work: Path, text: str | None, said: str) -> None:
    if text is not None:
        (work / "p.toml").write_text(text)
    ended = solvent("gates", "apply", "p.toml")
    assert ended.returncode == 1
    assert said in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_check_says_what_is_missing_and_ends_with_1(solvent: Solvent, work: Path, version: str) -> None:
    (work / "gates.toml").write_text('level = "strict"\n[stage.Production]\nsignature = true\nmonitor = true')
    solvent("gates", "apply")
    ended = solvent("gates", "check", version)
    assert ended.returncode == 1
    header, _, *rows = ended.stdout.splitlines()
    assert header.split() == ["Met", "Need", "Found", "Next"]
    assert [row.split()[:2] for row in rows] == [["no", "from"], ["yes", "signature"], ["no", "monitor"]]
    assert ended.stderr == "Error: 2 of 3 missing: version 1 of 'm' would be refused\n"
    report = json.loads(solvent("gates", "check", "models:/m/1", "--for", "Staging", "--json").stdout)
    assert report["passes"]
    free = solvent("gates", "check", version, "--for", "@champion")
    assert (free.returncode, free.stdout) == (0, "Nothing is asked of a version for @champion.\n")


def test_under_record_check_says_that_it_passes_all_the_same(solvent: Solvent, version: str) -> None:
    ended = solvent("gates", "check", version)
    assert ended.stderr == "Error: 8 of 10 missing: version 1 of 'm' would pass all the same, and be recorded\n"


@pytest.mark.parametrize("given", ["m", "m/", "/1", "m/x", "models:/m@champion"])
def test_what_names_no_version(solvent: Solvent, given: str) -> None:
    ended = solvent("gates", "check", given)
    assert ended.returncode == 2
    assert "names no version: expected MODEL/VERSION such as fraud/3" in ended.stderr


def test_tests_are_counted_from_reports(solvent: Solvent, work: Path, version: str) -> None:
    (work / "a.xml").write_text(PASSED)
    (work / "b.xml").write_text(BROKEN)
    ended = solvent(
        *("gates", "record", version, "tests", "--junit", "a.xml", "--junit", "b.xml", "--commit", "abc"),
        *("--url", "https://ci.example/7", "--name", "unit"),
    )
    assert ended.stdout == "Recorded tests 1 of version 1 of 'm'\n"
    body = {"total": 4, "failed": 2, "skipped": 1, "commit": "abc", "name": "unit", "url": "https://ci.example/7"}
    assert kept(work) == [("tests", body)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<testsuite/>", "holds no test"),
        ("no xml", "is no JUnit report"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><testsuite><testcase/></testsuite>', "declares entities"),
        ('<?xml version="1.0" encoding="nonsense"?><a/>', "is no JUnit report"),
    ],
)
def test_a_report_that_is_none(solvent: Solvent, work: Path, version: str, text: str, said: str) -> None:
    (work / "a.xml").write_text(text)
    ended = solvent("gates", "record", version, "tests", "--junit", "a.xml")
    assert ended.returncode == 1
    assert said in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert kept(work) == []


def test_other_kinds_come_from_a_file(solvent: Solvent, work: Path, version: str) -> None:
    body = {"data": {"digest": "d"}, "metrics": {"f1": {"value": 0.5}}}
    (work / "body.json").write_text(json.dumps(body))
    made = solvent("gates", "record", version, "evaluation", "--body", "body.json", "--json")
    assert json.loads(made.stdout)["body"] == body
    (work / "body.json").write_text("[]")
    ended = solvent("gates", "record", version, "evaluation", "--body", "body.json")
    assert ended.stderr == "Error: body.json must hold a JSON object\n"
    nothing = solvent("gates", "record", version, "monitor")
    assert nothing.returncode == 2
    assert "there is nothing to record: give --name" in nothing.stderr


def test_an_approval(solvent: Solvent, work: Path, version: str) -> None:
    solvent("gates", "approve", version, "--reason", "looked at it")
    solvent("gates", "approve", version, "--reason", "no", "--reject")
    assert kept(work) == [
        ("approval", {"reason": "no", "approved": False}),
        ("approval", {"reason": "looked at it", "approved": True}),
    ]


def test_of_files_that_nobody_knows_it_warns(solvent: Solvent, work: Path) -> None:
    backend = open_embedded(str(work / ".solvent"))
    make_model(backend, versions=1)
    backend.close()
    ended = solvent("gates", "record", "m/1", "monitor", "--name", "x")
    assert ended.returncode == 0
    assert ended.stderr == "Warning: the files of this version are not recorded, so no gate counts this\n"
