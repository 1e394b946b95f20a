"""Copies of code across files: equal runs of units, small changes between them allowed.

Runs of a few units (grams) that two files share are chained along both files where they follow each other; a chain
that is long enough is a copy. (Token-based detection as in Kamiya et al. 2002, on statements instead of tokens.)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

GRAM = 4
_MOST_PLACES = 12
"""A gram that stands in more places says nothing."""
_MOST_GAP = 5
"""So many units may be changed between two equal runs."""


class Run(NamedTuple):
    """Units ``start`` to ``end`` (exclusive) of the file with this number."""

    file: int
    start: int
    end: int


class Copied(NamedTuple):
    """``equal``: how many units are the same; ``kinds``: how many of them differ from each other."""

    first: Run
    later: Run
    equal: int
    kinds: int


def copies(files: Sequence[Sequence[int]], fewest: int) -> Iterator[Copied]:
    """Copies between files, given as the hashes of their units; the first is in the file with the lower number.

    Args:
        fewest: so many different units must be equal.
    """
    places: dict[tuple[int, ...], list[tuple[int, int]]] = defaultdict(list)
    for number, hashes in enumerate(files):
        pairs: dict[int, list[tuple[int, int]]] = defaultdict(list)
        grams = [tuple(hashes[at : at + GRAM]) for at in range(len(hashes) - GRAM + 1)]
        for at, gram in enumerate(grams):
            known = places.get(gram)
            if known is not None and len(known) <= _MOST_PLACES:
                for other, there in known:
                    pairs[other].append((at, there))
        for other, matched in sorted(pairs.items()):
            if len(matched) + GRAM - 1 >= fewest:
                yield from _chains(other, number, matched, hashes, fewest)
        for at, gram in enumerate(grams):
            if len(set(gram)) > GRAM // 2:
                places[gram].append((number, at))


def _chains(
    other: int, number: int, matched: list[tuple[int, int]], hashes: Sequence[int], fewest: int
) -> Iterator[Copied]:
    """The longest ways through the grams that two files share."""
    left = sorted(matched)
    while len(left) + GRAM - 1 >= fewest:
        chain: list[tuple[int, int]] = []
        rest: list[tuple[int, int]] = []
        for at, there in left:
            if not chain:
                chain.append((at, there))
                continue
            last_at, last_there = chain[-1]
            near = at > last_at and 0 < there - last_there <= GRAM + _MOST_GAP and at - last_at <= GRAM + _MOST_GAP
            (chain if near else rest).append((at, there))
        equal = sorted({at + step for at, _ in chain for step in range(GRAM)})
        kinds = len({hashes[each] for each in equal})
        if kinds >= fewest:
            first = Run(other, chain[0][1], chain[-1][1] + GRAM)
            yield Copied(first, Run(number, chain[0][0], chain[-1][0] + GRAM), len(equal), kinds)
        left = rest
