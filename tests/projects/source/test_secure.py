"""Projects over HTTPS, from a real git server and a real web server, and over SSH up to the connection itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from solvent.projects.errors import SourceFailed
from solvent.projects.source.open import open_source
from tests.projects.source.repositories import FILES, make_bare, make_tree, make_zip
from tests.projects.source.secure import PASSWORD, USER, make_certificate, served_securely


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def commits(tmp_path: Path) -> tuple[str, str]:
    """The two commits of the repositories; also, there is a zip."""
    made = make_tree(tmp_path / "tree")
    for place in (tmp_path / "served", tmp_path / "served" / "private"):
        place.mkdir()
        make_bare(tmp_path / "tree", place / "project.git")
        make_zip(place / "project.zip", FILES)
    return made


@pytest.fixture
def address(
    tmp_path: Path, commits: tuple[str, str], certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    monkeypatch.setenv("SOLVENT_CACHE", str(tmp_path / "cache"))
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with served_securely(tmp_path / "served", certificate) as url:
        yield url


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's authority is one that the machine trusts."""
    monkeypatch.setenv("GIT_SSL_CAINFO", str(certificate))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


@pytest.mark.usefixtures("trusted")
def test_a_repository_by_branch_tag_and_commit(address: str, commits: tuple[str, str]) -> None:
    url = f"{address}/project.git"
    for version, commit in ((None, commits[1]), ("v1", commits[0]), (commits[0], commits[0])):
        source = open_source(url, version)
        assert (source.commit, source.remote, source.uri) == (commit, True, url)
        assert (source.folder / "train.py").is_file()
    assert open_source(f"{url}#models").folder.name == "models"


@pytest.mark.usefixtures("trusted")
def test_a_zip(address: str) -> None:
    source = open_source(f"{address}/project.zip")
    assert (source.kind, source.remote) == ("zip", True)
    assert (source.folder / "MLproject").read_text() == FILES["MLproject"]


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("name", ["project.git", "project.zip"])
def test_a_password_in_the_address_opens_and_is_not_kept(address: str, tmp_path: Path, name: str) -> None:
    host = address.removeprefix("https://")
    source = open_source(f"https://{USER}:{PASSWORD}@{host}/private/{name}")
    assert (source.folder / "train.py").is_file()
    assert PASSWORD not in source.uri
    kept = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert not [path for path in kept if PASSWORD.encode() in path.read_bytes()]


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("name", ["project.git", "project.zip"])
def test_without_a_password_it_is_said_and_nobody_is_asked(address: str, name: str) -> None:
    with pytest.raises(SourceFailed, match=r"check the address and your access to it"):
        open_source(f"{address}/private/{name}")


@pytest.mark.parametrize("name", ["project.git", "project.zip"])
def test_an_authority_that_nobody_trusts_is_refused(address: str, name: str) -> None:
    with pytest.raises(SourceFailed, match=r"(?i)certificate"):
        open_source(f"{address}/{name}")


@pytest.mark.parametrize(
    "form", ["ssh://git@host.example{path}", "git@host.example:{path}", "git+ssh://git@host.example{path}"]
)
def test_ssh_is_given_the_host_and_asks_nothing(
    tmp_path: Path, commits: tuple[str, str], monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """In the place of ssh, a program that notes what it is told, and does it here."""
    monkeypatch.setenv("SOLVENT_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("GIT_SSH_COMMAND", raising=False)
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "ssh").write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$*" >> {tmp_path}/told\nfor last; do :; done\nexec sh -c "$last"\n'
    )
    (programs / "ssh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{Path(str(shutil.which('git'))).parent}:/usr/bin:/bin")
    source = open_source(form.format(path=tmp_path / "served" / "project.git"), "v1")
    assert (source.commit, source.remote) == (commits[0], True)
    told = (tmp_path / "told").read_text().splitlines()
    assert all(line.startswith("-o BatchMode=yes ") and "git@host.example" in line for line in told)


def test_why_ssh_was_refused_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLVENT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("GIT_SSH_COMMAND", "echo 'git@host.example: Permission denied (publickey).' >&2; false")
    with pytest.raises(SourceFailed, match=r"Permission denied \(publickey\)\.; fatal: Could not read from remote"):
        open_source("git@host.example:team/project.git")
