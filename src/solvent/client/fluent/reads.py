"""The fluent functions that ask: what this process has logged is delivered first, so that they see it."""

from __future__ import annotations

from typing import Any

from solvent.client.client import Client
from solvent.client.entities import Experiment, Run
from solvent.client.fluent.experiments import DEFAULT_EXPERIMENT_ID, experiment_here
from solvent.client.fluent.runs import current_run
from solvent.client.views import ViewType
from solvent.errors import InvalidInput

MAX_RUNS = 100_000
PAGE = 1_000


def get_run(run_id: str) -> Run:
    """A run as it is now.

    Raises:
        NotFound: there is none of that id.
    """
    return Client().get_run(run_id)


def get_parent_run(run_id: str) -> Run | None:
    """The run that a nested one belongs to, or None."""
    return Client().get_parent_run(run_id)


def search_runs(
    experiment_ids: list[str] | None = None,
    filter_string: str = "",
    run_view_type: int | str = ViewType.ACTIVE_ONLY,
    max_results: int = MAX_RUNS,
    order_by: list[str] | None = None,
    output_format: str | None = None,
    search_all_experiments: bool = False,
    experiment_names: list[str] | None = None,
) -> Any:
    """Runs of the given experiments, of the current one if none is given.

    Args:
        output_format: ``"pandas"`` for a data frame, ``"list"`` for a list of ``Run``. By default a
            data frame if pandas is installed, as in MLflow, else a list.
    """
    if output_format not in (None, "pandas", "list"):
        raise InvalidInput(f"Unsupported output format: {output_format}. Supported are 'pandas' and 'list'")
    if experiment_ids and experiment_names:
        raise InvalidInput("Only experiment_ids or experiment_names can be used, but not both")
    client = Client()
    runs: list[Run] = []
    token: str | None = None
    ids = _experiment_ids(client, experiment_ids, experiment_names, everywhere=search_all_experiments)
    while ids and len(runs) < max_results:
        page = client.search_runs(
            ids, filter_string, run_view_type, min(PAGE, max_results - len(runs)), order_by, token
        )
        runs += page
        token = page.token
        if not token:
            break
    if output_format == "list":
        return runs
    try:
        from solvent.client.fluent.frames import frame_of
    except ImportError:
        if output_format is None:
            return runs
        raise InvalidInput("output_format='pandas' needs pandas: pip install pandas, or ask for 'list'") from None
    return frame_of(runs)


def search_experiments(
    view_type: int | str = ViewType.ACTIVE_ONLY,
    max_results: int | None = None,
    filter_string: str | None = None,
    order_by: list[str] | None = None,
) -> list[Experiment]:
    """The experiments that match, all of them if no number is given."""
    client = Client()
    found: list[Experiment] = []
    token: str | None = None
    while max_results is None or len(found) < max_results:
        size = PAGE if max_results is None else min(PAGE, max_results - len(found))
        page = client.search_experiments(view_type, size, filter_string, order_by, token)
        found += page
        token = page.token
        if not token:
            break
    return found


def get_experiment(experiment_id: str) -> Experiment:
    """The experiment of that id.

    Raises:
        NotFound: there is none.
    """
    return Client().get_experiment(experiment_id)


def get_experiment_by_name(name: str) -> Experiment | None:
    """The experiment of that name, or None."""
    return Client().get_experiment_by_name(name)


def create_experiment(name: str, artifact_location: str | None = None, tags: dict[str, Any] | None = None) -> str:
    """A new experiment; its id."""
    return Client().create_experiment(name, artifact_location, tags)


def delete_experiment(experiment_id: str) -> None:
    """Move an experiment with its runs to the trash."""
    Client().delete_experiment(experiment_id)


def restore_experiment(experiment_id: str) -> None:
    """Bring an experiment back from the trash."""
    Client().restore_experiment(experiment_id)


def delete_run(run_id: str) -> None:
    """Move a run to the trash."""
    Client().delete_run(run_id)


def restore_run(run_id: str) -> None:
    """Bring a run back from the trash."""
    Client().restore_run(run_id)


def set_experiment_tag(key: str, value: Any) -> None:
    """A tag of the current experiment."""
    Client().set_experiment_tag(_current_experiment(Client()), key, value)


def get_artifact_uri(artifact_path: str | None = None) -> str:
    """The address of the active run's artifacts, or of one of them."""
    root = Client().get_run(current_run().info.run_id).info.artifact_uri or ""
    return f"{root}/{artifact_path}" if artifact_path else root


def _experiment_ids(client: Client, ids: list[str] | None, names: list[str] | None, *, everywhere: bool) -> list[str]:
    if ids:
        return [str(entry) for entry in ids]
    if names:
        found = {name: client.get_experiment_by_name(name) for name in names}
        if missing := [name for name, experiment in found.items() if experiment is None]:
            raise InvalidInput(f"no experiment has the name {', '.join(repr(name) for name in missing)}")
        return [experiment.experiment_id for experiment in found.values() if experiment is not None]
    if everywhere:
        return [experiment.experiment_id for experiment in search_experiments()]
    return [_current_experiment(client)]


def _current_experiment(client: Client) -> str:
    """The id of the experiment that new runs go to."""
    name, number = experiment_here()
    if name is not None:
        found = client.get_experiment_by_name(name)
        return found.experiment_id if found is not None else client.create_experiment(name)
    return number or DEFAULT_EXPERIMENT_ID
