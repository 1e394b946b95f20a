"""HyperLogLog sketches, whatever engine made them: merged by the larger register, estimated without a bias.

Flajolet et al. 2007; the estimate is that of Ertl 2017 (arXiv 1702.01284, algorithm 6), which needs neither a switch to
linear counting nor tables. With p = 10 its standard error is 1.04 / sqrt(1024) = 3.25 %.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from solvent.data.engine.protocol import Sketch
from solvent.errors import InvalidInput

P = 10
REGISTERS = 1 << P
MOST_RANK = 64 - P + 1
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_RANKS = {digit: rank for rank, digit in enumerate(_DIGITS)}


def sketch(hash: str, least: Iterable[tuple[int, int]]) -> Sketch:
    """From (register, least remaining hash) of the registers that were met; the remaining hash has 64 - p bits."""
    ranks = [0] * REGISTERS
    for register, rest in least:
        ranks[register] = MOST_RANK - rest.bit_length()
    return Sketch(hash, "".join(_DIGITS[rank] for rank in ranks))


def merge(one: Sketch, other: Sketch) -> Sketch:
    """The sketch of both together.

    Raises:
        InvalidInput: they were made with different hash functions.
    """
    if one.hash != other.hash or len(one.registers) != len(other.registers):
        raise InvalidInput(
            f"expected two sketches of one hash, got {one.hash} and {other.hash}; profile the data again"
        )
    larger = (max(pair, key=_RANKS.__getitem__) for pair in zip(one.registers, other.registers, strict=True))
    return Sketch(one.hash, "".join(larger))


def estimate(sketch: Sketch) -> int:
    """The number of distinct values, to the nearest whole one."""
    registers = len(sketch.registers)
    most = 64 - registers.bit_length() + 1
    counts = [0] * (most + 2)
    for digit in sketch.registers:
        counts[_RANKS[digit]] += 1
    total = registers * _tau(1 - counts[most + 1] / registers)
    for rank in range(most, 0, -1):
        total = 0.5 * (total + counts[rank])
    total += registers * _sigma(counts[0] / registers)
    return 0 if math.isinf(total) else round(registers * registers / (2 * math.log(2)) / total)


def _sigma(share: float) -> float:
    if share == 1:
        return math.inf
    power, total = 1.0, share
    while True:
        share *= share
        before = total
        total += share * power
        power += power
        if total == before:
            return total


def _tau(share: float) -> float:
    if share in (0, 1):
        return 0.0
    power, total = 1.0, 1 - share
    while True:
        share = math.sqrt(share)
        before = total
        power *= 0.5
        total -= (1 - share) ** 2 * power
        if total == before:
            return total / 3
