"""Where to log to: the tracking URI and the experiment."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import TypeVar

from solvent.client.destination import is_server
from solvent.client.entities import Experiment
from solvent.client.process.session import session
from solvent.client.say import say
from solvent.errors import AlreadyExists, InvalidInput, Unavailable

T = TypeVar("T")

DEFAULT_EXPERIMENT_ID = "0"
LOOKUP_SECONDS = 5.0


def set_tracking_uri(uri: str) -> None:
    """Log to a folder, a ``.db`` file, ``sqlite:///path.db`` or ``http(s)://host:port`` from the next run on.

    An empty text means the environment's (``SOLVENT_TRACKING_URI``, ``MLFLOW_TRACKING_URI``) or the default again.
    """
    session.set_uri(uri)


def get_tracking_uri() -> str:
    """Where new runs are logged to, without credentials."""
    return session.address


def set_experiment(experiment_name: str | None = None, experiment_id: str | None = None) -> Experiment:
    """Log to this experiment from the next run on; made if there is none of that name.

    A server that can't be reached within seconds is not waited for: the experiment is then made when
    the records are delivered.

    Raises:
        InvalidInput: it is deleted.
        NotFound: there is none of that id.
    """
    if (experiment_name is None) == (experiment_id is None):
        raise InvalidInput("set_experiment takes either an experiment_name or an experiment_id")
    given = Experiment(experiment_id or "", experiment_name or "")
    try:
        found = _within(LOOKUP_SECONDS, lambda: _look_up(experiment_name, experiment_id))
    except Unavailable as error:
        say(f"the experiment '{experiment_name or experiment_id}' could not be looked up, logging goes on: {error}")
        session.experiment = given
        return given
    if found.lifecycle_stage == "deleted":
        raise InvalidInput(
            f"Cannot set a deleted experiment '{found.name}' as the active experiment. You can restore the experiment, "
            "or permanently delete the experiment to create a new one."
        )
    session.experiment = found
    return found


def experiment_here(given: str | int | None = None) -> tuple[str | None, str | None]:
    """The name or the id of the experiment that holds here; the other one is None."""
    if given is not None:
        return None, str(given)
    active = session.experiment
    if active is not None:
        return (None, active.experiment_id) if active.experiment_id else (active.name, None)
    environment = os.environ
    if name := environment.get("SOLVENT_EXPERIMENT_NAME") or environment.get("MLFLOW_EXPERIMENT_NAME"):
        return name, None
    return None, (
        environment.get("SOLVENT_EXPERIMENT_ID") or environment.get("MLFLOW_EXPERIMENT_ID") or DEFAULT_EXPERIMENT_ID
    )


def _look_up(name: str | None, experiment_id: str | None) -> Experiment:
    from solvent.client.client import Client

    client = Client()
    if name is None:
        assert experiment_id is not None
        return client.get_experiment(experiment_id)
    found = client.get_experiment_by_name(name)
    if found is None:
        try:
            return client.get_experiment(client.create_experiment(name))
        except AlreadyExists:  # another process was faster
            found = client.get_experiment_by_name(name)
    if found is None:
        raise Unavailable(f"the experiment '{name}' appears and disappears")
    return found


def _within(seconds: float, ask: Callable[[], T]) -> T:
    """The answer of a server if it comes in time; an embedded store is asked directly."""
    if not is_server(session.address):
        return ask()
    outcome: list[T | BaseException] = []

    def run() -> None:
        try:
            outcome.append(ask())
        except BaseException as error:
            outcome.append(error)

    thread = threading.Thread(target=run, name="solvent-lookup", daemon=True)
    thread.start()
    thread.join(seconds)
    if not outcome:
        raise Unavailable(f"{session.address} did not answer within {seconds:g} s")
    if isinstance(outcome[0], BaseException):
        raise outcome[0]
    return outcome[0]
