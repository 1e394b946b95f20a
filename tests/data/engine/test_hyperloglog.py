from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from solvent.data.engine.duck.table import DuckEngine
from solvent.data.engine.hyperloglog import REGISTERS, estimate, merge
from solvent.data.engine.protocol import Sketch
from solvent.errors import InvalidInput


def sketch(values: object) -> Sketch:
    table = DuckEngine().open(pd.DataFrame({"x": values}))
    found = table.distinct(["x"])["x"]
    table.close()
    assert isinstance(found, Sketch)
    return found


@pytest.mark.parametrize("distinct", [0, 1, 5, 100, 2_000, 30_000, 300_000])
@pytest.mark.parametrize("kind", ["integer", "real", "text"])
def test_estimates_are_within_four_standard_errors(distinct: int, kind: str) -> None:
    numbers = np.random.default_rng(distinct).permutation(np.arange(distinct).repeat(2))
    values = {"integer": numbers, "real": numbers / 7, "text": np.char.add("user-", numbers.astype(str)).astype(object)}
    assert estimate(sketch(values[kind])) == pytest.approx(distinct, rel=4 * 1.04 / REGISTERS**0.5)


def test_a_merge_is_the_sketch_of_both() -> None:
    one, other = np.arange(5_000), np.arange(4_000, 9_000)
    assert merge(sketch(one), sketch(other)) == sketch(np.concatenate([one, other]))


def test_narrow_and_wide_types_have_one_sketch() -> None:
    numbers = np.arange(-50, 50)
    assert sketch(numbers.astype("int8")) == sketch(numbers.astype("int64"))
    assert sketch((numbers / 4).astype("float32")) == sketch(numbers / 4)


def test_other_hashes_are_not_merged() -> None:
    with pytest.raises(InvalidInput, match="two sketches of one hash"):
        merge(sketch([1]), Sketch("other", "A" * REGISTERS))
