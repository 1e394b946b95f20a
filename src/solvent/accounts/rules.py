"""What every request needs: the one table that says who may ask what.

A request without a row here is refused when people are asked who they are. A test proves that
every route has one; a new request takes its row in the same commit.

Reading takes the role reader, changing writer; what can't be taken back, and what decides who may
do what, takes admin.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from solvent.accounts import tokens
from solvent.accounts.demands import ADMIN, READER, WRITER, In, NewPlace, Oneself, ServerAdmin
from solvent.accounts.files import READ_FILES, WRITE_FILES, ReadFiles, WriteFiles
from solvent.accounts.narrow import narrowed
from solvent.accounts.places import (
    Rule,
    both,
    experiment,
    experiment_by_name,
    in_experiment,
    in_logged_models,
    in_model,
    in_runs,
    ingested,
    logged_model,
    logged_models,
    model,
    run,
    runs_of,
)
from solvent.registry import model_uris
from solvent.store import views as saved_views
from solvent.store.transaction import Transaction
from solvent.wire import (
    accounts,
    aggregates,
    artifacts,
    changes,
    compare,
    contracts,
    datasets,
    experiments,
    gates,
    ingest,
    metrics,
    model_files,
    model_history,
    models,
    notes,
    registry,
    registry_moves,
    runs,
    trash,
    views,
    webhooks,
)
from solvent.wire.base import Request


def everybody(_: Transaction, __: Request[Any]) -> Iterator[In]:
    """Whoever is known; what the answer shows is narrowed to what may be read where it is put together."""
    return iter(())


def anybody(_: Transaction, __: Request[Any]) -> Iterator[In]:
    """Also whoever has not said who they are."""
    return iter(())


def _server_admin(why: str) -> Rule:
    def rule(_: Transaction, __: Request[Any]) -> Iterator[ServerAdmin]:
        yield ServerAdmin(why)

    return rule


def _new_place(_: Transaction, __: Request[Any]) -> Iterator[NewPlace]:
    yield NewPlace()


def _new_experiment(_: Transaction, request: experiments.CreateExperiment) -> Iterator[NewPlace | ServerAdmin]:
    """A location of one's own could lie among the files of others."""
    yield NewPlace()
    if request.artifact_location:
        yield ServerAdmin("an experiment's artifact_location decides which files are its own")


def _source(tx: Transaction, request: registry.CreateModelVersion) -> Iterator[In]:
    """A version shows where its files come from, so that must be readable."""
    yield from run(READER)(tx, request)
    yield from in_logged_models(tx, READER, [request.model_id])
    uri = model_uris.parse(request.source or "")
    if uri is not None and uri.name:
        yield in_model(tx, READER, uri.name)
    elif uri is not None:
        yield from in_logged_models(tx, READER, [uri.model_id])


def _experiment_if_any(_: Transaction, request: views.CreateView | views.ListViews) -> Iterator[In]:
    if request.experiment_id:
        yield in_experiment(READER, request.experiment_id)


def _experiment_of_view(tx: Transaction, request: Any) -> Iterator[In]:
    """Whose view it is counts too; the use case looks at that."""
    view = saved_views.by_uuid(tx, request.view_id or "")
    if view is not None and view.experiment_id:
        yield in_experiment(READER, view.experiment_id)


def _own(field: str) -> Rule:
    """To be the user of a field; without it, oneself."""

    def rule(tx: Transaction, request: Any) -> Iterator[Oneself]:
        yield Oneself(getattr(request, field) or tx.actor)

    return rule


def _own_token(tx: Transaction, request: accounts.RevokeToken) -> Iterator[Oneself]:
    yield Oneself(tokens.find(tx, request.token_id).user)


def _granted_place(tx: Transaction, request: Any) -> Iterator[In]:
    """Both places, if both are named: the use case refuses that."""
    if request.experiment_id is not None:
        yield in_experiment(ADMIN, request.experiment_id)
    if request.model is not None:
        yield in_model(tx, ADMIN, request.model)


def _listed_grants(tx: Transaction, request: accounts.ListGrants) -> Iterator[Any]:
    if request.experiment_id is not None or request.model is not None:
        yield from _granted_place(tx, request)
    else:
        yield Oneself(request.user or "")


def _moves(tx: Transaction, request: Any) -> Iterator[In]:
    """Who goes past a gate takes on more than who passes it."""
    yield in_model(tx, ADMIN if request.override else WRITER, request.name or "")


def _resolved(tx: Transaction, request: model_files.ResolveModel) -> Iterator[In]:
    uri = model_uris.parse(request.uri or "")
    if uri is not None and uri.name:
        yield in_model(tx, READER, uri.name)
    elif uri is not None:
        yield from in_logged_models(tx, READER, [uri.model_id])
    elif (request.uri or "").startswith("runs:/"):
        yield from in_runs(tx, READER, [(request.uri or "").removeprefix("runs:/").partition("/")[0]])


_GATES = _server_admin("gates decide what may go to production")
_USERS = _server_admin("users are looked after by admins of the server")
_TRASH = _server_admin("what is removed from the trash can't be brought back")
_WEBHOOKS = _server_admin("webhooks carry what happens to all models")

