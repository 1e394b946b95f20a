"""A password or token of a tracking server, registry, storage or database stands in the code.

## What it does
Finds literals given to variables, arguments and defaults that are named like passwords, tokens or secrets, in files
that work with experiment tracking, model registries, object storage or databases, or whose name says so
(`MLFLOW_TRACKING_TOKEN`). The literals are asked of ruff (S105, S106, S107); this rule runs only where ruff is
installed (`pip install 'solvent[debt]'`).

## Why is this bad?
Whoever reads the repository, its history, a copy of the notebook or a log can write to the registry from which
production loads its models. It can't be changed without changing code either, so it isn't. (CWE-798, use of
hard-coded credentials.)

## Example
```python
os.environ["MLFLOW_TRACKING_PASSWORD"] = "hunter2"
```

## Use instead
```python
password = os.environ["MLFLOW_TRACKING_PASSWORD"]  # set by the scheduler, from its vault
```

Then revoke the old one: it stays in the history.

## Limits
Placeholders (`changeme`, `<token>`, `your-token`, `${TOKEN}`), names of environment variables, addresses and special
tokens of language models (`pad_token`) are left alone, and so is what ruff is told to accept (`# noqa: S105`).
Parameters that are not named like secrets (`key=`) are not seen.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from solvent.debt.delegated.reported import DelegatedFile, Reported
from solvent.debt.findings import Found
from solvent.debt.rule import delegated_rule

_SERVICES = (
    *("mlflow", "solvent", "wandb", "neptune", "comet_ml", "clearml", "dvc", "dvclive", "aim", "dagshub", "bentoml"),
    *("boto3", "botocore", "s3fs", "minio", "gcsfs", "adlfs", "azure", "azureml", "google.cloud", "obstore", "fsspec"),
    *("sagemaker", "huggingface_hub", "kaggle", "databricks", "snowflake", "hopsworks", "hsfs", "feast", "zenml"),
    *(
        "sqlalchemy",
        "psycopg",
        "psycopg2",
        "pymysql",
        "mysql",
        "pymongo",
        "redis",
        "asyncpg",
        "pyodbc",
        "clickhouse_connect",
    ),
)
_NAMED = re.compile(
    r"mlflow|wandb|neptune|comet|clearml|dagshub|aws|s3|minio|gcs|gcp|azure|hugging_?face|hf_|kaggle|databricks"
    r"|snowflake|postgres|mysql|mongo|redis|database|(^|_)db(_|$)|registry|tracking|storage|bucket|sagemaker",
    re.IGNORECASE,
)
_NAME = re.compile(r'"([^"]*)"[^"]*$')
_LANGUAGE = re.compile(
    r"(^|_)(pad|eos|bos|sep|cls|mask|unk|start|end|stop|sot|eot|special|next|prev|cur|word|sub|first|last|separator)_?tokens?$"
    r"|^tokens?_(type|id|ids|level|format)$",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"(pass(word|wd|phrase)?|pwd|secrete?|token|secret_?(access_?)?key|access_?token)\d*$", re.IGNORECASE
)
"""A name that ends otherwise is about a credential, and does not hold one: its key, its file, its count."""
_PLACEHOLDER = re.compile(
    r"^(x+|\*+|\.+|-+|_+|none|null|todo|tbd|n/?a|secret|token|password|passwd|pass|changeme|change[-_ ]me.*|placeholder"
    r"|redacted|dummy.*|fake.*|example.*|test|your[-_ ].*|my[-_ ].*|insert[-_ ].*|enter[-_ ].*|replace.*|bearer|basic)$"
    r"|[<>{}\[\]]|^\$|^https?://[^@]*$|^(env|vault|ssm|sm|arn|op|file)[:/]|^[~.]{0,2}/|\s",
    re.IGNORECASE,
)
_VARIABLE = re.compile(r"^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$")
_SHORTEST = 4


@delegated_rule(
    "CFG107",
    "credential-literal",
    severity="blocker",
    minutes=30,
    evidence="S",
    delegates=("S105", "S106", "S107"),
)
def check(file: DelegatedFile) -> Iterator[Found]:
    serves = any(name == each or name.startswith(f"{each}.") for name in file.summary.imports for each in _SERVICES)
    for report in file.reports:
        name = _name(report)
        if not (serves or _NAMED.search(name)) or not _ENDS.search(name) or _LANGUAGE.search(name):
            continue
        if _is_secret(file.text(report), name):
            message = f"the credential '{name}' stands in the code: take it from the environment, and revoke this one"
            yield file.found(report, message, subject=name)


def _name(report: Reported) -> str:
    """The variable or argument that ruff's message names last."""
    found = _NAME.search(report.message)
    return found[1] if found else ""


def _is_secret(text: str, name: str) -> bool:
    """Whether a literal, as it is written, may be a real credential."""
    literal = text.partition("=")[2] if re.match(r"\s*\w+\s*=(?!=)", text) else text  # an argument with its name
    try:
        value = ast.literal_eval(literal.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return False
    if not isinstance(value, str) or len(value) < _SHORTEST or name.lower().endswith(value.lower()):
        return False
    return _PLACEHOLDER.search(value) is None and _VARIABLE.match(value) is None
