"""Finding interpreters."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

import pytest

from solvent.projects.errors import EnvironmentFailed
from solvent.projects.interpreter import find_interpreter


@pytest.mark.parametrize("parts", [0, 1, 2, 3])
def test_the_running_one_is_taken_when_it_fits(parts: int) -> None:
    version = ".".join(platform.python_version_tuple()[:parts])
    assert find_interpreter(version).path == Path(sys.executable)


def test_one_that_only_begins_alike_does_not_fit() -> None:
    with pytest.raises(EnvironmentFailed, match="not on this machine"):
        find_interpreter(f"{sys.version_info.major}.{sys.version_info.minor}.99")
