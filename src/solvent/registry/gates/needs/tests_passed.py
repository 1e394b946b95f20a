"""``tests``: what came of the tests in CI."""

from __future__ import annotations

import msgspec

from solvent.registry import evidence
from solvent.registry.gates.known import Known
from solvent.registry.gates.needs.clean_code import COMMIT
from solvent.registry.gates.needs.need import Need, met, missing
from solvent.registry.gates.reading import wanted
from solvent.wire.gates import GateCheck


def check(known: Known, _: bool) -> list[GateCheck]:
    kept = known.evidence("tests")
    again = f"solvent gates record {known.address} tests --junit report.xml"
    if kept is None:
        return missing("tests", known.no_evidence("tests"), again)
    tests = msgspec.convert(kept.body, evidence.Tests)
    passed = tests.total - tests.failed - tests.skipped
    found = f"{passed:,} of {tests.total:,} passed" + (f", {tests.skipped:,} skipped" if tests.skipped else "")
    commit = known.tags.get(COMMIT)
    if tests.commit and commit and not (commit.startswith(tests.commit) or tests.commit.startswith(commit)):
        return missing("tests", f"they are of commit {tests.commit[:12]}, the model is of {commit[:12]}", again)
    if tests.failed or not passed:
        return missing("tests", f"{found}, {tests.failed:,} failed", again)
    return met("tests", found)


NEED = Need("tests", "true", "tests of which some passed and none failed, of the model's commit", wanted, check)
