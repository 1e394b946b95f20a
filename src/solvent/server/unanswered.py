"""What MLflow 3.17 answers and we don't yet: told apart from what nobody answers.

A test compares the table with the endpoints of a real MLflow.
"""

from __future__ import annotations

import re

_RESOURCES = (
    r"artifacts/presigned-download-url|artifacts/presigned-upload-url|datasets|experiments/search-datasets"
    r"|gateway|gateway-proxy|get-online-trace-details|get-trace-artifact|issues|label-schemas"
    r"|metrics/get-history-bulk|metrics/get-history-bulk-interval|model-versions|prompt-optimization"
    r"|registered-models|review-queues|runs/create-promptlab-run|scorers|traces|ui-telemetry|unified-traces"
    r"|webhooks|workspaces"
)
"""Under ``mlflow/``: these, and all below them."""

_ENDPOINT = re.compile(
    rf"/(ajax-)?api/[23]\.0/?(mlflow/({_RESOURCES})|mlflow-artifacts/(mpu|presigned))(/.*)?"
    r"|/graphql|/model-versions/get-artifact"
)


def is_mlflow_endpoint(path: str) -> bool:
    """Whether the path is one of MLflow's that this version does not answer."""
    return _ENDPOINT.fullmatch(path) is not None
