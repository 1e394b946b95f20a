"""The servers that the oracle tests talk to: each is started once for all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.oracle import servers


@pytest.fixture(scope="session")
def mlflow_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real MLflow 3.17 server."""
    with servers.mlflow_server(tmp_path_factory.mktemp("mlflow")) as url:
        yield url


@pytest.fixture(scope="session")
def solvent_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real Solvent server."""
    with servers.solvent_server(tmp_path_factory.mktemp("solvent")) as url:
        yield url
