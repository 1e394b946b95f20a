"""Which runs, models and pipelines were built with contracts that are no longer the current ones (decision 0016)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from solvent.search.token import decode_token, encode_token, fingerprint
from solvent.store import datasets_uses, run_parts
from solvent.store.operations import reads
from solvent.store.transaction import Transaction
from solvent.tracking.run_models import run_models
from solvent.tracking.search_request import limit
from solvent.wire.contracts import ContractUse, ListContractUses, ListContractUsesResponse
from solvent.wire.datasets import MadeVersion, UsedModel

DEFAULT_PAGE = 100
_ENTRY_POINT, _SOURCE = "mlflow.project.entryPoint", "mlflow.source.name"


@reads(ListContractUses)
def list_contract_uses(tx: Transaction, request: ListContractUses) -> ListContractUsesResponse:
    size, query = limit(request.max_results, DEFAULT_PAGE), fingerprint("contract uses")
    before = int(decode_token(request.page_token, query, 1)[0]) if request.page_token else datasets_uses.NEWEST
    found = datasets_uses.of_contracts(tx, before, size + 1)
    token = encode_token(query, [found[size - 1][0]]) if len(found) > size else None
    row_ids = [row_id for row_id, _ in found[:size]]
    described = run_models(tx, row_ids)
    tags = run_parts.tags(tx, msgspec.json.encode(row_ids).decode(), [_ENTRY_POINT, _SOURCE])
    uses = []
    for row_id, contracts in found[:size]:
        own = {tag.key: tag.value for tag in tags.get(row_id, [])}
        entry_point, source = own.get(_ENTRY_POINT), own.get(_SOURCE)
        uses.append(ContractUse(**described[row_id], contracts=contracts, entry_point=entry_point, source=source))
    return ListContractUsesResponse(uses=uses, next_page_token=token)


class Held(msgspec.Struct, frozen=True):
    """One entry of a run's tag: the contract that data was held against, and what came of it."""

    id: str
    version: str
    digest: str
    path: str = ""
    outcome: Literal["passed", "failed", "warned"] = "passed"


class Current(msgspec.Struct, frozen=True):
    """A contract as its file says now."""

    id: str
    version: str
    digest: str
    path: str


class OutdatedRun(msgspec.Struct, frozen=True):
    """A run, and what was made from it, with a contract that is no longer the current one."""

    run_id: str
    run_name: str
    experiment_id: str
    start_time: int | None
    contract: Held
    current: Current
    models: list[UsedModel] = []
    model_versions: list[MadeVersion] = []


class OutdatedPipeline(msgspec.Struct, frozen=True):
    """An entry point whose newest run had a contract that is no longer the current one."""

    source: str
    entry_point: str
    run_id: str
    contract: Held
    current: Current


class LeftContract(msgspec.Struct, frozen=True):
    """A contract that data has left: the newest check against it failed, in this run."""

    contract: Held
    run_id: str
    start_time: int | None


class Verdict(msgspec.Struct, frozen=True):
    """``elsewhere``: ids of contracts that runs were held against and that are not among the current ones.

    ``unreadable``: runs whose tag is not what a check writes.
    """

    pipelines: list[OutdatedPipeline]
    runs: list[OutdatedRun]
    left: list[LeftContract]
    elsewhere: list[str]
    unreadable: list[str]
    looked_at: int


def judge(uses: Iterable[ContractUse], current: Mapping[str, Current]) -> Verdict:
    """Compare runs, newest first, with the current contracts by id."""
    verdict = Verdict([], [], [], [], [], 0)
    pipelines: set[tuple[str, str, str]] = set()
    judged: set[str] = set()
    elsewhere: set[str] = set()
    looked_at = 0
    for use in uses:
        looked_at += 1
        try:
            held = msgspec.json.decode(use.contracts, type=list[Held])
        except (msgspec.MsgspecError, UnicodeEncodeError):
            verdict.unreadable.append(use.run_id)
            continue
        for each in held:
            now = current.get(each.id)
            if now is None:
                elsewhere.add(each.id)
                continue
            _add(verdict, use, each, now, first=each.id not in judged)
            place = (use.source or "", use.entry_point or "", each.id)
            if each.digest != now.digest and place not in pipelines and any(place[:2]):
                verdict.pipelines.append(OutdatedPipeline(*place[:2], use.run_id, each, now))
            pipelines.add(place)
        judged.update(each.id for each in held)
    return msgspec.structs.replace(verdict, elsewhere=sorted(elsewhere), looked_at=looked_at)


def _add(verdict: Verdict, use: ContractUse, held: Held, now: Current, *, first: bool) -> None:
    """``first``: no newer run was held against this contract."""
    if first and held.outcome == "failed":
        verdict.left.append(LeftContract(held, use.run_id, use.start_time))
    if held.digest != now.digest:
        verdict.runs.append(
            OutdatedRun(
                *(use.run_id, use.run_name, use.experiment_id, use.start_time),
                *(held, now, use.models_made, use.model_versions),
            )
        )
