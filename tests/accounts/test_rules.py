"""The table of rules is complete: nothing is answered that no rule speaks of."""

from __future__ import annotations

from pathlib import Path

import pytest

from solvent.accounts.authorization import authorize
from solvent.accounts.rules import RULES
from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import PermissionDenied
from solvent.wire.accounts import CreateUser
from solvent.wire.base import ROUTES, Empty, Request


class Unruled(Request[Empty]):
    pass


def test_every_request_has_a_rule() -> None:
    missing = {route.request.__name__ for route in ROUTES} - {request.__name__ for request in RULES}
    assert not missing, f"add a row to solvent.accounts.rules for {', '.join(sorted(missing))}"


def test_a_request_without_a_rule_is_refused_even_to_admins(backend: EmbeddedBackend) -> None:
    backend.call(CreateUser(name="root", password="long enough", admin=True))
    with pytest.raises(PermissionDenied, match="no rule says"):
        backend.store.read(authorize, Unruled(), "root")


def test_rules_stand_in_one_place() -> None:
    source = Path(__file__).parents[2] / "src" / "solvent"
    asking = [path for path in source.rglob("*.py") if "role_in(" in path.read_text("utf-8")]
    assert {path.name for path in asking} == {"grants.py", "authorization.py"}
