"""The endpoints under comparison: a good request of each, and what each of its fields is.

A text in capitals between angle brackets, such as ``<RUN>``, stands for an object of the world
(``world.py``), and ``<NAME>`` for a name that only this request uses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any


class Kind(Enum):
    """What a field holds, which decides the faults that are tried on it."""

    EXPERIMENT = auto()
    RUN = auto()
    NAME = auto()
    KEY = auto()
    TEXT = auto()
    NUMBER = auto()
    INTEGER = auto()
    LIST = auto()
    FILTER = auto()
    ORDER = auto()
    COUNT = auto()
    TOKEN = auto()
    VIEW = auto()
    STATUS = auto()


@dataclass(frozen=True)
class Field:
    """``limit``: the longest text that is accepted, where that is part of the contract."""

    kind: Kind
    good: Any
    limit: int | None = None


@dataclass(frozen=True)
class Endpoint:
    method: str
    path: str
    fields: dict[str, Field] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    def request(self) -> dict[str, Any]:
        """The good request."""
        return {name: each.good for name, each in self.fields.items()}


RUN = Field(Kind.RUN, "<RUN>")
WRITTEN = Field(Kind.RUN, "<WRITTEN RUN>")
EXPERIMENT = Field(Kind.EXPERIMENT, "<EXPERIMENT>")
EXPERIMENTS = Field(Kind.LIST, ["<EXPERIMENT>"])
KEY = Field(Kind.KEY, "<NAME>", 250)
TIME = Field(Kind.INTEGER, 1_700_000_000_000)
TAGS = Field(Kind.LIST, [{"key": "a", "value": "1"}])

ENDPOINTS = [
    Endpoint("POST", "experiments/create", {"name": Field(Kind.NAME, "<NAME>", 500), "tags": TAGS}),
    Endpoint("GET", "experiments/get", {"experiment_id": EXPERIMENT}),
    Endpoint("GET", "experiments/get-by-name", {"experiment_name": Field(Kind.NAME, "the experiment")}),
    Endpoint(
        "POST",
        "experiments/search",
        {
            "max_results": Field(Kind.COUNT, 5),
            "filter": Field(Kind.FILTER, "name LIKE 'the %'"),
            "order_by": Field(Kind.ORDER, ["name ASC"]),
            "view_type": Field(Kind.VIEW, "ALL"),
            "page_token": Field(Kind.TOKEN, None),
        },
    ),
    Endpoint(
        "POST",
        "experiments/update",
        {"experiment_id": Field(Kind.EXPERIMENT, "<RENAMED EXPERIMENT>"), "new_name": Field(Kind.NAME, "<NAME>", 500)},
    ),
    Endpoint(
        "POST",
        "experiments/set-experiment-tag",
        {"experiment_id": EXPERIMENT, "key": KEY, "value": Field(Kind.TEXT, "v", 5000)},
    ),
    Endpoint(
        "POST",
        "runs/create",
        {
            "experiment_id": Field(Kind.EXPERIMENT, "<WRITTEN EXPERIMENT>"),
            "user_id": Field(Kind.TEXT, "ada"),
            "run_name": Field(Kind.TEXT, "<NAME>"),
            "start_time": TIME,
            "tags": TAGS,
        },
    ),
    Endpoint("GET", "runs/get", {"run_id": RUN}),
    Endpoint(
        "POST",
        "runs/update",
        {
            "run_id": Field(Kind.RUN, "<UPDATED RUN>"),
            "status": Field(Kind.STATUS, "FINISHED"),
            "end_time": TIME,
            "run_name": Field(Kind.TEXT, "<NAME>"),
        },
    ),
    Endpoint(
        "POST",
        "runs/log-metric",
        {
            "run_id": WRITTEN,
            "key": KEY,
            "value": Field(Kind.NUMBER, 0.5),
            "timestamp": TIME,
            "step": Field(Kind.INTEGER, 3),
        },
    ),
    Endpoint("POST", "runs/log-parameter", {"run_id": WRITTEN, "key": KEY, "value": Field(Kind.TEXT, "v", 6000)}),
    Endpoint("POST", "runs/set-tag", {"run_id": WRITTEN, "key": KEY, "value": Field(Kind.TEXT, "v", 8000)}),
    Endpoint("POST", "runs/delete-tag", {"run_id": WRITTEN, "key": Field(Kind.KEY, "a tag to delete")}),
    Endpoint(
        "POST",
        "runs/log-batch",
        {
            "run_id": WRITTEN,
            "metrics": Field(Kind.LIST, [{"key": "<NAME>", "value": 1.5, "timestamp": 1_700_000_000_000, "step": 1}]),
            "params": Field(Kind.LIST, [{"key": "<NAME>", "value": "1"}]),
            "tags": Field(Kind.LIST, [{"key": "<NAME>", "value": "1"}]),
        },
    ),
    Endpoint(
        "POST",
        "runs/search",
        {
            "experiment_ids": EXPERIMENTS,
            "filter": Field(Kind.FILTER, "metrics.loss < 1 AND params.alpha = '0.5'"),
            "order_by": Field(Kind.ORDER, ["metrics.loss DESC"]),
            "run_view_type": Field(Kind.VIEW, "ACTIVE_ONLY"),
            "max_results": Field(Kind.COUNT, 10),
            "page_token": Field(Kind.TOKEN, None),
        },
    ),
    Endpoint(
        "GET",
        "metrics/get-history",
        {
            "run_id": RUN,
            "metric_key": Field(Kind.KEY, "loss"),
            "max_results": Field(Kind.COUNT, 3),
            "page_token": Field(Kind.TOKEN, None),
        },
    ),
    Endpoint("GET", "artifacts/list", {"run_id": RUN, "path": Field(Kind.TEXT, None)}),
    Endpoint(
        "POST",
        "runs/log-inputs",
        {
            "run_id": WRITTEN,
            "datasets": Field(
                Kind.LIST,
                [
                    {
                        "dataset": {"name": "rows", "digest": "abc", "source_type": "local", "source": "rows.csv"},
                        "tags": [{"key": "mlflow.data.context", "value": "training"}],
                    }
                ],
            ),
        },
    ),
    Endpoint("POST", "runs/delete", {"run_id": Field(Kind.RUN, "<SHORT-LIVED RUN>")}),
    Endpoint("POST", "runs/restore", {"run_id": Field(Kind.RUN, "<SHORT-LIVED RUN>")}),
    Endpoint("POST", "experiments/delete", {"experiment_id": Field(Kind.EXPERIMENT, "<SHORT-LIVED EXPERIMENT>")}),
    Endpoint("POST", "experiments/restore", {"experiment_id": Field(Kind.EXPERIMENT, "<SHORT-LIVED EXPERIMENT>")}),
]
