"""Code that the runs did not keep is compared by digests, and never taken for equal without."""

from __future__ import annotations

from typing import Any

import pytest

from solvent.tracking.compare.compare import compare
from solvent.tracking.compare.recorded import Recorded
from solvent.wire.runs import Run, RunData, RunInfo


def recorded(run_id: str, digest: str | None) -> Recorded:
    unkept: list[dict[str, Any]] = [{"path": "lib", "why": "a submodule with changes of its own", "digest": digest}]
    info = RunInfo(run_id=run_id, experiment_id="0", status="FINISHED", artifact_uri="")
    return Recorded(Run(info=info, data=RunData(tags=[])), provenance={"unkept": unkept})


@pytest.mark.parametrize(("one", "other", "differs"), [("a", "a", False), ("a", "b", True), (None, None, True)])
def test_unkept_code(one: str | None, other: str | None, differs: bool) -> None:
    found = compare([recorded("1", one), recorded("2", other)])
    (row,) = (row for row in found.code if row.key == "code that is not kept")
    assert (row.differs, "code" in found.differing) == (differs, differs)
