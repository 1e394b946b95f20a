"""W1-W4, W8, W11, W12: what servers need to keep what clients send, to start, and to remember."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from bench import processes, requests
from bench.context import Context
from bench.load import Script, load
from bench.measure import spend
from bench.servers import FASTTRACKML, KINDS, MLFLOW, Server, running
from bench.side_by_side import Line
from bench.window import Load

CALLS = Path(__file__).parents[1] / "scripts" / "deliver_mlflow.py"

Work = Callable[[Server], Load]


def rows(context: Context) -> Iterator[Line]:
    with ExitStack() as stack:
        servers = {kind: stack.enter_context(running(context, kind, context.empty())) for kind in KINDS}
        starts = {kind: [server] for kind, server in servers.items()}
        idle = {kind: processes.resident(server.pids()) for kind, server in servers.items()}
        yield from _syncs(context, servers)
        for clients, goals in ((1, {}), (8, _times(30, 8)), (32, _times(30, 8))):
            yield from _compared(context, servers, f"W1 log-metric, {_of(clients)}", _singles(context, clients), goals)
        for clients in (1, 8):
            work = _batches(context, clients, 100)
            yield from _compared(context, servers, f"W2 log-batch of 100, {_of(clients)}", work, _times(15, 6))
        work = _batches(context, 1, 1000)
        yield from _compared(context, servers, "W3 log-batch of 1,000, 1 client", work, _times(18, 9))
        for clients, goals in ((1, {}), (8, {MLFLOW: 8.0})):
            work = _life_cycles(context, clients)
            name = f"W4 run made, tagged and finished, {_of(clients)}"
            yield from _compared(context, servers, name, work, goals, requests_each=3)
        yield from _real_client(context, servers)
        loaded = {kind: processes.resident(server.pids()) for kind, server in servers.items()}
    yield from _starts(context, starts)
    note = "Proportional set size of all processes of the server; after load: after all rows above."
    yield Line("W11 memory, idle", "MB", idle, limit=90, note=note)
    yield Line("W11 memory, after load", "MB", loaded, limit=150, note=note)


def _times(mlflow: float, fasttrackml: float) -> dict[str, float]:
    return {MLFLOW: mlflow, FASTTRACKML: fasttrackml}


def _of(clients: int) -> str:
    return f"{clients} client{'s' if clients > 1 else ''}"


def _compared(
    context: Context,
    servers: Mapping[str, Server],
    name: str,
    work: Work,
    times: dict[str, float],
    requests_each: int = 1,
) -> Iterator[Line]:
    """Requests per second and processor time: medians of alternating windows."""
    windows: dict[str, list[Load]] = {kind: [] for kind in servers}
    for _ in range(context.windows):
        for kind, server in servers.items():
            windows[kind].append(work(server))
    per_second = {kind: statistics.median(each.per_second for each in loads) for kind, loads in windows.items()}
    spent = {kind: statistics.median(each.milliseconds for each in loads) for kind, loads in windows.items()}
    errors = {kind: sum(each.errors for each in loads) for kind, loads in windows.items()}
    note = "; ".join(f"{count} errors of {kind}" for kind, count in errors.items() if count)
    yield Line(name, "per s", {k: v / requests_each for k, v in per_second.items()}, more=True, times=times, note=note)
    yield Line(name, "processor ms", {k: v * requests_each for k, v in spent.items()}, times=times, note=note)
    for loads in windows.values():
        context.observe(loads)


def _singles(context: Context, clients: int) -> Work:
    return lambda server: _logged(server, clients, requests.Points.singles, context.window)


def _batches(context: Context, clients: int, size: int) -> Work:
    return lambda server: _logged(server, clients, lambda points: points.batches(size), context.window)


def _logged(server: Server, clients: int, script: Callable[[requests.Points], Script], seconds: float) -> Load:
    """Load by clients with a run each; afterwards the server must know the last point of each."""
    points = [requests.Points(requests.create_run(server)) for _ in range(clients)]
    done = load(server, [script(each) for each in points], seconds)
    for each in points:
        latest = requests.latest_step(server, each.run_id)
        if latest != each.step:
            raise RuntimeError(f"{server.kind} acknowledged step {each.step}, and its latest is {latest}")
    return done


def _life_cycles(context: Context, clients: int) -> Work:
    return lambda server: load(server, [requests.life_cycles() for _ in range(clients)], context.window, ahead=False)


def _syncs(context: Context, servers: Mapping[str, Server]) -> Iterator[Line]:
    found: dict[str, float] = {}
    for kind, server in servers.items():
        run = requests.Points(requests.create_run(server))
        report = context.empty() / "strace"
        counted = processes.syncs(server.pids(), partial(load, server, [run.singles()], 1.0), report)
        if counted is not None:
            found[kind] = counted
    note = "fsync and fdatasync, counted by strace." if found else "Not counted: strace is not installed."
    yield Line("W1 syncs per logged metric, 1 client", "syncs", found, note=note)


def _real_client(context: Context, servers: Mapping[str, Server]) -> Iterator[Line]:
    """The real MLflow client's synchronous log_metric, milliseconds of wall time per call."""
    taken: dict[str, list[float]] = {kind: [] for kind in servers}
    calls = 50 if context.quick else 200
    for _ in range(1 if context.quick else 3):
        for kind, server in servers.items():
            environment = context.environment(MLFLOW_TRACKING_URI=server.url, MLFLOW_DISABLE_TELEMETRY="true")
            spent = spend([context.mlflow_python, CALLS, str(calls)], context.empty(), environment)
            seconds = json.loads(spent.output.strip().splitlines()[-1])["seconds"]
            taken[kind].append(1000 * seconds / calls)
    medians = {kind: statistics.median(each) for kind, each in taken.items()}
    yield Line("W12 the real client, one log_metric", "wall ms", medians, times={MLFLOW: 3.0})


def _starts(context: Context, starts: dict[str, list[Server]]) -> Iterator[Line]:
    for _ in range(0 if context.quick else 2):
        for kind, known in starts.items():
            with running(context, kind, context.empty()) as server:
                known.append(server)
    wall = {kind: statistics.median(each.started_seconds for each in known) for kind, known in starts.items()}
    spent = {kind: statistics.median(each.started_processor for each in known) for kind, known in starts.items()}
    yield Line("W8 start to first answer, empty database", "wall s", wall, limit=0.6)
    yield Line("W8 start to first answer, empty database", "processor s", spent)