RULES: dict[type[Request[Any]], Rule] = {
    # experiments
    experiments.CreateExperiment: _new_experiment,
    experiments.GetExperiment: experiment(READER),
    experiments.GetExperimentByName: experiment_by_name(READER),
    experiments.SearchExperiments: everybody,
    datasets.SearchDatasets: narrowed,
    experiments.UpdateExperiment: experiment(WRITER),
    experiments.DeleteExperiment: experiment(ADMIN),
    experiments.RestoreExperiment: experiment(ADMIN),
    experiments.SetExperimentTag: experiment(WRITER),
    experiments.DeleteExperimentTag: experiment(WRITER),
    notes.GetExperimentNote: experiment(READER),
    notes.SaveExperimentNote: experiment(WRITER),
    # runs
    runs.CreateRun: experiment(WRITER),
    runs.UpdateRun: run(WRITER),
    runs.GetRun: run(READER),
    runs.DeleteRun: run(WRITER),
    runs.RestoreRun: run(WRITER),
    runs.LogMetric: both(run(WRITER), logged_model(WRITER)),
    runs.LogParam: run(WRITER),
    runs.SetTag: run(WRITER),
    runs.DeleteTag: run(WRITER),
    runs.LogBatch: both(run(WRITER), logged_models(WRITER, "metrics")),
    runs.LogRunModel: run(WRITER),
    runs.LogInputs: both(run(WRITER), logged_models(READER, "models")),
    runs.LogOutputs: both(run(WRITER), logged_models(READER, "models")),
    runs.SearchRuns: narrowed,
    runs.CountRuns: narrowed,
    runs.ListKeys: narrowed,
    aggregates.AggregateRuns: narrowed,
    runs.GetMetricSummaries: run(READER),
    compare.CompareRuns: runs_of(READER),
    notes.GetRunNote: run(READER),
    notes.SaveRunNote: run(WRITER),
    ingest.Ingest: ingested(WRITER),
    changes.GetChanges: everybody,
    # data sets
    datasets.ListDatasets: everybody,
    datasets.ListDatasetVersions: everybody,
    datasets.GetDatasetVersion: everybody,
    datasets.ListDatasetUses: everybody,
    contracts.ListContractUses: everybody,
    # views
    views.CreateView: _experiment_if_any,
    views.ListViews: _experiment_if_any,
    views.GetView: _experiment_of_view,
    views.UpdateView: _experiment_of_view,
    views.DeleteView: _experiment_of_view,
    # metrics
    metrics.GetMetricHistory: run(READER),
    metrics.GetMetricHistoryBulk: runs_of(READER, "run_id"),
    metrics.GetMetricHistoryBulkInterval: runs_of(READER),
    metrics.GetMetricSlices: runs_of(READER),
    # files
    artifacts.ListArtifacts: run(READER),
    artifacts.ListLoggedModelArtifacts: logged_model(READER),
    ReadFiles: READ_FILES,
    WriteFiles: WRITE_FILES,
    # logged models
    models.CreateLoggedModel: both(experiment(WRITER), run(READER, "source_run_id")),
    models.GetLoggedModel: logged_model(READER),
    models.FinalizeLoggedModel: logged_model(WRITER),
    models.DeleteLoggedModel: logged_model(WRITER),
    models.SetLoggedModelTags: logged_model(WRITER),
    models.DeleteLoggedModelTag: logged_model(WRITER),
    models.LogLoggedModelParams: logged_model(WRITER),
    models.SearchLoggedModels: narrowed,
    # registered models and their versions
    registry.CreateRegisteredModel: _new_place,
    registry.RenameRegisteredModel: model(WRITER),
    registry.UpdateRegisteredModel: model(WRITER),
    registry.DeleteRegisteredModel: model(ADMIN),
    registry.GetRegisteredModel: model(READER),
    registry.SearchRegisteredModels: everybody,
    registry.GetLatestVersions: model(READER),
    registry.SetRegisteredModelTag: model(WRITER),
    registry.DeleteRegisteredModelTag: model(WRITER),
    registry.SetRegisteredModelAlias: _moves,
    registry.DeleteRegisteredModelAlias: model(WRITER),
    registry.GetModelVersionByAlias: model(READER),
    registry.CreateModelVersion: both(model(WRITER), _source),
    registry.UpdateModelVersion: model(WRITER),
    registry.TransitionModelVersionStage: _moves,
    registry.DeleteModelVersion: model(ADMIN),
    registry.GetModelVersion: model(READER),
    registry.SearchModelVersions: everybody,
    registry.GetModelVersionDownloadUri: model(READER),
    registry.SetModelVersionTag: model(WRITER),
    registry.DeleteModelVersionTag: model(WRITER),
    registry_moves.RollbackModel: _moves,
    model_files.ResolveModel: _resolved,
    model_history.GetModelHistory: model(READER),
    # gates, and what they ask for
    gates.ApplyGatePolicies: _GATES,
    gates.GetGatePolicies: everybody,
    gates.CheckGate: model(READER),
    gates.RecordEvidence: model(WRITER),
    gates.ListEvidence: model(READER),
    # webhooks
    webhooks.CreateWebhook: _WEBHOOKS,
    webhooks.ListWebhooks: _WEBHOOKS,
    webhooks.GetWebhook: _WEBHOOKS,
    webhooks.UpdateWebhook: _WEBHOOKS,
    webhooks.DeleteWebhook: _WEBHOOKS,
    webhooks.TestWebhook: _WEBHOOKS,
    # the trash
    trash.ListTrash: _TRASH,
    trash.ClaimTrash: _TRASH,
    trash.PurgeTrash: _TRASH,
    trash.SweepStore: _TRASH,
    trash.SweepUploads: _TRASH,
    # accounts
    accounts.CreateUser: _USERS,
    accounts.ListUsers: _USERS,
    accounts.UpdateUser: _USERS,
    accounts.DeleteUser: _USERS,
    accounts.ChangePassword: _own("name"),
    accounts.CreateToken: _own("user"),
    accounts.ListTokens: _own("user"),
    accounts.RevokeToken: _own_token,
    accounts.SetGrant: _granted_place,
    accounts.ListGrants: _listed_grants,
    accounts.DeleteGrant: _granted_place,
    accounts.GetSession: anybody,
    accounts.SignIn: anybody,
    accounts.SignOut: anybody,
}
