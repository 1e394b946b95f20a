"""``solvent run --twice``: is the result the same again?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from solvent.cli.run_report import report_run, say

if TYPE_CHECKING:
    from solvent.backend.protocol import Backend
    from solvent.projects.launch import Options
    from solvent.projects.plan import Plan
    from solvent.projects.variables import Tracking

REPEATS = "solvent.repeats"
"""Tag of the second run: the id of the first."""


def run_twice(backend: Backend, plan: Plan, tracking: Tracking, options: Options) -> int:
    """Run it, run it again, and compare; 0 only if both succeeded and came to the same."""
    from solvent.projects.launch import launch
    from solvent.projects.reproduce.determinism import check_determinism

    first = launch(backend, plan, tracking, options, say=say)
    if code := report_run(plan, first):
        return code
    say("Running it again, to compare")
    place = replace(options.place, tags={**options.place.tags, REPEATS: first.run_id})
    second = launch(backend, plan, tracking, replace(options, place=place), say=say)
    if code := report_run(plan, second):
        return code
    found = check_determinism(backend, first.run_id, second.run_id)
    for line in found.lines():
        say(line)
    return 0 if found.holds else 1
