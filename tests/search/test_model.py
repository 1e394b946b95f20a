"""Random filters and orders over random runs: SQL and plain Python must agree, page by page.

The scans are chosen by how many rows an index holds; the test makes each choice at random.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solvent.backend.embedded import EmbeddedBackend
from solvent.search import runs as scans
from solvent.search.tree import And, Comparison, Expression, Field, Not, Or, Order
from solvent.store.store import Store
from solvent.wire.base import to_number
from solvent.wire.experiments import CreateExperiment, Tag
from solvent.wire.metrics import Metric
from solvent.wire.runs import CountRuns, CreateRun, LogBatch, Param, SearchRuns, UpdateRun
from tests.search.model import ModelRun, matches, ordered

NAN, INF = float("nan"), float("inf")
NUMBERS = [0.0, 0.5, 1.0, -1.0, 2.0, INF, -INF]
LONG = "x" * 100
TEXTS = ["a", "A", "b", "", "ab%", "a_b", "[a]", "*", "?", "é", "10", "9", "it's"]
TEXTS += [LONG, LONG + "a", LONG + "b", LONG[1:], "é" * 49, "é" * 50, "é" * 100 + "x"]
PATTERNS = ["%", "a%", "%b", "_", "A", "[a]", "*", "?%", "%_b", "é", "x%b", "", "10"]
METRICS = ["loss", "acc", "loss.max"]
STATUSES = ["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"]


class World:
    """Runs in two experiments, in the store and as plain values."""

    def __init__(self, folder: Path) -> None:
        self.backend = EmbeddedBackend(str(folder), Store(folder / "solvent.db", synchronous="OFF"), folder / "files")
        self.experiments = [self.backend.call(CreateExperiment(name=name)).experiment_id for name in "xy"]
        rng = random.Random(7)
        self.runs = [self._make(rng, number) for number in range(70)]

    def _make(self, rng: random.Random, number: int) -> ModelRun:
        model = ModelRun(
            run_id=f"{rng.getrandbits(64):016x}",
            name=f"run{rng.randrange(5)}",
            start=rng.randrange(6),
            end=rng.choice([None, 3, 4]),
            status=rng.choice(STATUSES),
            metrics={
                key: [rng.choice([*NUMBERS, NAN]) if key != "acc" else 1.0 for _ in range(rng.choice([1, 1, 3]))]
                for key in rng.sample(METRICS, rng.randrange(4))
            },
            params={key: rng.choice(TEXTS) for key in rng.sample("pq", rng.randrange(3))},
            tags={key: rng.choice(TEXTS) for key in rng.sample("tu", rng.randrange(3))},
        )
        request = CreateRun(
            experiment_id=self.experiments[number % 2],
            run_id=model.run_id,
            run_name=model.name,
            start_time=model.start,
            tags=[Tag(key=key, value=value) for key, value in model.tags.items()],
        )
        self.backend.call(request)
        points = [
            Metric(key=key, value=to_number(value), timestamp=0, step=step)
            for key, history in model.metrics.items()
            for step, value in enumerate(history)
        ]
        params = [Param(key=key, value=value) for key, value in model.params.items()]
        self.backend.call(LogBatch(run_id=model.run_id, metrics=points, params=params))
        self.backend.call(UpdateRun(run_id=model.run_id, status=model.status, end_time=model.end))
        return model

    def seen(self, experiments: list[str]) -> tuple[list[ModelRun], set[str]]:
        """The runs of the experiments, and the names of their metrics."""
        inside = [run for number, run in enumerate(self.runs) if self.experiments[number % 2] in experiments]
        return inside, {key for run in inside for key in run.metrics}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("search"))
    yield made
    made.backend.close()


def _number_fields() -> st.SearchStrategy[Field]:
    return st.one_of(
        st.builds(Field, st.just("metric"), st.sampled_from([*METRICS, "none"])),
        st.builds(Field, st.just("metric"), st.just("loss"), st.sampled_from(["min", "max", "mean", "last", "count"])),
        st.builds(Field, st.just("metric"), st.sampled_from(["loss.min", "loss.max"]), st.none(), st.just(True)),
        st.builds(Field, st.just("attribute"), st.sampled_from(["start_time", "end_time"])),
    )


def _text_fields() -> st.SearchStrategy[Field]:
    return st.one_of(
        st.builds(Field, st.just("param"), st.sampled_from("pqz")),
        st.builds(Field, st.just("tag"), st.sampled_from("tuz")),
        st.builds(Field, st.just("attribute"), st.sampled_from(["run_name", "status", "run_id"])),
    )


_NUMBER = st.sampled_from([0, 1, 3, 0.5, -1, 1.5, INF])
_TEXT = st.sampled_from([*TEXTS, "run1", "FINISHED"])
_COMPARISONS = st.one_of(
    st.builds(Comparison, _number_fields(), st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), _NUMBER),
    st.builds(
        Comparison, _number_fields(), st.sampled_from(["IN", "NOT IN"]), st.lists(_NUMBER, min_size=1).map(tuple)
    ),
    st.builds(Comparison, _text_fields(), st.sampled_from(["=", "!="]), _TEXT),
    st.builds(Comparison, _text_fields(), st.sampled_from(["IN", "NOT IN"]), st.lists(_TEXT, min_size=1).map(tuple)),
    st.builds(
        Comparison,
        _text_fields(),
        st.sampled_from(["LIKE", "ILIKE", "NOT LIKE", "NOT ILIKE"]),
        st.sampled_from(PATTERNS),
    ),
    st.builds(Comparison, st.one_of(_text_fields(), _number_fields()), st.sampled_from(["IS NULL", "IS NOT NULL"])),
)
_EXPRESSIONS: st.SearchStrategy[Expression] = st.recursive(
    _COMPARISONS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(tuple).map(And),
        st.lists(inner, min_size=2, max_size=3).map(tuple).map(Or),
        inner.map(Not),
    ),
    max_leaves=4,
)
_ORDERS = st.lists(
    st.builds(Order, st.one_of(_number_fields(), _text_fields()), st.booleans()),
    max_size=3,
    unique_by=lambda order: str(order.field).replace("`", ""),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(
    expression=st.none() | _EXPRESSIONS,
    orders=_ORDERS,
    size=st.sampled_from([1, 2, 3, 7, 1000]),
    few=st.sampled_from([0, 10, 5_000]),
    many=st.sampled_from([0, 20, 20_000]),
    dense=st.sampled_from([0, 4, 10_000]),
    merged=st.sampled_from([1, 16]),
    both=st.booleans(),
)
def test_sql_agrees_with_python_on_every_page(
    world: World,
    expression: Expression | None,
    orders: list[Order],
    size: int,
    few: int,
    many: int,
    dense: int,
    merged: int,
    both: bool,
) -> None:
    experiments = world.experiments if both else world.experiments[:1]
    inside, metric_names = world.seen(experiments)
    expected = [run for run in inside if expression is None or matches(run, expression, metric_names)]
    expected = ordered(expected, orders, metric_names)
    request = SearchRuns(
        experiment_ids=experiments,
        filter=str(expression) if expression else "",
        order_by=[str(order) for order in orders],
        max_results=size,
    )
    found: list[str] = []
    with pytest.MonkeyPatch.context() as tuned:
        tuned.setattr(scans, "FEW", few)
        tuned.setattr(scans, "MANY", many)
        tuned.setattr(scans, "DENSE", dense)
        tuned.setattr(scans, "MERGED", merged)
        while True:
            answer = world.backend.call(request)
            assert len(answer.runs) <= size
            found += [run.info.run_id for run in answer.runs]
            if answer.next_page_token is None:
                break
            assert len(answer.runs) == size
            request.page_token = answer.next_page_token
        count = world.backend.call(CountRuns(experiment_ids=experiments, filter=request.filter)).count
    assert found == [run.run_id for run in expected]
    assert count == len(expected)
