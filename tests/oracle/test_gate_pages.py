"""docs/production.md and docs/gates.md do what they say: Python blocks are run by a real MLflow, commands by ours."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from solvent.backend.resolve import connect
from solvent.wire.accounts import CreateUser
from tests.examples.documents import Step
from tests.oracle import environments, servers
from tests.processes import bare_environment

DOCS = Path(__file__).parents[2] / "docs"
PASSWORD = "correct horse"
BLOCK = re.compile(r"^```(console|python|text|toml)\n(.*?)^```$", re.DOTALL | re.MULTILINE)

pytestmark = [pytest.mark.oracle, pytest.mark.xdist_group("oracle")]


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A server that asks root, wanda and rob who they are."""
    backend = connect(f"sqlite:///{tmp_path}/solvent.db")
    backend.call(CreateUser(name="root", password=PASSWORD, admin=True))
    for name in ("wanda", "rob"):
        backend.call(CreateUser(name=name, password=PASSWORD, role="writer"))
    backend.close()
    with servers.solvent_server(tmp_path) as address:
        yield address


@pytest.mark.parametrize("document", ["production.md", "gates.md"])
def test_a_page_does_what_it_says(document: str, url: str, tmp_path: Path) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    blocks = BLOCK.findall((DOCS / document).read_text("utf-8"))
    assert {"toml", "console"} <= {kind for kind, _ in blocks}
    for number, (kind, text) in enumerate(blocks):
        if kind == "toml" and text.startswith("# "):
            (folder / text.splitlines()[0].removeprefix("# ")).write_text(text)
        if kind == "python":
            told = blocks[number + 1] if number + 1 < len(blocks) else ("", "")
            run(Step("python", text, told[1].strip() if told[0] == "text" else ""), url, folder)
        if kind == "console":
            for each in text.removeprefix("$ ").split("\n$ "):
                command, _, output = each.partition("\n")
                run(Step("console", command, output.strip()), url, folder)


def run(step: Step, url: str, folder: Path) -> None:
    who = {"MLFLOW_TRACKING_USERNAME": "wanda", "MLFLOW_TRACKING_PASSWORD": PASSWORD}
    environment = bare_environment(MLFLOW_TRACKING_URI=url, GIT_PYTHON_REFRESH="quiet", **who)
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment.get('PATH', '/usr/bin:/bin')}"
    python = environments.executable("mlflow-3.17")
    command: list[str | Path] = ["bash", "-c", step.code] if step.kind == "console" else [python, "-c", step.code]
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
    told = f"{step.code}\nexit code {ended.returncode}\n{ended.stdout}\n{ended.stderr[-3000:]}"
    assert ended.returncode == step.exit_code, told
    assert step.matches(ended.stdout), told
