"""What people write to name a project."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from solvent.errors import NotSupported
from solvent.projects.errors import InvalidProject
from solvent.projects.source.address import Address, parse
from tests.projects.source.repositories import make_bare, make_tree


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("https://host/team/project", Address("git", "https://host/team/project", "", True)),
        ("https://host/team/project.git#models/a", Address("git", "https://host/team/project.git", "models/a", True)),
        ("git+https://host/p", Address("git", "https://host/p", "", True)),
        ("http://host:80/p.git", Address("git", "http://host:80/p.git", "", True)),
        ("ssh://git@host:22/p.git#x", Address("git", "ssh://git@host:22/p.git", "x", True)),
        ("git+ssh://git@host/p", Address("git", "ssh://git@host/p", "", True)),
        ("git@host:team/p.git#x", Address("git", "git@host:team/p.git", "x", True)),
        ("https://host/p.zip#a", Address("zip", "https://host/p.zip", "a", True)),
        ("https://host/p.zip?token=1", Address("zip", "https://host/p.zip?token=1", "", True)),
        ("git+https://host/p.zip", Address("git", "https://host/p.zip", "", True)),
        ("p.zip#a", Address("zip", "p.zip", "a")),
        ("file:///a%20b/p.zip", Address("zip", "/a b/p.zip", "")),
        (".", Address("folder", ".", "")),
        ("some/folder#inner", Address("folder", "some/folder", "inner")),
        ("file:///some/folder#inner", Address("folder", "/some/folder", "inner")),
    ],
)
def test_addresses(uri: str, expected: Address) -> None:
    assert parse(uri) == expected


@pytest.mark.parametrize(
    ("uri", "error", "message"),
    [
        ("", InvalidProject, "names no project"),
        ("--upload-pack=touch x", InvalidProject, "names no project"),
        ("https://host/a\nb", InvalidProject, "names no project"),
        ("ssh://-oProxyCommand=x/p", InvalidProject, "names no host"),
        ("https:///p.git", InvalidProject, "names no host"),
        ("file://elsewhere/p", InvalidProject, "a file of another machine"),
        ("s3://bucket/p.zip", NotSupported, "can't be fetched: expected a folder, a zip"),
        ("git://host/p", NotSupported, "can't be fetched"),
        ("ftp://host/p.zip", NotSupported, "can't be fetched"),
    ],
)
def test_what_is_no_address_is_refused(uri: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        parse(uri)


@pytest.mark.parametrize("uri", ["ext::sh -c touch% x", "git@host:-oProxyCommand=x", "fd::17", "-e@host:p"])
def test_what_git_would_take_for_a_command_never_reaches_it(uri: str) -> None:
    with suppress(InvalidProject):
        assert parse(uri).kind == "folder"  # one that is not there


@pytest.mark.parametrize("version", ["", "-f", "--force", "a b", "a..b", "a:b", "a~1", "a^", "a\n", "@{-1}", "a*"])
def test_what_is_no_version_is_refused(version: str) -> None:
    with pytest.raises(InvalidProject, match="is no version"):
        parse("https://host/p", version)


@pytest.mark.parametrize("uri", ["p.zip", "https://host/p.zip", "."])
def test_only_repositories_have_versions(uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidProject, match="is no git repository, so it has no version 'v1': leave out --version"):
        parse(uri, "v1")


def test_repositories_on_this_machine(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    make_tree(tree)
    bare = make_bare(tree, tmp_path / "bare.git")
    for uri in (f"{bare}#models", f"file://{bare}#models"):
        assert parse(uri) == Address("git", str(bare), "models")
    assert parse(str(tree)).kind == "folder"
    assert parse(str(tree), "v1") == Address("git", str(tree), "")
    assert parse(f"{tree}/models", "v1") == Address("git", str(tree), "models")
    assert parse(f"git+file://{tree}#models") == Address("git", str(tree), "models")


def test_a_number_sign_in_a_name_that_is_there_belongs_to_it(tmp_path: Path) -> None:
    folder = tmp_path / "a#b"
    folder.mkdir()
    assert parse(str(folder)) == Address("folder", str(folder), "")
