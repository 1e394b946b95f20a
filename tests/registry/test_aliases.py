"""Use cases of aliases."""

from __future__ import annotations

import threading

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import Conflict, InvalidInput, NotFound
from solvent.wire.registry import (
    DeleteRegisteredModelAlias,
    GetModelVersionByAlias,
    GetRegisteredModel,
    SetRegisteredModelAlias,
)
from tests.registry.helpers import history, make_model, move, version


def point(backend: EmbeddedBackend, alias: str, number: str) -> None:
    backend.call(SetRegisteredModelAlias(name="m", alias=alias, version=number))


def behind(backend: EmbeddedBackend, alias: str, name: str = "m") -> str:
    return backend.call(GetModelVersionByAlias(name=name, alias=alias)).model_version.version


def test_an_alias_moves_from_version_to_version(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=2)
    point(backend, "champion", "1")
    point(backend, "champion", "2")
    point(backend, "Champion", "2")  # another one: aliases know capitals
    assert behind(backend, "champion") == "2"
    assert (version(backend, "1").aliases, version(backend, "2").aliases) == ([], ["Champion", "champion"])
    listed = backend.call(GetRegisteredModel(name="m")).registered_model.aliases
    assert [(entry.alias, entry.version) for entry in listed] == [("Champion", "2"), ("champion", "2")]
    assert history(backend)[-2] == ("alias.set", {"alias": "champion", "version": "2", "from": "1", "to": "2"})


def test_setting_it_where_it_is_moves_nothing(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=1)
    point(backend, "a", "1")
    point(backend, "a", "1")
    assert [kind for kind, _ in history(backend)].count("alias.set") == 1


def test_a_deleted_alias_is_not_found(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=1)
    point(backend, "a", "1")
    for _ in range(2):  # one that is gone is as good as deleted
        backend.call(DeleteRegisteredModelAlias(name="m", alias="a"))
    assert history(backend)[-1] == ("alias.deleted", {"alias": "a", "version": "1", "from": "1", "to": None})
    with pytest.raises(InvalidInput, match=r"^Registered model alias a not found\.$"):
        behind(backend, "a")


def test_latest_is_the_newest_of_all_stages(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=3)
    move(backend, "2", "Production")
    assert behind(backend, "latest") == "3"
    make_model(backend, "empty")
    with pytest.raises(NotFound, match=r"^Latest version not found for model empty\.$"):
        behind(backend, "Latest", "empty")
    with pytest.raises(NotFound, match="Registered Model with name=nope not found"):
        behind(backend, "latest", "nope")


@pytest.mark.parametrize(
    ("alias", "message"),
    [
        ("", "Missing value for required parameter 'alias'"),
        ("v1", r"^Version alias name 'v1' is reserved\.$"),
        ("V12", r"^Version alias name 'V12' is reserved\.$"),
        ("LATEST", r"^'latest' alias name \(case insensitive\) is reserved\.$"),
        ("a b", "Invalid alias name: 'a b'. Names may only contain alphanumerics"),
        ("a\n", "Invalid alias name"),
        ("a/b", "Invalid alias name"),
        ("x" * 256, "maximum length of 255"),
    ],
)
def test_bad_aliases_are_refused(backend: EmbeddedBackend, alias: str, message: str) -> None:
    make_model(backend, versions=1)
    with pytest.raises(InvalidInput, match=message):
        point(backend, alias, "1")


def test_an_alias_points_to_a_version_that_is_there(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=1)
    with pytest.raises(NotFound, match=r"^Model Version \(name=m, version=2\) not found$"):
        point(backend, "a", "2")


def test_a_move_that_expects_another_version_is_refused(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=3)
    backend.call(SetRegisteredModelAlias(name="m", alias="a", version="1", expected_version=""))
    with pytest.raises(
        Conflict, match=r"^the alias 'a' of 'm' points to version 1 now, not to none: somebody was first"
    ):
        backend.call(SetRegisteredModelAlias(name="m", alias="a", version="2", expected_version=""))
    backend.call(SetRegisteredModelAlias(name="m", alias="a", version="2", expected_version="1"))
    with pytest.raises(Conflict, match="points to version 2 now, not to version 1"):
        backend.call(SetRegisteredModelAlias(name="m", alias="a", version="3", expected_version="1"))
    with pytest.raises(Conflict, match=r"^the alias 'b' of 'm' is not there, and was to point to version 1"):
        backend.call(SetRegisteredModelAlias(name="m", alias="b", version="3", expected_version="1"))
    assert behind(backend, "a") == "2"


def test_of_many_who_move_it_at_once_one_wins(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=9)
    point(backend, "a", "1")
    results: list[str] = []
    start = threading.Barrier(8)

    def move_it(number: int) -> None:
        start.wait()
        try:
            asked = SetRegisteredModelAlias(name="m", alias="a", version=str(number), expected_version="1")
            backend.call(asked)
            results.append("won")
        except Conflict:
            results.append("told")

    threads = [threading.Thread(target=move_it, args=(number,)) for number in range(2, 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["told"] * 7 + ["won"]
