"""Users, tokens and grants from the command line: on the store itself, and through a server."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from solvent.backend.resolve import open_embedded
from solvent.server.loopback import Loopback
from tests.cli.conftest import COMMAND
from tests.processes import bare_environment

PASSWORD = "a long password"


def run(
    work: Path, *arguments: str, typed: str = "", check: bool = True, known: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [COMMAND, *arguments],
        cwd=work,
        env=bare_environment(**(known or {})),
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert not check or done.returncode == 0, done.stderr
    return done


@pytest.fixture
def store(work: Path) -> Path:
    run(work, "users", "create", "root", "--admin", "--password-stdin", typed=f"{PASSWORD}\n")
    return work


def test_the_first_user_is_an_admin(work: Path) -> None:
    done = run(work, "users", "create", "eve", "--password-stdin", typed=f"{PASSWORD}\n", check=False)
    assert done.returncode == 1
    assert "--admin" in done.stderr
    assert "No users" in run(work, "users", "list").stderr


def test_users_are_made_listed_changed_and_deleted(store: Path) -> None:
    made = run(store, "users", "create", "rita", "--password-stdin", "--json", typed=f"{PASSWORD}\n")
    assert json.loads(made.stdout)["role"] == "reader"
    assert "rita" in run(store, "users", "list").stdout
    assert "writer, disabled" in run(store, "users", "update", "rita", "--role", "writer", "--disable").stdout
    assert "only admin" in run(store, "users", "update", "root", "--no-admin", check=False).stderr
    assert "only admin" in run(store, "users", "delete", "root", check=False).stderr
    assert run(store, "users", "delete", "rita").stdout == "Deleted user 'rita'\n"
    listed = json.loads(run(store, "users", "list", "--json").stdout)
    assert [(user["name"], user["admin"]) for user in listed] == [("root", True)]


@pytest.mark.parametrize(
    ("typed", "said"), [("short\n", "10 to 1000 characters"), ("", "10 to 1000"), ("administrator\n", "user's name")]
)
def test_weak_passwords_are_refused(store: Path, typed: str, said: str) -> None:
    done = run(store, "users", "create", "administrator", "--password-stdin", typed=typed, check=False)
    assert done.returncode == 1
    assert said in done.stderr


def test_a_password_is_asked_for_without_showing_it(work: Path) -> None:
    done = run(work, "users", "create", "root", "--admin", check=False)
    assert "--password-stdin" in done.stderr
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [COMMAND, "users", "create", "root", "--admin"],
        cwd=work,
        env=bare_environment(),
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
    )
    os.close(follower)
    shown = b""
    for prompt in (b"Password of root:", b"Repeat for confirmation:"):
        while prompt not in shown:
            shown += os.read(leader, 1024)
        os.write(leader, f"{PASSWORD}\n".encode())
    while b"Created" not in shown:
        shown += os.read(leader, 1024)
    assert process.wait(60) == 0
    os.close(leader)
    assert PASSWORD.encode() not in shown


def test_grants(store: Path) -> None:
    run(store, "users", "create", "nora", "--role", "none", "--password-stdin", typed=f"{PASSWORD}\n")
    assert "role writer in experiment 0" in run(store, "users", "grant", "nora", "-x", "0", "--role", "writer").stdout
    expected = [{"user": "nora", "role": "writer", "experiment_id": "0"}]
    for choice in (["nora"], ["-x", "0"], []):
        assert json.loads(run(store, "users", "grants", *choice, "--json").stdout) == expected
    run(store, "users", "revoke", "nora", "-x", "0")
    assert json.loads(run(store, "users", "grants", "--json").stdout) == []
    for wrong in (["--role", "writer"], ["--role", "writer", "-x", "0", "-m", "m"]):
        assert run(store, "users", "grant", "nora", *wrong, check=False).returncode == 2


def test_tokens(store: Path) -> None:
    made = run(store, "tokens", "create", "ci", "--user", "root", "--days", "7")
    assert made.stdout.startswith("solvent_")
    (listed,) = json.loads(run(store, "tokens", "list", "--json").stdout)
    assert (listed["name"], listed["user"]) == ("ci", "root")
    assert made.stdout.strip() not in (store / ".solvent" / "solvent.db").read_bytes().decode("latin-1")
    run(store, "tokens", "revoke", listed["token_id"])
    assert "No tokens" in run(store, "tokens", "list").stderr


def test_the_same_commands_work_through_a_server(store: Path) -> None:
    secret = run(store, "tokens", "create", "afar", "--user", "root").stdout.strip()
    backend = open_embedded(str(store / ".solvent"))
    with Loopback(backend, auth=None) as loopback:
        known = {"SOLVENT_TRACKING_URI": loopback.url, "SOLVENT_TRACKING_TOKEN": secret}
        run(store, "users", "create", "paul", "--password-stdin", typed=f"{PASSWORD}\n", known=known)
        assert "paul" in run(store, "users", "list", known=known).stdout
        own = {
            "SOLVENT_TRACKING_URI": loopback.url,
            "MLFLOW_TRACKING_USERNAME": "paul",
            "MLFLOW_TRACKING_PASSWORD": PASSWORD,
        }
        assert run(store, "tokens", "create", "mine", known=own).stdout.startswith("solvent_")
        refused = run(store, "users", "list", check=False, known=own)
        assert refused.returncode == 1
        assert "only an admin of the server" in refused.stderr
        changed = f"{PASSWORD}\nanother long one\n"
        run(store, "users", "passwd", "paul", "--own", "--password-stdin", typed=changed, known=own)
        unknown = run(store, "users", "list", check=False, known={"SOLVENT_TRACKING_URI": loopback.url})
        assert "MLFLOW_TRACKING_USERNAME" in unknown.stderr
    backend.close()
