"""The state of the code by the git command: commit, branch, remote, uncommitted patch, untracked sources.

A repository is somebody else's data: its own configuration may name programs (file system monitor,
hooks, external diff, clean filters) that git would start. They are switched off here; those that
the user set up globally stay, and so does git-lfs. A folder that only looks like a bare repository, made of ordinary
tracked files, is none; and nothing is fetched, for that may start a program too.
"""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import NamedTuple

from solvent.provenance.changes import Changes, keepable
from solvent.provenance.redact import redact_url
from solvent.provenance.sources import MAX_VISITED, SourcePatch, as_patch, walk

TIMEOUT_SECONDS = 20.0
MAX_PATCH_BYTES = 8 * 1024 * 1024
MAX_LISTING_BYTES = 4 * 1024 * 1024
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

_HARDENING = (
    ("core.fsmonitor", "false"),
    ("core.hooksPath", os.devnull),
    ("core.pager", "cat"),
    ("diff.external", ""),
    ("diff.submodule", "short"),
    ("log.showSignature", "false"),
    ("safe.bareRepository", "explicit"),
)
_ALWAYS = {"blame": ("--no-textconv",)}
_REPOSITORY = frozenset({"GIT_COMMON_DIR", "GIT_DIR", "GIT_PREFIX", "GIT_WORK_TREE"})
_PLACES = _REPOSITORY | {
    *("GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_GRAFT_FILE", "GIT_INDEX_FILE"),
    *("GIT_NAMESPACE", "GIT_OBJECT_DIRECTORY", "GIT_SHALLOW_FILE"),
}
_place_given: ContextVar[bool] = ContextVar("_place_given", default=True)
_DRIVER = re.compile(r"(filter|diff|lfs\.extension)\..*\.", re.DOTALL)
_LFS = ("git-lfs clean -- %f", "git-lfs smudge -- %f", "git-lfs filter-process")


class GitState(NamedTuple):
    """What git knows of a folder.

    ``commit`` is None before the first commit. ``subfolder`` is the folder's place in the
    repository at ``top``, ``''`` for its root. ``patch`` turns the commit into the tracked files as they are, but for
    those that ``patch_left_out`` names with the reason. ``redacted`` counts secrets masked in the patch. ``failed``:
    what git could not tell, such as the uncommitted changes; then nothing is known to be clean.
    """

    top: str
    commit: str | None
    branch: str | None
    remote: str | None
    subfolder: str
    dirty: bool
    patch: bytes
    patch_left_out: dict[str, str]
    redacted: int
    untracked: SourcePatch
    failed: tuple[str, ...] = ()

    @property
    def patch_cut(self) -> list[str]:
        return list(self.patch_left_out)


