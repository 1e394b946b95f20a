"""Searches for params: what they found, and a child run for each of the best candidates."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from numbers import Number
from typing import Any

from solvent.client.autolog.options import Options
from solvent.client.autolog.params import log_shortened
from solvent.client.autolog.watching import AUTOLOGGING, guarded
from solvent.client.entities import Dataset
from solvent.client.fluent.logging import log_input, log_metrics, log_text
from solvent.client.fluent.runs import start_run


def is_search(estimator: Any) -> bool:
    from sklearn.model_selection._search import BaseSearchCV

    return isinstance(estimator, BaseSearchCV)


def log_search(options: Options, search: Any, data: Sequence[Dataset]) -> None:
    with guarded(options, "the best candidate"):
        if hasattr(search, "best_score_"):
            log_metrics({"best_cv_score": search.best_score_})
        if hasattr(search, "best_params_"):
            log_shortened({f"best_{key}": value for key, value in search.best_params_.items()})
    with guarded(options, "the results of the search"):
        log_text(as_csv(search.cv_results_), "cv_results.csv")
    with guarded(options, "the candidates of the search"):
        for place in best_places(search.cv_results_, options.max_tuning_runs):
            _log_candidate(search, place, data)


def as_csv(results: dict[str, Any]) -> str:
    """One row per candidate; what does not apply to it is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(results)
    columns = [column.tolist() if hasattr(column, "tolist") else column for column in results.values()]
    writer.writerows(zip(*columns, strict=True))
    return text.getvalue()


def best_places(results: dict[str, Any], limit: int | None) -> list[int]:
    """The places of the best candidates, by the first metric if there are several."""
    ranks = results.get("rank_test_score")
    if ranks is None:
        ranks = next(column for name, column in results.items() if name.startswith("rank_test_"))
    places = range(len(ranks))
    return list(places) if limit is None else sorted(places, key=lambda place: int(ranks[place]))[:limit]


def _log_candidate(search: Any, place: int, data: Sequence[Dataset]) -> None:
    seed = search.estimator
    kind = type(seed)
    tags = {
        AUTOLOGGING: "sklearn",
        "estimator_name": kind.__name__,
        "estimator_class": f"{kind.__module__}.{kind.__name__}",
    }
    with start_run(nested=True, tags=tags, log_system_metrics=False):
        log_shortened(seed.get_params(deep=not is_search(seed)) | search.cv_results_["params"][place])
        log_metrics(
            {
                name: float(column[place])
                for name, column in search.cv_results_.items()
                if not name.startswith(("param", "split")) and isinstance(column[place], Number)
            }
        )
        for one in data:
            log_input(one, "train")
