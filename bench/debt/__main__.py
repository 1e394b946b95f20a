"""``python -m bench.debt [--write FILE] [--mistakes CODE] [--ask] [PROJECT ...]``: how true the rules are."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench.debt.ask import questions
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
    parser.add_argument("--ask", action="store_true", help="list spots to be judged: hits without a label, and others")
    parser.add_argument(
        "--mistakes", metavar="CODE", help="list a rule's mistakes, what it overlooked, what is not judged"
    )
    parser.add_argument("projects", nargs="*", metavar="PROJECT")
    arguments = parser.parse_args()
    labels = [each for each in all_labels() if not arguments.projects or each.project in arguments.projects]
    if arguments.mistakes:
        labels = [each for each in labels if not each.held_out]
    scores: dict[str, Score] = {}
    held_out: dict[str, Score] = {}
    asked: list[str] = []
    for each in labels:
        print(f"looking at {each.name}", file=sys.stderr, flush=True)
        options = _options(each)
        report = check(options)
        judge(each, report.findings, scores)
        if each.held_out:
            judge(each, report.findings, held_out)
        if arguments.ask:
            asked += questions(each, report.findings, options.paths[0])
    if arguments.ask:
        print("\n".join(asked))
        return
    if arguments.mistakes:
        _explain(scores.get(arguments.mistakes, Score()))
        return
    text = page(labels, scores, held_out)
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


def page(labels: list[Labels], scores: dict[str, Score], held_out: dict[str, Score]) -> str:
    """The page ``docs/debt/bench.md``."""
    spots = [label for each in labels for label in each.labels]
    debts = sum(label.debt for label in spots)
    found = [each for each in labels if each.found]
    rows = [_row(code, scores.get(code, Score()), held_out.get(code, Score())) for code in all_rules()]
    head = (
        "| rule | state | judged hits | precision | 95 % | labels | recall | 95 % | precision, held out "
        "| recall, held out | hits not judged |\n|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    )
    return f"""# How true the rules are

Written by `make bench-debt WRITE=1` on {datetime.now(UTC):%d %B %Y}: {len(spots):,} spots ({debts:,} of them debt) in
{len(labels)} real projects from the package index, labelled by reading the code, before the rules were written or
without seeing what they say. {sum(len(each.read) for each in labels):,} files were read whole for every rule: what is
found there and not labelled counts as wrong. Hits elsewhere are not judged and count neither way.
{len(found)} of the projects, with {sum(len(each.labels) for each in found):,} labelled spots, were taken because rules report something there: they
count for the precision of these rules alone, never for recall, and only their labelled hits count. Intervals are
Wilson's. {sum(each.held_out for each in labels)} of the projects are held out: what rules got wrong there was not looked at
by those who made them better, though these numbers were.

A rule is on by default if its precision is at least {PRECISE:.2f} on at least {ENOUGH} judged hits, or, where it is rarer,
on all its hits in these projects, at least {RARE}. All others are previews. COD206 and CFG107 were written by somebody who
had seen some of their labels; thirteen of COD206's hits were judged after it was written, blind.

Rules that are on by default, together: {_together(scores, on=True)}; on the projects held out alone:
{_together(held_out, on=True)}. All rules: {_together(scores, on=False)}; held out: {_together(held_out, on=False)}.

{head}
{chr(10).join(rows)}
"""


def _together(scores: dict[str, Score], *, on: bool) -> str:
    total = Score()
    for code, rule in all_rules().items():
        if code in scores and not (on and rule.preview):
            total.add(scores[code])
    return f"precision {_share(total.right, total.judged)}, recall {_share(total.met, total.met + total.missed)}"


def _row(code: str, score: Score, held_out: Score) -> str:
    rule = all_rules()[code]
    found, labelled = score.judged, score.met + score.missed
    cells = [f"{code} {rule.name}", "preview" if rule.preview else "**on**", str(found)]
    cells += [*_cells(score.right, found), str(labelled), *_cells(score.met, labelled)]
    cells += [_cells(held_out.right, held_out.judged)[0], _cells(held_out.met, held_out.met + held_out.missed)[0]]
    return f"| {' | '.join([*cells, str(score.unjudged)])} |"


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
