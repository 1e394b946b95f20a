"""``python -m bench.debt [--write FILE] [--mistakes CODE] [PROJECT ...]``: how true the rules are."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench.debt.corpus import unpacked
from bench.debt.judge import Score, interval, judge
from bench.debt.labels import Labels, all_labels
from solvent.debt.engine.check import Options, check
from solvent.debt.registry import all_rules
from solvent.debt.settings import DebtSettings

ENOUGH, RARE = 30, 10
"""Judged hits for a rule to be on by default, and those of a rule all of whose hits in the corpus were judged."""
PRECISE = 0.90


def main() -> None:
    parser = argparse.ArgumentParser(description="Precision and recall of the rules.", prog="python -m bench.debt")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table to a page of the documentation")
    parser.add_argument(
        "--mistakes", metavar="CODE", help="list a rule's mistakes, what it overlooked, what is not judged"
    )
    parser.add_argument("projects", nargs="*", metavar="PROJECT")
    arguments = parser.parse_args()
    labels = [each for each in all_labels() if not arguments.projects or each.project in arguments.projects]
    scores: dict[str, Score] = {}
    for each in labels:
        print(f"looking at {each.name}", file=sys.stderr, flush=True)
        report = check(_options(each))
        judge(each, report.findings, scores)
    if arguments.mistakes:
        _explain(scores.get(arguments.mistakes, Score()))
        return
    text = page(labels, scores)
    print(text)
    if arguments.write:
        arguments.write.write_text(text)


def _options(labels: Labels) -> Options:
    root = unpacked(labels)
    return Options(paths=[root], root=root, select=["ALL"], preview=True, cache=False, settings=DebtSettings(), jobs=0)


def _explain(score: Score) -> None:
    for title, lines in (("wrong", score.mistakes), ("overlooked", score.overlooked), ("not judged", score.open)):
        print(f"{title}: {len(lines)}")
        for line in lines:
            print(f"  {line}")


def page(labels: list[Labels], scores: dict[str, Score]) -> str:
    """The page ``docs/debt/bench.md``."""
    spots = [label for each in labels for label in each.labels]
    debts = sum(label.debt for label in spots)
    rows = [_row(code, scores.get(code, Score())) for code in all_rules()]
    total = Score()
    for code, rule in all_rules().items():
        if not rule.preview and code in scores:
            total.add(scores[code])
    head = (
        "| rule | state | judged hits | precision | 95 % | labels | recall | 95 % | hits not judged |\n"
        "|---|---|--:|--:|--:|--:|--:|--:|--:|"
    )
    return f"""# How true the rules are

Written by `make bench-debt WRITE=1` on {datetime.now(UTC):%d %B %Y}: {len(spots):,} spots ({debts:,} of them debt) in
{len(labels)} real projects from the package index, labelled by reading the code, before the rules were written or
without seeing what they say. {sum(len(each.read) for each in labels):,} files were read whole for every rule: what is found
there and not labelled counts as wrong. Hits elsewhere are not judged and count neither way. Intervals are Wilson's.

A rule is on by default if its precision is at least {PRECISE:.2f} on at least {ENOUGH} judged hits, or, where it is rarer,
on all its hits in these projects, at least {RARE}. All others are previews.

{head}
{chr(10).join(rows)}

Rules that are on by default, together: precision {_share(total.right, total.judged)}, recall \
{_share(total.met, total.met + total.missed)}.
"""


def _row(code: str, score: Score) -> str:
    rule = all_rules()[code]
    found, labelled = score.judged, score.met + score.missed
    cells = [f"{code} {rule.name}", "preview" if rule.preview else "**on**", str(found)]
    cells += [*_cells(score.right, found), str(labelled), *_cells(score.met, labelled), str(score.unjudged)]
    return f"| {' | '.join(cells)} |"


def _cells(part: int, whole: int) -> tuple[str, str]:
    if not whole:
        return "", ""
    low, high = interval(part, whole)
    return f"{part / whole:.2f}", f"{low:.2f}-{high:.2f}"


def _share(part: int, whole: int) -> str:
    if not whole:
        return "unknown"
    low, high = interval(part, whole)
    return f"{part / whole:.2f} ({low:.2f}-{high:.2f}, {part} of {whole})"


if __name__ == "__main__":
    main()
