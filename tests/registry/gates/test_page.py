"""docs/gates.md names all that can be asked, and the form of each kind of evidence."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from solvent.registry import evidence
from solvent.registry.gates import policy
from solvent.registry.gates.needs import NEEDS

PAGE = (Path(__file__).parents[3] / "docs" / "gates.md").read_text("utf-8")


@pytest.mark.parametrize("key", NEEDS)
def test_each_need_has_its_row(key: str) -> None:
    need = NEEDS[key]
    assert f"| `{key} = {need.form}` | {need.about} |\n" in PAGE


@pytest.mark.parametrize("kind", evidence.KINDS)
def test_the_form_of_each_kind_of_evidence_can_be_recorded(kind: str) -> None:
    found = re.search(rf"^`{kind}`.*?^```json\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert found, f"{kind} has no example"
    body = json.loads(found[1])
    evidence.check(kind, body)
    shape = evidence.KINDS[kind]
    assert set(body) == set(shape.__struct_fields__)


def test_its_policy_can_hold() -> None:
    found = re.search(r"^```toml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert found
    policy.check(tomllib.loads(found[1]))
