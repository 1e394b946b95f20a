"""What a run came from, captured in one go: code, command line, packages, host."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Literal, NamedTuple

from solvent.provenance.git import GitState, is_shared, read_git, read_unversioned, top_of, unread_repository
from solvent.provenance.host import Host, read_host
from solvent.provenance.lock import Hashes, lock_text
from solvent.provenance.notebook import executed_cells
from solvent.provenance.packages import Package, read_packages
from solvent.provenance.program import Program, this_program
from solvent.provenance.redact import redact_arguments
from solvent.provenance.sources import SourcePatch
from solvent.provenance.unkept import Digests, Unkept
from solvent.provenance.unseen import Place, all_of, look_in, on_python_path
from solvent.provenance.variables import kept_variables

Code = Literal["versioned", "dirty", "unversioned", "unknown"]

_MAX_COMMAND = 7_000  # a run tag holds 8,000 characters
_MAX_NOTED = 5


class Provenance(NamedTuple):
    """``command`` has its secrets masked. ``sources`` are the files of ``root`` that no commit holds.

    ``working`` is the repository of the working folder ``folder``, if that is not the one of the code.
    ``hashes`` are those that the requirements of the environment give for its packages. ``unkept`` is all of the code
    that is not kept; ``unread`` the folder of a repository that git does not open.
    """

    folder: str
    program: str | None
    root: str
    git: GitState | None
    working: GitState | None
    sources: SourcePatch
    command: list[str]
    source_name: str
    source_type: str
    packages: list[Package]
    host: Host
    cells: bytes | None
    variables: dict[str, str]
    hashes: Hashes = {}
    unkept: tuple[Unkept, ...] = ()
    unread: str | None = None

    @property
    def code(self) -> Code:
        """How much of the code a commit holds: all, not quite all, or nothing; or git could not tell."""
        if self.git is None or self.git.commit is None:
            return "unversioned"
        if self.git.failed:
            return "unknown"
        return "dirty" if self.git.dirty else "versioned"

    def tags(self) -> dict[str, str]:
        """The tags of the run: MLflow's names where it has one, ``solvent.*`` otherwise."""
        tags = {
            "mlflow.user": self.host["user"],
            "mlflow.source.name": self.source_name,
            "mlflow.source.type": self.source_type,
            "solvent.code": self.code,
            "solvent.command": shlex.join(self.command)[:_MAX_COMMAND],
            "solvent.host": self.host["name"],
            "solvent.python": self.host["python"],
        }
        if self.git is not None:
            if not self.git.failed:
                tags["solvent.git.dirty"] = "true" if self.git.dirty else "false"
            known = {
                "mlflow.source.git.commit": self.git.commit,
                "mlflow.source.git.branch": self.git.branch,
                "mlflow.source.git.repoURL": self.git.remote,
            }
            tags |= {key: value for key, value in known.items() if value}
        if accelerators := self.host["accelerators"]:
            tags["solvent.accelerator"] = ", ".join(card["name"] for card in accelerators)[:500]
        if notes := self._notes():
            tags["solvent.code.note"] = "; ".join(notes)[:_MAX_COMMAND]
        return {key: _as_text(value) for key, value in tags.items()}

    def files(self) -> dict[str, bytes]:
        """The artifacts of the run, by path under ``solvent/``; only those that hold something.

        ``patch.diff`` changes the commit into the tracked files as they were, ``untracked.diff``
        makes the files that no commit holds: both are for ``git apply``. Those under ``working-folder/`` do the
        same for the working folder's repository, if the code lies elsewhere.
        """
        files = {
            "solvent/provenance.json": json.dumps(self._summary(), indent=2).encode(),
            "solvent/packages.txt": "".join(f"{package.line}\n" for package in self.packages).encode(),
            "solvent/environment.lock": lock_text(self.packages, self.host, self.hashes).encode(),
            "solvent/patch.diff": self.git.patch if self.git else b"",
            "solvent/untracked.diff": self.sources.patch,
            "solvent/working-folder/patch.diff": self.working.patch if self.working else b"",
            "solvent/working-folder/untracked.diff": self.working.untracked.patch if self.working else b"",
            "solvent/cells.py": self.cells or b"",
        }
        return {path: content for path, content in files.items() if content}

    def _notes(self) -> list[str]:
        """What is not there, or not as it was, so that nobody has to find out."""
        notes = []
        if self.git is not None and (cut := len(self.git.patch_cut)):
            notes.append(f"changes of {_files(cut)} left out of patch.diff (see provenance.json)")
        if left_out := len(self.sources.left_out) + self.sources.more:
            at_least = "at least " if self.sources.cut else ""
            notes.append(f"{at_least}{_files(left_out)} left out of untracked.diff (see provenance.json)")
        if redacted := self.sources.redacted + (self.git.redacted if self.git else 0):
            notes.append(f"{redacted} {'secret' if redacted == 1 else 'secrets'} masked in the code")
        if self.unread is not None:
            notes.append(f"git does not open the repository {self.unread}: not installed, another user's, or broken")
        if self.git is not None:
            notes += [f"git could not tell {question}" for question in self.git.failed]
        told = {*self.sources.left_out, *(self.git.patch_left_out if self.git else ())}
        if others := [one.path for one in self.unkept if one.path not in told]:
            more = f" and {len(others) - _MAX_NOTED} more" if len(others) > _MAX_NOTED else ""
            named = ", ".join(others[:_MAX_NOTED])
            notes.append(f"code that is not kept: {named}{more} (see unkept in provenance.json)")
        return notes

    def _summary(self) -> dict[str, object]:
        return {
            "code": self.code,
            "program": self.program,
            "root": self.root,
            "git": _repository(self.git) if self.git else None,
            "untracked": _untracked(self.sources),
            "folder": self.folder,
            "working_folder": _repository(self.working) | {"untracked": _untracked(self.working.untracked)}
            if self.working
            else None,
            "command": self.command,
            "source": {"name": self.source_name, "type": self.source_type},
            "host": self.host,
            "variables": self.variables,
            "unkept": [one._asdict() for one in self.unkept],
            "notes": self._notes(),
        }


