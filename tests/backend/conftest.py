from __future__ import annotations

from tests.tracking.compare.conftest import repository

__all__ = ["repository"]