class Git:
    """The git command in one repository, hardened, with bounded output and time.

    Args:
        here: take the repository that the folder lies in, whatever ``GIT_DIR`` and its like name. In the hooks of a
            linked working tree git sets ``GIT_DIR`` alone, and then any folder would be the root of that tree. The
            index that a hook is given (``GIT_INDEX_FILE``) is kept: it holds what is about to be committed.
    """

    def __init__(self, folder: Path, *, here: bool = False) -> None:
        self.folder = folder
        self.settings: tuple[tuple[str, str], ...] = _HARDENING
        self._here = here
        self._hardened: bool | None = None

    def run(self, *arguments: str, limit: int = MAX_LISTING_BYTES, seconds: float = TIMEOUT_SECONDS) -> bytes | None:
        """What git wrote, at most ``limit`` + 1 bytes; None if it failed, hung or is not installed, or if what the
        repository configures can't be told and so not be switched off."""
        if self._hardened is None:
            self._hardened = self._harden()
        return self._run(arguments, limit, seconds) if self._hardened else None

    def _run(self, arguments: tuple[str, ...], limit: int, seconds: float) -> bytes | None:
        verb, *rest = arguments
        command = ["git", "--no-pager", "-C", str(self.folder)]
        try:
            process = subprocess.Popen(  # noqa: S603 - our own words, no shell
                [*command, verb, *_ALWAYS.get(verb, ()), *rest],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=self._environment(),
            )
        except (OSError, ValueError):  # ValueError: a NUL in an argument
            return None
        with process:
            assert process.stdout is not None
            output, complete = _read(process.stdout.fileno(), limit, seconds)
            if not complete:
                process.kill()
        cut = len(output) > limit
        return output if cut or (complete and process.returncode == 0) else None

    def _environment(self) -> dict[str, str]:
        """The settings are given by variables: with ``-c`` an ``=`` in a driver's name would end the key."""
        left_out = _REPOSITORY if self._here else frozenset()
        if not _place_given.get():
            left_out = _PLACES
        environment = {name: value for name, value in os.environ.items() if name not in left_out}
        environment.pop("GIT_EXTERNAL_DIFF", None)
        given = environment.get("GIT_CONFIG_COUNT", "")
        first = int(given) if given.isascii() and given.isdigit() else 0
        for number, (key, value) in enumerate(self.settings, first):
            environment[f"GIT_CONFIG_KEY_{number}"] = key
            environment[f"GIT_CONFIG_VALUE_{number}"] = value
        return environment | {
            "GIT_CONFIG_COUNT": str(first + len(self.settings)),
            "GIT_ALLOW_PROTOCOL": "none",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_NO_LAZY_FETCH": "1",
            "LC_ALL": "C",
        }

    def line(self, *arguments: str) -> str | None:
        output = self.run(*arguments)
        return os.fsdecode(output).strip() or None if output is not None else None

    def _harden(self) -> bool:
        """Switch off the filters and diff drivers that the repository itself configures; False if they can't be told."""
        listing = self._run(
            ("config", "--includes", "--show-scope", "-z", "--list"), MAX_LISTING_BYTES, TIMEOUT_SECONDS
        )
        if listing is None or len(listing) > MAX_LISTING_BYTES:
            return False
        fields = os.fsdecode(listing).split("\0")
        for scope, entry in zip(fields[::2], fields[1::2], strict=False):
            key, _, value = entry.partition("\n")
            if scope in {"local", "worktree"} and _DRIVER.match(key) and value not in _LFS:
                self.settings += ((key, "false" if key.endswith(".required") else ""),)
        return True


@contextmanager
def by_folder_alone() -> Iterator[None]:
    """Inside, git takes the repository of the folder it is given, whatever ``GIT_DIR`` and its like name.

    They are set in hooks, and there a command for a copy of the repository would change the user's own.
    """
    token = _place_given.set(False)
    try:
        yield
    finally:
        _place_given.reset(token)


def _read(descriptor: int, limit: int, seconds: float) -> tuple[bytes, bool]:
    """Up to ``limit`` + 1 bytes of a pipe, and whether its end came within the time. No thread is needed for
    that, so it also works while the interpreter shuts down."""
    deadline = time.monotonic() + seconds
    output = bytearray()
    while len(output) <= limit and (left := deadline - time.monotonic()) > 0:
        if select.select([descriptor], [], [], left)[0]:
            chunk = os.read(descriptor, 1 << 16)
            if not chunk:
                return bytes(output), True
            output += chunk
    return bytes(output[: limit + 1]), False


def top_of(folder: Path) -> Path | None:
    """The root of the repository that holds a folder; None if there is none, or no git."""
    found = Git(folder).line("rev-parse", "--show-toplevel")
    return Path(found) if found is not None else None


