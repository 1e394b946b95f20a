"""``solvent.Client``: MlflowClient's names, each call answered by the backend before it returns."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from solvent.artifacts.protocol import ArtifactStore
from solvent.backend.protocol import Backend
from solvent.client import connections, convert, entities
from solvent.client.checks import check_artifact_path, check_key, check_status, to_float, to_int, to_param, to_tag
from solvent.client.clock import now
from solvent.client.datasets import dataset_fields
from solvent.client.destination import check_uri, destination
from solvent.client.files import files_below
from solvent.client.process.session import session
from solvent.client.render import dict_bytes, figure_bytes, image_bytes
from solvent.client.views import view_name
from solvent.errors import NotFound
from solvent.wire import datasets, experiments, metrics, runs
from solvent.wire.base import Request, Wire, to_number

R = TypeVar("R", bound=Wire)

MAX_RUNS = 1_000
MAX_EXPERIMENTS = 1_000


class Client:
    """Talks to one tracking URI, the current one if none is given.

    What the fluent functions of this process have logged there is delivered before each call, so
    that both see the same.
    """

    def __init__(self, tracking_uri: str | None = None) -> None:
        if tracking_uri is not None:
            self._address = destination(check_uri(tracking_uri))
            connections.remember(self._address, tracking_uri)
        else:
            self._address = session.address
            if session.uri:
                connections.remember(self._address, session.uri)

    @property
    def tracking_uri(self) -> str:
        """Where it talks to, without credentials."""
        return self._address

    # Experiments

    def create_experiment(
        self, name: str, artifact_location: str | None = None, tags: Mapping[str, Any] | None = None
    ) -> str:
        """A new experiment; its id."""
        request = experiments.CreateExperiment(name=name, artifact_location=artifact_location, tags=_tags(tags))
        return self._call(request).experiment_id

    def get_experiment(self, experiment_id: str) -> entities.Experiment:
        found = self._call(experiments.GetExperiment(experiment_id=str(experiment_id)))
        return convert.experiment(found.experiment)

    def get_experiment_by_name(self, name: str) -> entities.Experiment | None:
        """The experiment of that name, or None."""
        try:
            found = self._call(experiments.GetExperimentByName(experiment_name=name))
        except NotFound:
            return None
        return convert.experiment(found.experiment)

    def search_experiments(
        self,
        view_type: int | str = 1,
        max_results: int | None = MAX_EXPERIMENTS,
        filter_string: str | None = None,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> entities.PagedList:
        """One page of experiments; its ``token`` asks for the next."""
        request = experiments.SearchExperiments(
            view_type=view_name(view_type),
            max_results=max_results or MAX_EXPERIMENTS,
            filter=filter_string or None,
            order_by=order_by,
            page_token=page_token,
        )
        found = self._call(request)
        return entities.PagedList([convert.experiment(entry) for entry in found.experiments], found.next_page_token)

    def rename_experiment(self, experiment_id: str, new_name: str) -> None:
        self._call(experiments.UpdateExperiment(experiment_id=experiment_id, new_name=new_name))

    def delete_experiment(self, experiment_id: str) -> None:
        self._call(experiments.DeleteExperiment(experiment_id=experiment_id))

    def restore_experiment(self, experiment_id: str) -> None:
        self._call(experiments.RestoreExperiment(experiment_id=experiment_id))

    def set_experiment_tag(self, experiment_id: str, key: str, value: Any) -> None:
        self._call(experiments.SetExperimentTag(experiment_id=experiment_id, key=key, value=str(value)))

    def delete_experiment_tag(self, experiment_id: str, key: str) -> None:
        self._call(experiments.DeleteExperimentTag(experiment_id=experiment_id, key=key))

    # Runs

    def create_run(
        self,
        experiment_id: str,
        start_time: int | None = None,
        tags: Mapping[str, Any] | None = None,
        run_name: str | None = None,
    ) -> entities.Run:
        """A new run in state RUNNING; ``start_time`` in milliseconds since 1970 (UTC)."""
        request = runs.CreateRun(
            experiment_id=experiment_id,
            user_id=str((tags or {}).get("mlflow.user", "")) or None,
            run_name=run_name,
            start_time=start_time if start_time is not None else now(),
            tags=_tags(tags),
        )
        return convert.run(self._call(request).run)

    def get_run(self, run_id: str) -> entities.Run:
        return convert.run(self._call(runs.GetRun(run_id=run_id)).run)

    def get_parent_run(self, run_id: str) -> entities.Run | None:
        parent = self.get_run(run_id).data.tags.get("mlflow.parentRunId")
        return self.get_run(parent) if parent else None

    def search_runs(
        self,
        experiment_ids: Sequence[str],
        filter_string: str = "",
        run_view_type: int | str = 1,
        max_results: int = MAX_RUNS,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> entities.PagedList:
        """One page of runs; its ``token`` asks for the next."""
        request = runs.SearchRuns(
            experiment_ids=[experiment_ids] if isinstance(experiment_ids, str) else [str(e) for e in experiment_ids],
            filter=filter_string or None,
            run_view_type=view_name(run_view_type),
            max_results=max_results,
            order_by=order_by,
            page_token=page_token,
        )
        found = self._call(request)
        return entities.PagedList([convert.run(entry) for entry in found.runs], found.next_page_token)

    def update_run(self, run_id: str, status: str | None = None, name: str | None = None) -> None:
        state = check_status(status) if status else None
        ended = now() if state in ("FINISHED", "FAILED", "KILLED") else None
        self._call(runs.UpdateRun(run_id=run_id, status=state, run_name=name, end_time=ended))

    def set_terminated(self, run_id: str, status: str | None = None, end_time: int | None = None) -> None:
        """End a run; ``end_time`` in milliseconds since 1970 (UTC)."""
        state = check_status(status or "FINISHED")
        self._call(runs.UpdateRun(run_id=run_id, status=state, end_time=end_time if end_time is not None else now()))

    def delete_run(self, run_id: str) -> None:
        self._call(runs.DeleteRun(run_id=run_id))

    def restore_run(self, run_id: str) -> None:
        self._call(runs.RestoreRun(run_id=run_id))

    # What runs log

    def log_metric(
        self, run_id: str, key: str, value: float, timestamp: int | None = None, step: int | None = None
    ) -> None:
        point = _metric(entities.Metric(key, value, now() if timestamp is None else timestamp, step or 0))
        self._call(
            runs.LogMetric(run_id=run_id, key=point.key, value=point.value, timestamp=point.timestamp, step=point.step)
        )

    def log_param(self, run_id: str, key: str, value: Any) -> Any:
        self._call(runs.LogParam(run_id=run_id, key=check_key(key, "param"), value=to_param(key, value)))
        return value

    def set_tag(self, run_id: str, key: str, value: Any) -> None:
        self._call(runs.SetTag(run_id=run_id, key=check_key(key, "tag"), value=to_tag(key, value)))

    def delete_tag(self, run_id: str, key: str) -> None:
        self._call(runs.DeleteTag(run_id=run_id, key=key))

    def log_batch(
        self,
        run_id: str,
        metrics: Sequence[entities.Metric] = (),
        params: Sequence[entities.Param] = (),
        tags: Sequence[entities.RunTag] = (),
    ) -> None:
        """All of them or, if one is refused, none."""
        request = runs.LogBatch(
            run_id=run_id,
            metrics=[_metric(point) for point in metrics],
            params=[runs.Param(key=p.key, value=to_param(p.key, p.value)) for p in params],
            tags=[experiments.Tag(key=tag.key, value=to_tag(tag.key, tag.value)) for tag in tags],
        )
        self._call(request)

    def log_inputs(self, run_id: str, datasets: Sequence[entities.DatasetInput] = ()) -> None:
        self._call(runs.LogInputs(run_id=run_id, datasets=[_input(entry) for entry in datasets]))

    def get_metric_history(self, run_id: str, key: str) -> list[entities.Metric]:
        """All points of a metric."""
        points: list[entities.Metric] = []
        token: str | None = None
        while True:
            found = self._call(metrics.GetMetricHistory(run_id=run_id, metric_key=key, page_token=token))
            points += [convert.metric(point) for point in found.metrics]
            token = found.next_page_token
            if not token:
                return points

    # Artifacts

    def list_artifacts(self, run_id: str, path: str | None = None) -> list[entities.FileInfo]:
        """The entries of a folder among the run's artifacts, the root if none is given."""
        return [convert.file(entry) for entry in self._artifacts(run_id).list(path or "")]

    def download_artifacts(self, run_id: str, path: str = "", dst_path: str | None = None) -> str:
        """Copy a file or a folder to ``dst_path`` (a new temporary folder if none is given); the local path."""
        store = self._artifacts(run_id)
        target = Path(dst_path) if dst_path else Path(tempfile.mkdtemp(prefix="solvent-"))
        target.mkdir(parents=True, exist_ok=True)
        entries = store.list(path)
        if entries or not path:
            _download(store, [entry.path for entry in entries if not entry.is_dir], target)
            for folder in [entry.path for entry in entries if entry.is_dir]:
                self.download_artifacts(run_id, folder, str(target))
        else:
            _download(store, [check_artifact_path(path)], target)
        return str((target / path) if path else target)

    def log_artifact(self, run_id: str, local_path: str | os.PathLike[str], artifact_path: str | None = None) -> None:
        file = Path(local_path)
        if file.is_dir():
            return self.log_artifacts(run_id, file, f"{artifact_path}/{file.name}" if artifact_path else file.name)
        name = f"{artifact_path}/{file.name}" if artifact_path else file.name
        self._artifacts(run_id).write_file(check_artifact_path(name), file)
        return None

    def log_artifacts(self, run_id: str, local_dir: str | os.PathLike[str], artifact_path: str | None = None) -> None:
        store = self._artifacts(run_id)
        for file, name in files_below(Path(local_dir), artifact_path):
            store.write_file(name, file)

    def log_text(self, run_id: str, text: str, artifact_file: str) -> None:
        self._write(run_id, artifact_file, text.encode())

    def log_dict(self, run_id: str, dictionary: Any, artifact_file: str) -> None:
        """As YAML if the name ends in .yaml or .yml, else as JSON."""
        self._write(run_id, artifact_file, dict_bytes(dictionary, artifact_file))

    def log_figure(self, run_id: str, figure: Any, artifact_file: str, *, save_kwargs: Any = None) -> None:
        """A Matplotlib or Plotly figure, in the format that the name ends in."""
        self._write(run_id, artifact_file, figure_bytes(figure, artifact_file, save_kwargs))

    def log_image(self, run_id: str, image: Any, artifact_file: str) -> None:
        """A PIL image or an array of shape (height, width[, 1|3|4])."""
        self._write(run_id, artifact_file, image_bytes(image, artifact_file))

    def _write(self, run_id: str, path: str, content: bytes) -> None:
        self._artifacts(run_id).write(check_artifact_path(path), io.BytesIO(content))

    def _artifacts(self, run_id: str) -> ArtifactStore:
        uri = self._call(runs.GetRun(run_id=run_id)).run.info.artifact_uri
        return self._backend.artifacts(uri)

    def _call(self, request: Request[R]) -> R:
        session.flush(self._address)
        return self._backend.call(request)

    @property
    def _backend(self) -> Backend:
        return connections.backend_of(self._address)


def _download(store: ArtifactStore, paths: list[str], target: Path) -> None:
    for path in paths:
        local = target / check_artifact_path(path)
        local.parent.mkdir(parents=True, exist_ok=True)
        with local.open("wb") as file:
            for chunk in store.read(path):
                file.write(chunk)


def _metric(point: entities.Metric) -> metrics.Metric:
    return metrics.Metric(
        key=check_key(point.key, "metric"),
        value=to_number(to_float(point.key, point.value)),
        timestamp=to_int(point.timestamp, "timestamp"),
        step=to_int(point.step, "step"),
    )


def _input(entry: entities.DatasetInput) -> datasets.DatasetInput:
    tags = [experiments.Tag(key=key, value=value) for key, value in entry.tags.items()]
    return datasets.DatasetInput(dataset=datasets.Dataset(**dataset_fields(entry.dataset)), tags=tags)


def _tags(tags: Mapping[str, Any] | None) -> list[experiments.Tag] | None:
    return [experiments.Tag(key=key, value=to_tag(key, value)) for key, value in tags.items()] if tags else None
