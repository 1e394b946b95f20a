"""Moving versions from stage to stage, also by several at once."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from solvent.backend.embedded import EmbeddedBackend
from solvent.errors import Conflict, InvalidInput, NotFound
from tests.registry.helpers import history, make_model, move, version


def test_stage_names_are_canonical_whatever_their_case(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=1)
    for given, kept in [
        ("staging", "Staging"),
        ("PRODUCTION", "Production"),
        ("archived", "Archived"),
        ("none", "None"),
    ]:
        assert move(backend, "1", given).current_stage == kept


def test_archiving_moves_those_that_were_there(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=3)
    move(backend, "1", "Production")
    move(backend, "2", "Staging")
    move(backend, "3", "Production", archive_existing_versions=True)
    assert [version(backend, number).current_stage for number in "123"] == ["Archived", "Staging", "Production"]
    assert history(backend)[-2:] == [
        ("model_version.stage", {"version": "3", "from": "None", "to": "Production"}),
        ("model_version.stage", {"version": "1", "from": "Production", "to": "Archived", "replaced_by": "3"}),
    ]


def test_without_archiving_several_versions_share_a_stage(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=2)
    for number in "12":
        move(backend, number, "Production")
    assert [version(backend, number).current_stage for number in "12"] == ["Production", "Production"]


def test_a_version_archives_others_not_itself(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=1)
    move(backend, "1", "Production")
    assert move(backend, "1", "Production", archive_existing_versions=True).current_stage == "Production"


def test_only_active_stages_archive(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=1)
    with pytest.raises(InvalidInput, match="because 'none' is not an Active stage"):
        move(backend, "1", "none", archive_existing_versions=True)


def test_an_unknown_stage_or_version_is_refused(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=1)
    with pytest.raises(InvalidInput, match=r"^Invalid Model Version stage: Prod\. Value must be one of None, Staging"):
        move(backend, "1", "Prod")
    with pytest.raises(NotFound):
        move(backend, "2", "Staging")


def test_a_move_from_an_expected_stage_is_refused_if_somebody_was_first(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=1)
    move(backend, "1", "Staging", expected_stage="None")
    with pytest.raises(Conflict, match="is in stage Staging, not in None: somebody moved it"):
        move(backend, "1", "Archived", expected_stage="None")
    assert version(backend).current_stage == "Staging"


def test_of_many_who_promote_at_once_one_wins(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=1)
    results: list[str] = []
    start = threading.Barrier(8)

    def promote() -> None:
        start.wait()
        try:
            move(backend, "1", "Production", expected_stage="None")
            results.append("won")
        except Conflict:
            results.append("told")

    threads = [threading.Thread(target=promote) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["told"] * 7 + ["won"]
    assert [kind for kind, _ in history(backend)].count("model_version.stage") == 1


def test_of_many_who_promote_different_versions_with_archiving_one_stays(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=6)
    threads = [
        threading.Thread(
            target=move, args=(backend, str(number), "Production"), kwargs={"archive_existing_versions": True}
        )
        for number in range(1, 7)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stages = sorted(version(backend, str(number)).current_stage for number in range(1, 7))
    assert stages == ["Archived"] * 5 + ["Production"]


def test_a_move_that_expects_another_version_in_the_stage_is_refused(backend: EmbeddedBackend) -> None:
    make_model(backend, versions=3)
    move(backend, "1", "Production", expected_current="")
    with pytest.raises(Conflict, match=r"^version 1 of 'm' is in Production now, not none: somebody was first"):
        move(backend, "2", "Production", expected_current="")
    move(backend, "2", "Production", expected_current="1", archive_existing_versions=True)
    with pytest.raises(Conflict, match=r"^version 2 of 'm' is in Production now, not version 1: somebody was first"):
        move(backend, "3", "Production", expected_current="1")
    with pytest.raises(Conflict, match=r"^no version of 'm' is in Staging now, not version 1: somebody was first"):
        move(backend, "3", "Staging", expected_current="1")


def test_of_two_processes_that_promote_different_versions_one_wins(backend: EmbeddedBackend, tmp_path: Path) -> None:
    make_model(backend, versions=3)
    move(backend, "1", "Production")
    program = (
        "import sys\n"
        "from solvent.backend.resolve import open_embedded\n"
        "from solvent.errors import Conflict\n"
        "from solvent.wire.registry import TransitionModelVersionStage as Move\n"
        "backend = open_embedded(sys.argv[1])\n"
        "print('ready', flush=True)\n"
        "sys.stdin.readline()\n"
        "try:\n"
        "    backend.call(Move(name='m', version=sys.argv[2], stage='Production', archive_existing_versions=True,"
        " expected_current='1'))\n"
        "    print('won')\n"
        "except Conflict:\n"
        "    print('told')\n"
    )
    racing = [
        subprocess.Popen(
            [sys.executable, "-c", program, tmp_path, number], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for number in "23"
    ]
    for process in racing:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in racing:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    assert sorted(process.communicate(timeout=60)[0] for process in racing) == ["told\n", "won\n"]
    stages = [version(backend, number).current_stage for number in "123"]
    assert stages[0] == "Archived"
    assert sorted(stages[1:]) == ["None", "Production"]
