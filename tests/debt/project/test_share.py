"""Sharing changes what memory a summary takes, and nothing else."""

from __future__ import annotations

import msgspec

from solvent.debt.project.share import Shared
from solvent.debt.project.summary import FileSummary
from tests.debt.helpers import project_of

SOURCE = """\
import joblib


def train(data):
    model = Model()
    model.fit(data)
    joblib.dump(model, "m")
    return model
"""


def decoded() -> FileSummary:
    (summary,) = project_of({"train.py": SOURCE}).files.values()
    return msgspec.msgpack.decode(msgspec.msgpack.encode(summary), type=FileSummary)


def test_a_shared_summary_is_equal_and_holds_each_text_once() -> None:
    first, second = decoded(), decoded()
    shared = Shared()
    shared.share(first)
    shared.share(second)

    assert first == second == decoded()
    spots = [call.spot for function in first.functions for call in function.calls]
    assert spots
    assert all(spot.path is first.path for spot in spots)
    uses = [[use for value in each.functions[1].values for use in value.uses] for each in (first, second)]
    assert uses[0]
    assert all(one is other for one, other in zip(*uses, strict=True))
    calls = [[call.name for call in each.functions[1].calls] for each in (first, second)]
    assert calls[0]
    assert all(one is other for one, other in zip(*calls, strict=True))
