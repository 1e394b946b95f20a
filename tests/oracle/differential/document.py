"""``docs/mlflow-differences.md`` from the list of differences: ``python -m tests.oracle.differential.document``."""

from __future__ import annotations

from pathlib import Path

from tests.oracle.differential.differences import DIFFERENCES

PAGE = Path(__file__).parents[3] / "docs" / "mlflow-differences.md"

HEAD = """\
# What differs from MLflow

Solvent answers MLflow's REST API as MLflow 3.17.2 does. The same requests are sent to a real MLflow
server and to Solvent's, good ones and ones with every fault that we could think of, and statuses,
error codes and bodies are compared. Below is all that differs in them, on purpose. This page is written from
the list that the test uses; a difference that is not in it fails the test, and so does one that is no
longer seen. The registry's own few differences stand, with their reasons, in
`tests/registry/differences.py`; those of searching in [Search](search.md).

## What is not answered

Tracking, artifacts, logged models, the registry and its webhooks are here. Traces, prompts' optimisation,
assessments and judges, gateways, MLflow's jobs, workspaces and GraphQL are not: their endpoints answer
`501 NOT_IMPLEMENTED`, so that a client says so and loses nothing in silence.

On the command line, `solvent run` fetches no submodules, runs no containers (`docker_env`), has no `--backend`
but `local`, and makes environments with uv (`--env-manager uv` or `local`; of a `conda.yaml` the `pip` part); code
from the network is run when somebody has agreed (`--yes`), in a folder that goes with the run. There is no
`deployments`, `sagemaker`, `traces` or `gateway` group; `solvent models` is [the registry](models.md): it serves and
builds nothing.
"""


def document() -> str:
    parts = [HEAD]
    for each in DIFFERENCES:
        requests = "\n".join(f"- `{request}`" for request in each.requests)
        parts.append(
            f"## {each.title}\n\n{each.reason}\n\n{requests}\n\nMLflow: `{each.theirs}`. Solvent: `{each.ours}`.\n"
        )
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(document())
