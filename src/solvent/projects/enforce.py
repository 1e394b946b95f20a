"""Holding a run's data against its contracts before the child starts, and keeping how that went."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from solvent.backend.protocol import Backend
from solvent.projects.contracts import ContractUse
from solvent.projects.errors import InvalidProject
from solvent.wire.contracts import INPUT_TAG, RUN_TAG
from solvent.wire.datasets import Dataset, DatasetInput
from solvent.wire.experiments import Tag
from solvent.wire.runs import LogInputs, Run, SetTag

if TYPE_CHECKING:
    from solvent.data.contract.check.report import Report
    from solvent.data.contract.model import Contract

SKIPPED = "solvent.contracts.skipped"
"""JSON list of the contracts that a run should have kept, and was told not to look at."""
_REPORT = "solvent/contracts"


@dataclass(frozen=True)
class Bound:
    """A contract that was read, and the data of this run that must keep it."""

    use: ContractUse
    contract: Contract
    data: str
    """As it is named: a path from the project's folder, or an absolute one."""
    source: str
    """Where it is."""


def bind(uses: Sequence[ContractUse], folder: Path, values: Mapping[str, str]) -> tuple[Bound, ...]:
    """Read the contracts, and find the data by the values of the parameters.

    Raises:
        InvalidProject: a contract's file is not there, or it has no such table.
        NotSupported: the extra [data] is not installed.
        InvalidContract: it is no contract.
    """
    if not uses:
        return ()
    from solvent.data.contract.check.source import choose_table, read_contract

    bound = []
    for use in uses:
        path = folder / use.contract
        if not path.is_file():
            raise InvalidProject(f"{use.where}: contract names {use.contract}, which is not there")
        contract = read_contract(path)
        choose_table(contract, use.table)
        data = use.data_for(values)
        bound.append(Bound(use, contract, data, data if "://" in data else str(folder / data)))
    return tuple(bound)


def enforce(backend: Backend, run: Run, bound: Sequence[Bound], say: Callable[[str], None]) -> str | None:
    """Check all data, keep the reports with the run, and refuse to go on if any contract is broken.

    Returns what the child's environment is told of it, so that its own checks add to the tag; None if there was
    nothing to check.

    Raises:
        ContractViolated: the run must not start.
    """
    if not bound:
        return None
    from solvent.data.contract.check.markdown import markdown
    from solvent.data.contract.check.plain import plain, summary
    from solvent.data.contract.check.violated import violated

    reports = [_report(one) for one in bound]
    outcomes = [summary(report, one.use.contract) for one, report in zip(bound, reports, strict=True)]
    backend.call(SetTag(run_id=run.info.run_id, key=RUN_TAG, value=json.dumps(outcomes, ensure_ascii=False)))
    inputs = [_input(one, report) for one, report in zip(bound, reports, strict=True) if Path(one.source).exists()]
    if inputs:
        backend.call(LogInputs(run_id=run.info.run_id, datasets=inputs))
    store = backend.artifacts(run.info.artifact_uri)
    store.write(f"{_REPORT}.json", io.BytesIO(json.dumps([plain(one) for one in reports], indent=2).encode()))
    store.write(f"{_REPORT}.md", io.BytesIO(markdown(reports).encode()))
    broken = [report for report in reports if report.verdict == "failed"]
    for report in reports:
        if report not in broken[:1]:  # the first is told by the error
            for line in str(report).splitlines():
                say(line)
    if broken:
        raise violated(broken[0])
    return json.dumps({"run_id": run.info.run_id, "contracts": outcomes}, ensure_ascii=False)


def skip(backend: Backend, run: Run, uses: Sequence[ContractUse], say: Callable[[str], None]) -> None:
    """Keep that the contracts were not looked at."""
    if uses:
        names = [use.contract for use in uses]
        say(f"Warning: not checked, as you asked: {', '.join(names)}")
        backend.call(SetTag(run_id=run.info.run_id, key=SKIPPED, value=json.dumps(names, ensure_ascii=False)))


def _report(bound: Bound) -> Report:
    import msgspec

    from solvent.data.contract.check.source import as_warnings, check_source, unreadable
    from solvent.data.errors import UnreadableData

    use = bound.use
    try:
        report = check_source(bound.source, bound.contract, table=use.table, examples=use.examples).report
    except UnreadableData as error:
        report = unreadable(bound.source, bound.contract, use.table, error)
    report = msgspec.structs.replace(report, data=bound.data)
    return as_warnings(report) if use.severity == "warning" else report


def _input(bound: Bound, report: Report) -> DatasetInput:
    """The data as an input of the run, called as ``log_input`` calls a file, with the contract that it was held against."""
    from solvent.data.fingerprint.paths import of_path

    path = Path(bound.source).absolute()
    found = of_path(path)
    dataset = Dataset(
        name=path.name,
        digest=found.short,
        source_type="local",
        source=json.dumps({"uri": str(path)}),
        profile=json.dumps({"num_bytes": found.size, "num_rows": report.rows}),
    )
    value = f"{report.contract}@{report.version}#{report.digest}"
    return DatasetInput(dataset=dataset, tags=[Tag(key=INPUT_TAG, value=value)])
