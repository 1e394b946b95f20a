"""``solvent.check``: hold data against a contract, in a script or a notebook."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from solvent.data.contract.check.report import Report

VARIABLE = "SOLVENT_CONTRACTS"
"""What ``solvent run`` has checked before it started the script, and for which run, as JSON."""

_of_runs: dict[str, list[dict[str, str]]] = {}


def check(data: Any, contract: str | os.PathLike[str], table: str | None = None, *, examples: int = 3) -> Report:
    """Hold data against a contract, and stop if it breaks it.

    Every column and every rule of the contract ends in an outcome: passed, failed, or not checkable, which counts as
    failed. An active run keeps which contract its data was held against, and how that went.

    Args:
        data: a path (Parquet, CSV, JSON lines, Arrow; a folder or pattern of them), a pandas, Polars or Arrow frame,
            or a DuckDB file, whose table is called as the contract's.
        contract: the file of a contract, such as ``orders.odcs.yaml``.
        table: which of the contract's tables, if it has several.
        examples: rows that are shown for each rule that fails; 0 keeps values out of messages and reports.

    Raises:
        ContractViolated: a check of severity ``error`` failed; the message names columns, counts and rows, and
            ``error.report`` holds all outcomes.
        UnreadableData: the data can't be read as what it says it is.
        InvalidContract: the contract is missing or malformed.
    """
    from solvent.data.contract.check.plain import summary
    from solvent.data.contract.check.source import check_source, read_contract
    from solvent.data.contract.check.violated import violated

    report = check_source(data, read_contract(contract), table=table, examples=examples).report
    _keep(data, summary(report, os.fspath(contract)))
    if report.verdict == "failed":
        raise violated(report)
    return report


def _keep(data: Any, outcome: dict[str, str]) -> None:
    """Add an outcome to the tag of the active run, if there is one, and the data to its inputs."""
    from solvent.client.fluent.logging import log_input, set_tag
    from solvent.client.fluent.runs import active_run
    from solvent.errors import InvalidInput
    from solvent.wire.contracts import INPUT_TAG, RUN_TAG

    run = active_run()
    if run is None:
        return
    run_id = run.info.run_id
    if run_id not in _of_runs:
        before = json.loads(os.environ.get(VARIABLE) or "{}")
        _of_runs[run_id] = before["contracts"] if before.get("run_id") == run_id else []
    known = _of_runs[run_id]
    known[:] = [one for one in known if (one["id"], one["path"]) != (outcome["id"], outcome["path"])] + [outcome]
    set_tag(RUN_TAG, json.dumps(known, ensure_ascii=False))
    with suppress(InvalidInput):  # a lazy frame, a pattern, a query: they have no fingerprint
        log_input(data, tags={INPUT_TAG: "{id}@{version}#{digest}".format_map(outcome)}, profile=False)