def capture(folder: Path, program: Program | None = None) -> Provenance:
    """What a program that runs in ``folder`` came from. Bounded in time and size; never raises for a folder that
    git does not know.

    The code is looked for where the program's main file is: in its repository, or beside it if there is none.
    Without a main file (a notebook, an interactive session) it is looked for in the working folder.

    Args:
        program: what this process runs, if not given.
    """
    program = program or this_program()
    folder = folder.resolve()
    main = program.file.resolve() if program.file is not None else None
    root = main.parent if main is not None else folder
    git = read_git(root, main)
    working = read_git(folder) if folder != root and _is_other(folder, git) else None
    if git is None and main is not None and working is None and main.is_relative_to(folder) and not is_shared(folder):
        root = folder
    sources = git.untracked if git is not None else read_unversioned(root, main)
    digests = Digests()
    here = look_in(Place(Path(git.top) if git is not None else root, git, sources), digests, script=main is not None)
    if git is not None and here.changed:
        git = git._replace(dirty=True)
    beside = look_in(Place(Path(working.top), working, working.untracked), digests) if working is not None else None
    roots = [root if git is None else Path(git.top), *([Path(working.top)] if working is not None else [])]
    return Provenance(
        folder=str(folder),
        program=str(main) if main is not None else None,
        root=git.top if git is not None else str(root),
        git=git,
        working=working,
        sources=sources,
        command=redact_arguments(program.command),
        source_name=program.name,
        source_type=program.kind,
        packages=read_packages(),
        host=read_host(),
        cells=executed_cells(),
        variables=kept_variables(),
        unkept=all_of(here, *([beside] if beside is not None else []), on_python_path(roots, folder, digests)),
        unread=unread_repository(root) if git is None else None,
    )


def _is_other(folder: Path, git: GitState | None) -> bool:
    """Whether a folder's repository is not this one."""
    top = top_of(folder)
    return top is not None and (git is None or str(top) != git.top)


def _repository(git: GitState) -> dict[str, object]:
    return {
        "root": git.top,
        "commit": git.commit,
        "branch": git.branch,
        "remote": git.remote,
        "subfolder": git.subfolder,
        "dirty": git.dirty,
        "patch_left_out": git.patch_cut,
        "failed": git.failed,
    }


def _untracked(sources: SourcePatch) -> dict[str, object]:
    return {
        "kept": sources.kept,
        "left_out": sources.left_out,
        "left_out_unnamed": sources.more,
        "listing_cut": sources.cut,
    }


def _as_text(value: str) -> str:
    """A tag's value; names of files need not be UTF-8."""
    return value.encode("utf-8", "backslashreplace").decode()


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"
