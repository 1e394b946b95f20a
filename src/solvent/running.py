"""Running projects with an address to log to: what the command line and Python share."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from solvent.errors import SolventError

if TYPE_CHECKING:
    from solvent.backend.protocol import Backend
    from solvent.projects.closing import Result
    from solvent.projects.variables import Tracking

_delivering = threading.Lock()


class RunFailed(SolventError):
    """A project that ``solvent.run`` has run did not succeed; ``result`` says more."""

    def __init__(self, message: str, result: Result) -> None:
        super().__init__(message)
        self.result = result


def run(
    uri: str,
    entry_point: str = "main",
    parameters: Mapping[str, Any] | None = None,
    *,
    version: str | None = None,
    experiment_name: str | None = None,
    experiment_id: str | None = None,
    run_name: str | None = None,
    run_id: str | None = None,
    env_manager: str = "uv",
    backend: str = "local",
    backend_config: str | None = None,
    storage_dir: str | None = None,
    yes: bool = False,
    check: bool = True,
) -> Result:
    """Run a project to its end, as ``solvent run`` does. Within a run it becomes a child of that run.

    Args:
        uri: the project's folder, or another address that ``solvent run`` takes.
        parameters: values by name; texts, numbers and bools.
        version: of a git project: a branch, a tag or a commit.
        run_id: an existing run to go on with.
        storage_dir: where remote data of path parameters is downloaded to.
        yes: run a project that came over the network; nobody is asked here, so that it is refused otherwise.
        check: False returns the result of a run that failed instead of raising.

    Returns:
        ``run_id``, ``status`` (FINISHED, FAILED or KILLED) and ``succeeded``.

    Raises:
        InvalidProject, InvalidParameters: it can't start, and no run was made.
        RunFailed: it failed, and ``check`` is set.
    """
    from solvent.backend.resolve import connect
    from solvent.client.fluent.runs import active_run
    from solvent.client.process.session import session
    from solvent.projects.backends.registry import find_backend
    from solvent.projects.launch import Options, launch
    from solvent.projects.opening import Place
    from solvent.projects.plan import plan_run

    given = {name: _text(value) for name, value in (parameters or {}).items()}
    plan = plan_run(
        uri,
        entry_point=entry_point,
        given=given,
        origins=dict.fromkeys(given, "Python"),
        version=version,
        ask=lambda _text: yes,
    )
    active = active_run()
    place = Place(
        experiment_name=experiment_name,
        experiment_id=experiment_id or (active.info.experiment_id if active and not experiment_name else None),
        run_name=run_name,
        run_id=run_id,
        parent_run_id=active.info.run_id if active else None,
    )
    options = Options(
        place=place,
        env_manager=env_manager,
        runner=find_backend(backend, backend_config),
        after_child=deliver_leftovers,
        storage=Path(storage_dir) if storage_dir is not None else None,
    )
    store = connect(session.uri)
    try:
        with tracking_for(store, session.uri) as tracking:
            result = launch(store, plan, tracking, options)
    finally:
        store.close()
        if plan.source is not None:
            plan.source.discard()
    return _checked(result, check)


@contextmanager
def tracking_for(backend: Backend, given: str | None) -> Iterator[Tracking]:
    """Where a command logs to: our own server on this machine for an embedded store, which is named too, else the
    server itself."""
    from solvent.backend.embedded import EmbeddedBackend
    from solvent.projects.variables import Tracking
    from solvent.settings import tracking_uri

    if isinstance(backend, EmbeddedBackend):
        from solvent.server.loopback import Loopback

        with Loopback(backend) as loopback:
            yield Tracking(loopback.url, backend.store.path)
    else:
        yield Tracking(tracking_uri(given) or backend.uri)


def deliver_leftovers() -> None:
    """What a command logged and had no time to send, because it was killed."""
    from solvent.settings import writable_home

    home: Path = writable_home()
    spool = home / "spool"
    if spool.is_dir() and any(spool.iterdir()):
        from solvent.client.spool.sync import sync

        with _delivering:  # runs of a sweep end side by side
            sync(home)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _checked(result: Result, check: bool) -> Result:
    passed = result.outcome.passed_signal if result.outcome is not None else None
    if passed is not None and threading.current_thread() is threading.main_thread():
        signal.raise_signal(passed)  # it was meant for this process too
    if check and not result.succeeded:
        reason = f": {result.problem}" if result.problem else ""
        if result.outcome is not None and not reason:
            lines = [line for line in (result.outcome.last_errors or result.outcome.last_lines) if line.strip()]
            reason = f" with code {result.outcome.code}" + (f": {lines[-1].strip()}" if lines else "")
        raise RunFailed(f"run {result.run_id} of the project {result.status.lower()}{reason}", result)
    return result
