"""What MLflow 3.17 answers and we don't yet: told apart from what nobody answers.

A test compares the table with the endpoints of a real MLflow.
"""

from __future__ import annotations

import re

_RESOURCES = (
    r"artifacts/presigned-download-url|artifacts/presigned-upload-url|assistant|datasets|demo"
    r"|experiments/search-datasets|gateway|gateway-proxy|genai|get-online-trace-details|get-trace-artifact|issues|jobs"
    r"|label-schemas|mcp-servers|model-versions"
    r"|prompt-optimization|registered-models|review-queues|runs/create-promptlab-run|scorer|scorers|traces"
    r"|ui-telemetry|unified-traces|webhooks|workspaces"
)
"""Under ``mlflow/``: these, and all below them."""

_ENDPOINT = re.compile(
    rf"/(ajax-)?api/[23]\.0/?(mlflow/({_RESOURCES})|jobs)(/.*)?"
    r"|/gateway/.+|/graphql|/model-versions/get-artifact|/v1/traces"
)


def is_mlflow_endpoint(path: str) -> bool:
    """Whether the path is one of MLflow's that this version does not answer."""
    return _ENDPOINT.fullmatch(path) is not None
