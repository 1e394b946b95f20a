"""Two histograms in one drawing, as SVG that needs no script and is told to a screen reader in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from solvent.data.profile.diff.model import Bin, ColumnDiff
from solvent.data.profile.draw.changes import bin_label
from solvent.data.profile.draw.even import even_bins
from solvent.data.profile.draw.numbers import distance, percent
from solvent.data.profile.draw.plain import cut, visible

WIDTH, HEIGHT = 360, 110
_ROW, _LABEL = 20, 130
_MOST_ROWS = 12


def plot(column: ColumnDiff, number: int) -> str:
    """The drawing of one column; ``number`` makes its ids unique on the page. Nothing without a distance."""
    found = column.distance
    if found is None:
        return ""
    bins = even_bins(found.bins)
    sums = sum(each.old for each in bins), sum(each.new for each in bins)
    shares = [(each.old / sums[0], each.new / sums[1]) for each in bins]
    is_numbers = any(each.low is not None or each.high is not None for each in bins)
    if not is_numbers:
        bins, shares = _fewer(bins, shares)
    height = HEIGHT + 16 if is_numbers else _ROW * len(bins)
    inner = _columns(column, bins, shares) if is_numbers else _rows(column, bins, shares)
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="t{number} d{number}">'
        f'<title id="t{number}">{_text(column.name)}: before and now</title>'
        f'<desc id="d{number}">{_text(_words(column, bins, shares))}</desc>{"".join(inner)}</svg>'
    )


def _fewer(bins: list[Bin], shares: list[tuple[float, float]]) -> tuple[list[Bin], list[tuple[float, float]]]:
    """At most so many values as there is room for; all that are left out are one more bin."""
    if len(bins) <= _MOST_ROWS:
        return bins, shares
    kept, left = _MOST_ROWS - 1, shares[_MOST_ROWS - 1 :]
    rest = sum(old for old, _ in left), sum(new for _, new in left)
    return [*bins[:kept], Bin(*rest)], [*shares[:kept], rest]


def _words(column: ColumnDiff, bins: Sequence[Bin], shares: Sequence[tuple[float, float]]) -> str:
    assert column.distance is not None
    moved = max(range(len(bins)), key=lambda place: abs(shares[place][1] - shares[place][0]))
    old, new = shares[moved]
    return (
        f"Shares of rows in {len(bins)} bins. Jensen-Shannon distance {distance(column.distance.jensen_shannon)}. "
        f"Most moved: {bin_label(column, bins[moved])}, from {percent(old)} to {percent(new)}."
    )


def _columns(column: ColumnDiff, bins: Sequence[Bin], shares: Sequence[tuple[float, float]]) -> Iterator[str]:
    """Upright bars, old and new side by side, between the least and the largest edge."""
    top = max(max(pair) for pair in shares)
    step = WIDTH / len(bins)
    for side, name in enumerate(("old", "new")):
        path = []
        for place, pair in enumerate(shares):
            high = pair[side] / top * HEIGHT
            if high > 0:
                x, w = place * step + step * (0.08 + 0.42 * side), step * 0.42
                path.append(f"M{x:.1f} {HEIGHT}v{-max(high, 0.5):.1f}h{w:.1f}V{HEIGHT}z")
        yield f'<path class="{name}" d="{"".join(path)}"/>'
    yield f'<path class="axis" d="M0 {HEIGHT}H{WIDTH}"/>'
    first, last = bin_label(column, bins[0]), bin_label(column, bins[-1])
    yield f'<text x="0" y="{HEIGHT + 12}">{_text(first)}</text>'
    if len(bins) > 1:
        yield f'<text x="{WIDTH}" y="{HEIGHT + 12}" class="end">{_text(last)}</text>'


def _rows(column: ColumnDiff, bins: Sequence[Bin], shares: Sequence[tuple[float, float]]) -> Iterator[str]:
    """Lying bars: values need room for their names."""
    top = max(max(pair) for pair in shares) or 1.0
    for place, (each, pair) in enumerate(zip(bins, shares, strict=True)):
        y = place * _ROW
        yield f'<text x="0" y="{y + 13}">{_text(cut(bin_label(column, each), 20))}</text>'
        for side, name in enumerate(("old", "new")):
            wide = max(pair[side] / top * (WIDTH - _LABEL), 0.5 if pair[side] else 0)
            yield f'<path class="{name}" d="M{_LABEL} {y + 2 + 8 * side}h{wide:.1f}v7h{-wide:.1f}z"/>'


def _text(text: str) -> str:
    return escape(visible(text))
