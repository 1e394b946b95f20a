"""The code of a run, made again in a folder: its commit and its patches, or the files that were kept."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from solvent.projects.reproduce.errors import CannotRepeat
from solvent.projects.reproduce.recorded import Recorded
from solvent.projects.reproduce.unpacked import unpack
from solvent.projects.reproduce.verdict import Known
from solvent.provenance.git import Git, by_folder_alone
from solvent.provenance.kinds import Kind, kind_of
from solvent.provenance.sources import walk

_SECONDS = 600.0
_MOST_COMPARED = 100_000
_LINE_ENDS = ("core.autocrlf", "core.eol")
_SHA256 = 64
_GITLINK = b"160000 "


def rebuild_code(recorded: Recorded, target: Path, repository: Path | None = None) -> Path:
    """Make the code again in ``target``, an empty folder; the project's folder in it.

    Nothing of the repository is started (hooks, filters and drivers that it configures itself), nothing is fetched,
    and no patch can write outside: see ``provenance.git`` and git-apply(1).

    Args:
        repository: where the commit is, if not where the run was made.

    Raises:
        CannotRepeat: the commit is not there, or a patch does not fit.
    """
    with by_folder_alone():
        kind = "sha256" if len(recorded.commit or "") == _SHA256 else "sha1"
        made = Git(target).run("init", "--quiet", "--template=", f"--object-format={kind}")
        if made is None:
            raise CannotRepeat("git, which makes its code again, is not on this machine: install it", "code")
        git = Git(target)
        if recorded.commit is not None:
            _check_out(git, recorded, repository)
        if not unpack(recorded, target):
            _apply(git, recorded)
    if recorded.commit is None:
        shutil.rmtree(target / ".git")
    project = (target / recorded.subfolder).resolve()
    if not project.is_relative_to(target.resolve()) or not project.is_dir():
        raise CannotRepeat(f"its project folder '{recorded.subfolder}' is not in what was kept of its code", "code")
    return project


def has_code(recorded: Recorded, repository: Path | None = None) -> bool:
    """Whether the commit is on this machine, or none is needed."""
    if recorded.commit is None:
        return True
    with by_folder_alone():
        return _find(recorded, repository) is not None


def changed_code(then: Path, now: Path) -> list[Known]:
    """What differs between a folder as it was and as it is now: code and texts, not what is built."""
    before = sorted(_names(then))
    both = [name for name in before if (now / name).is_file()]
    known = [f"{name} is not there any more" for name in sorted(set(before) - set(both))]
    added = (name for name in _names(now) if not (then / name).exists())
    known += [f"{name} was added" for name in sorted(added) if kind_of(name) is Kind.CODE]
    known += [f"{name} was changed" for name in both if (then / name).read_bytes() != (now / name).read_bytes()]
    return [Known("code", what) for what in known]


def whole_of(folder: Path, subfolder: str) -> Path | None:
    """The folder that stands for the repository's top, if the project lies in it as it did then."""
    parts = Path(subfolder).parts
    if not parts or ".." in parts or folder.parts[-len(parts) :] != parts:
        return None
    return folder.parents[len(parts) - 1]


def submodules(folder: Path) -> list[str]:
    """Places in a rebuilt repository that hold other repositories, which are not made again."""
    with by_folder_alone():
        listing = Git(folder).run("ls-files", "--stage", "-z") or b""
    return [os.fsdecode(line.partition(b"\t")[2]) for line in listing.split(b"\0") if line.startswith(_GITLINK)]


def missing_module(failure: str, recorded: Recorded) -> str | None:
    """Where a module lies that a repetition has not found, if it is beside the code that was recorded."""
    found = re.search(r"No module named '([\w.]+)'", failure)
    if found is None or recorded.root is None:
        return None
    name = found[1].replace(".", "/")
    for folder in dict.fromkeys((recorded.root / recorded.subfolder, recorded.root)):
        for place in (folder / f"{name}.py", folder / "src" / f"{name}.py", folder / name, folder / "src" / name):
            if place.exists():
                return str(place)
    return None


def _names(folder: Path) -> Iterator[str]:
    for number, name in enumerate(walk(folder)):
        if number >= _MOST_COMPARED:
            return
        if not name.endswith("/") and not (folder / name).is_symlink() and (folder / name).is_file():
            yield name


def _check_out(git: Git, recorded: Recorded, repository: Path | None) -> None:
    commit = recorded.commit
    assert commit is not None
    remote = recorded.git.get("remote")
    if (found := _find(recorded, repository)) is None:
        looked = ", ".join(str(place) for place in _places(recorded, repository)) or "nowhere"
        where = f"git clone {remote}, then" if remote else "then"
        raise CannotRepeat(
            f"commit {commit[:12]} is not here (looked in {looked}): {where} name the clone with --repository FOLDER",
            "code",
        )
    place, objects = found
    alternates = git.folder / ".git" / "objects" / "info" / "alternates"
    alternates.parent.mkdir(parents=True, exist_ok=True)
    alternates.write_bytes(os.fsencode(objects) + b"\n")
    for key in _LINE_ENDS:  # the files were read, and their patches made, under these
        if value := Git(place).line("config", "--local", "--get", key):
            git.run("config", key, value)
    if git.run("checkout", "--quiet", "--detach", commit, "--", seconds=_SECONDS) is None:
        raise CannotRepeat(f"commit {commit[:12]} can't be checked out: {place} does not hold all of it", "code")
    if remote:
        git.run("config", "remote.origin.url", str(remote))


def _find(recorded: Recorded, repository: Path | None) -> tuple[Path, str] | None:
    """The repository that holds the commit, and its folder of objects."""
    assert recorded.commit is not None
    for place in _places(recorded, repository):
        if (objects := _objects(place, recorded.commit)) is not None:
            return place, objects
    return None


def _places(recorded: Recorded, repository: Path | None) -> list[Path]:
    places = [repository] if repository is not None else [recorded.root, _local(recorded)]
    return [place for place in places if place is not None]


def _local(recorded: Recorded) -> Path | None:
    """The remote, if it is a folder of this machine."""
    remote = str(recorded.git.get("remote") or "").removeprefix("file://")
    if remote.startswith(("./", "../")) and recorded.root is not None:
        return Path(os.path.normpath(recorded.root / remote))
    return Path(remote) if remote.startswith("/") else None


def _objects(place: Path, commit: str) -> str | None:
    """The folder of a repository's objects, if the commit is among them."""
    if not place.is_dir():
        return None
    git = Git(place)
    if not any((place / name).exists() for name in (".git", "HEAD")):
        return None
    if (place / "HEAD").is_file() and not (place / ".git").exists():  # a bare one, which was named on purpose
        git.settings = tuple((key, value) for key, value in git.settings if key != "safe.bareRepository")
    if git.run("cat-file", "-e", f"{commit}^{{commit}}") is None:
        return None
    objects = git.line("rev-parse", "--path-format=absolute", "--git-path", "objects")
    return objects if objects and "\n" not in objects else None


def _apply(git: Git, recorded: Recorded) -> None:
    kept = False
    for name in ("patch.diff", "untracked.diff"):
        patch = recorded.bytes(f"solvent/{name}")
        if not patch:
            continue
        kept = True
        with tempfile.NamedTemporaryFile(suffix=".diff") as file:
            file.write(patch)
            file.flush()
            if git.run("apply", "--whitespace=nowarn", file.name, seconds=_SECONDS) is None:
                raise CannotRepeat(f"solvent/{name} does not fit its commit, or leads out of the folder", "code")
    if recorded.commit is None and not kept:
        raise CannotRepeat("no commit holds its code, and none of it was kept", "code")
