"""The runs that are searched: the same in all databases, from numbers alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

PARAMS = METRICS = 10
TAGS = 5
START = 1_700_000_000_000
FILTER = "metrics.`metric-3` > 0.5 AND params.`param-2` = 'value-1'"
ORDER = "metrics.`metric-3` DESC"


class BenchRun(NamedTuple):
    """``metrics`` are latest points at step 100, one second apart from the start. Times in milliseconds."""

    uuid: str
    name: str
    start: int
    metrics: dict[str, float]
    params: dict[str, str]
    tags: dict[str, str]


def runs(first: int, last: int) -> Iterator[BenchRun]:
    """The runs from number ``first`` to before ``last``; a twentieth of them satisfies ``FILTER``."""
    for number in range(first, last):
        yield BenchRun(
            uuid=UUID(int=_mixed(number) << 64 | _mixed(number + 1)).hex,
            name=f"run-{_mixed(number) % 1_000_003}",
            start=START + 1000 * number,
            metrics={f"metric-{k}": _mixed(number * METRICS + k) / 2**64 for k in range(METRICS)},
            params={f"param-{k}": f"value-{_mixed(number * PARAMS + k + 7) % 10}" for k in range(PARAMS)},
            tags={f"tag-{k}": f"value-{_mixed(number * TAGS + k + 11) % 100}" for k in range(TAGS)},
        )


def point(number: int) -> tuple[int, int, float]:
    """Step, timestamp and value of a point of the long metric."""
    return number, START + number, _mixed(number) / 2**64


def _mixed(number: int) -> int:
    """64 bits that look random (splitmix64, Steele, Lea and Flood 2014)."""
    mixed = (number + 1) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & 0xFFFFFFFFFFFFFFFF
    return mixed ^ mixed >> 31
