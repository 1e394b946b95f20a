"""docs/features.md does what it says."""

from __future__ import annotations

import re
from pathlib import Path

from tests.cli.conftest import Solvent

PAGE = Path(__file__).parents[2] / "docs" / "features.md"
_FILE = re.compile(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", re.DOTALL)
_RUN = re.compile(r"<!-- run -->\n```\n(.*?)```", re.DOTALL)


def test_the_page_runs(solvent: Solvent, work: Path) -> None:
    text = PAGE.read_text("utf-8")
    for name, content in _FILE.findall(text):
        (work / name).parent.mkdir(exist_ok=True)
        (work / name).write_text(content, "utf-8")
    commands = [line.split()[1:] for block in _RUN.findall(text) for line in block.splitlines()]
    assert [command[1] for command in commands] == ["list", "check", "docs"]
    answers = {command[1]: solvent(*command) for command in commands}
    assert {name: answer.returncode for name, answer in answers.items()} == {"list": 0, "check": 0, "docs": 0}
    assert [line.split()[0] for line in answers["list"].stdout.splitlines()[2:]] == ["debt_ratio", "lateness", "due"]
    graph = "lateness\n├─ due\n│  └─ bill_date\n└─ debt_ratio\n   ├─ debt\n   └─ income\n"
    assert graph in (work / "FEATURES.md").read_text("utf-8")