def read_git(folder: Path, script: Path | None = None) -> GitState | None:
    """The state of the repository that holds ``folder``; None if there is none (or no git, or it ignores the folder).

    Args:
        script: a file in the repository that is kept even if git is told to ignore it.
    """
    top = top_of(folder)
    if top is None:
        return None
    git = Git(top)
    subfolder = os.path.relpath(folder.resolve(), top.resolve()).replace(os.sep, "/")
    if subfolder != "." and git.run("check-ignore", "--quiet", subfolder) is not None:
        return None
    commit = git.line("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    changes = _changes(git, commit or EMPTY_TREE)
    untracked = _untracked(git, top, script)
    answers = {"what is changed and not committed": changes, "which files no commit holds": untracked}
    patch, left_out, redacted = changes or Changes(b"", {}, 0)
    sources = untracked or SourcePatch()
    return GitState(
        top=str(top),
        commit=commit,
        branch=git.line("symbolic-ref", "--quiet", "--short", "HEAD"),
        remote=_remote(git),
        subfolder="" if subfolder == "." else subfolder,
        dirty=bool(patch or left_out or sources.kept or sources.code_left_out),
        patch=patch,
        patch_left_out=left_out,
        redacted=redacted,
        untracked=sources,
        failed=tuple(question for question, answer in answers.items() if answer is None),
    )


def unread_repository(folder: Path) -> str | None:
    """The folder of a repository that holds ``folder`` and that git does not open: there is no git, or it is another
    user's ("dubious ownership"), or broken."""
    here = folder.resolve()
    found = next((place for place in (here, *here.parents) if (place / ".git").exists()), None)
    return str(found) if found is not None and top_of(folder) is None else None


def read_unversioned(folder: Path, script: Path | None) -> SourcePatch:
    """The sources of a folder that is under no version control.

    Of a folder that everything lies in (home, root, the one for temporary files): the script, and the modules
    beside it that this process has imported.
    """
    if is_shared(folder):
        return as_patch(folder, _imported_from(folder, script) if script is not None else [])
    return as_patch(folder, walk(folder), limit=MAX_VISITED)


def is_shared(folder: Path) -> bool:
    """Whether a folder holds more than one project, so that what lies in it says nothing."""
    shared = {Path.home(), Path(folder.anchor), Path(tempfile.gettempdir()), Path("/tmp")}  # noqa: S108
    return folder.resolve() in {place.resolve() for place in shared}


def _imported_from(folder: Path, script: Path) -> list[str]:
    """The script and the imported modules beside it, by name; none if it lies elsewhere."""
    here = folder.resolve()
    if script.resolve().parent != here:
        return []
    files = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
    beside = {Path(file).name for file in files if file and Path(file).parent.resolve() == here}
    return [script.name, *sorted(beside - {script.name})]


def _remote(git: Git) -> str | None:
    remotes = (git.line("remote") or "").splitlines()
    if not remotes:
        return None
    url = git.line("config", "--get", f"remote.{'origin' if 'origin' in remotes else remotes[0]}.url")
    return redact_url(url) if url else None


def _changes(git: Git, base: str) -> Changes | None:
    """The uncommitted changes of tracked files; None if git does not tell them."""
    options = ("--no-ext-diff", "--no-textconv", "--no-color", "--no-renames", "--ignore-submodules=dirty")
    names = git.run("diff", *options, "--name-only", "-z", base, "--")
    output = git.run("diff", *options, "--binary", "--full-index", base, "--", limit=MAX_PATCH_BYTES)
    if output is None or names is None:
        return None
    return keepable(output, os.fsdecode(names).split("\0")[:-1], MAX_PATCH_BYTES)


def _untracked(git: Git, top: Path, script: Path | None) -> SourcePatch | None:
    """The sources that no commit holds; None if git does not list them."""
    listing = git.run("ls-files", "--others", "--exclude-standard", "-z")
    if listing is None:
        return None
    names = os.fsdecode(listing).split("\0")[:-1]
    if script is not None and script.resolve().is_relative_to(top.resolve()):
        name = script.resolve().relative_to(top.resolve()).as_posix()
        if name not in names and git.run("check-ignore", "--quiet", name) is not None:
            names.insert(0, name)
    found = as_patch(top, names)
    return found._replace(cut=len(listing) > MAX_LISTING_BYTES)
