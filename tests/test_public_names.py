"""``solvent.__all__`` is the contract."""

from __future__ import annotations

import solvent
from solvent import *  # noqa: F403


def test_every_public_name_is_there() -> None:
    for name in solvent.__all__:
        assert getattr(solvent, name) is not None
    assert dir(solvent) == sorted(solvent.__all__)


def test_a_star_import_brings_them() -> None:
    assert "log_metric" in globals()
    assert globals()["start_run"] is solvent.start_run


def test_public_names_are_documented() -> None:
    for name in set(solvent.__all__) - {"__version__"}:
        assert getattr(solvent, name).__doc__, name


def test_an_unknown_name_is_said_to_be_unknown() -> None:
    assert not hasattr(solvent, "log_metrix")
