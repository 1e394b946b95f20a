"""``Client``, near and far."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import solvent
from solvent.client.entities import DatasetInput, Metric, Param, RunTag
from solvent.errors import InvalidInput, NotFound
from tests.client.server import serving
from tests.processes import free_port


@pytest.fixture(params=["embedded", "http"])
def client(home: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[solvent.Client]:
    if request.param == "embedded":
        yield solvent.Client(str(tmp_path / "store"))
    else:
        port = free_port()
        with serving(tmp_path / "server", port):
            yield solvent.Client(f"http://127.0.0.1:{port}")


def test_experiments_from_making_to_the_trash(client: solvent.Client) -> None:
    number = client.create_experiment("a", tags={"k": 1})
    assert client.get_experiment(number).tags == {"k": "1"}
    client.set_experiment_tag(number, "t", "x")
    client.delete_experiment_tag(number, "k")
    client.rename_experiment(number, "b")
    found = client.get_experiment_by_name("b")
    assert found is not None
    assert found.tags == {"t": "x"}
    assert client.get_experiment_by_name("a") is None
    client.delete_experiment(number)
    assert [entry.name for entry in client.search_experiments(solvent.ViewType.DELETED_ONLY)] == ["b"]
    client.restore_experiment(number)
    assert client.get_experiment(number).lifecycle_stage == "active"


def test_a_run_and_all_that_it_logs(client: solvent.Client, tmp_path: Path) -> None:
    run_id = client.create_run("0", tags={"a": 1}, run_name="r").info.run_id
    client.log_metric(run_id, "m", 1.0, step=1)
    client.log_metric(run_id, "m", float("nan"), step=0)
    assert client.log_param(run_id, "p", 5) == 5
    client.set_tag(run_id, "t", "x")
    client.delete_tag(run_id, "a")
    client.log_batch(run_id, [Metric("n", 2.0, 5, 7)], [Param("q", "z")], [RunTag("u", "v")])
    dataset = solvent.Dataset("d", "abc", "local", "{}", None, None)
    client.log_inputs(run_id, [DatasetInput(dataset, {"mlflow.data.context": "training"})])
    client.update_run(run_id, name="renamed")
    client.set_terminated(run_id, end_time=123)
    found = client.get_run(run_id)
    assert (found.info.run_name, found.info.status, found.info.end_time) == ("renamed", "FINISHED", 123)
    assert found.data.metrics == {"m": 1.0, "n": 2.0}
    assert found.data.params == {"p": "5", "q": "z"}
    assert {"t": "x", "u": "v"}.items() <= found.data.tags.items()
    assert found.inputs.dataset_inputs == [DatasetInput(dataset, {"mlflow.data.context": "training"})]
    assert [point.step for point in client.get_metric_history(run_id, "n")] == [7]
    client.delete_run(run_id)
    assert client.search_runs(["0"]) == []
    client.restore_run(run_id)
    page = client.search_runs(["0"], "metrics.n > 1", order_by=["metrics.n DESC"])
    assert [entry.info.run_id for entry in page] == [run_id]
    assert page.token is None


def test_artifacts_are_listed_and_downloaded(client: solvent.Client, tmp_path: Path) -> None:
    run_id = client.create_run("0").info.run_id
    (tmp_path / "f" / "g").mkdir(parents=True)
    (tmp_path / "f" / "g" / "x.txt").write_text("x")
    client.log_artifact(run_id, tmp_path / "f", "top")
    client.log_text(run_id, "hello", "a.txt")
    client.log_dict(run_id, {"k": 1}, "d.json")
    assert [entry.path for entry in client.list_artifacts(run_id)] == ["a.txt", "d.json", "top"]
    assert [entry.file_size for entry in client.list_artifacts(run_id, "top/f/g")] == [1]
    copy = client.download_artifacts(run_id, "top", str(tmp_path / "copy"))
    assert (Path(copy) / "f" / "g" / "x.txt").read_text() == "x"
    with pytest.raises(NotFound):
        client.download_artifacts(run_id, "missing.txt", str(tmp_path / "copy"))
    with pytest.raises(InvalidInput):
        client.download_artifacts(run_id, "../../etc/passwd", str(tmp_path / "copy"))


def test_pages_of_runs(client: solvent.Client) -> None:
    made = {client.create_run("0").info.run_id for _ in range(5)}
    first = client.search_runs(["0"], max_results=3)
    rest = client.search_runs(["0"], max_results=3, page_token=first.token)
    assert (len(first), len(rest)) == (3, 2)
    assert {run.info.run_id for run in [*first, *rest]} == made


def test_what_is_unknown_is_said_to_be(client: solvent.Client) -> None:
    with pytest.raises(NotFound, match="nobody"):
        client.get_run("nobody")
    with pytest.raises(InvalidInput, match="Invalid run status 'DONE'"):
        client.set_terminated("nobody", "DONE")
