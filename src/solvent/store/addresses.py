"""Addresses of artifacts: what is appended to an experiment's location."""

from __future__ import annotations


def join(location: str, *parts: str) -> str:
    """``location`` with ``parts`` appended to its path; a query (``s3://b/p?x=1``) stays at the end.

    >>> join("mlflow-artifacts:/1", "run", "artifacts")
    'mlflow-artifacts:/1/run/artifacts'
    >>> join("s3://bucket/base?version=2", "run")
    's3://bucket/base/run?version=2'
    """
    path, mark, query = location.partition("?") if "://" in location else (location, "", "")
    return "/".join([path.rstrip("/"), *parts]) + mark + query
