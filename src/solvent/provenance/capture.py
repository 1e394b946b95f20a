"""What a run came from, captured in one go: code, command line, packages, host."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from solvent.provenance.git import GitState, read_git, read_unversioned
from solvent.provenance.host import Host, read_host
from solvent.provenance.notebook import executed_cells, notebook_name
from solvent.provenance.packages import installed_packages
from solvent.provenance.redact import redact_arguments
from solvent.provenance.sources import SourcePatch

Code = Literal["versioned", "dirty", "unversioned"]

_MAX_COMMAND = 7_000  # a run tag holds 8,000 characters


class Provenance(NamedTuple):
    """``command`` has its secrets masked. ``sources`` are the files that no commit holds."""

    folder: str
    git: GitState | None
    sources: SourcePatch
    command: list[str]
    source_name: str
    source_type: str
    packages: list[str]
    host: Host
    cells: bytes | None

    @property
    def code(self) -> Code:
        """How much of the code a commit holds: all, not quite all, or nothing."""
        if self.git is None or self.git.commit is None:
            return "unversioned"
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
        return tags

    def files(self) -> dict[str, bytes]:
        """The artifacts of the run, by path under ``solvent/``; only those that hold something.

        ``patch.diff`` changes the commit into the tracked files as they were, ``untracked.diff``
        makes the files that no commit holds: both are for ``git apply``.
        """
        files = {
            "solvent/provenance.json": json.dumps(self._summary(), indent=2).encode(),
            "solvent/packages.txt": "".join(f"{line}\n" for line in self.packages).encode(),
            "solvent/patch.diff": self.git.patch if self.git else b"",
            "solvent/untracked.diff": self.sources.patch,
            "solvent/cells.py": self.cells or b"",
        }
        return {path: content for path, content in files.items() if content}

    def _notes(self) -> list[str]:
        """What is not there, or not as it was, so that nobody has to find out."""
        notes = []
        if self.git is not None and self.git.patch_cut:
            notes.append(f"changes of {len(self.git.patch_cut)} files left out of patch.diff (see provenance.json)")
        if self.sources.left_out:
            notes.append(f"{len(self.sources.left_out)} files left out of untracked.diff (see provenance.json)")
        if redacted := self.sources.redacted + (self.git.redacted if self.git else 0):
            notes.append(f"{redacted} secrets masked in the code")
        return notes

    def _summary(self) -> dict[str, object]:
        git: Mapping[str, object] | None = None
        if self.git is not None:
            git = {
                "commit": self.git.commit,
                "branch": self.git.branch,
                "remote": self.git.remote,
                "subfolder": self.git.subfolder,
                "dirty": self.git.dirty,
                "patch_left_out": self.git.patch_cut,
            }
        return {
            "code": self.code,
            "folder": self.folder,
            "git": git,
            "untracked": {"kept": self.sources.kept, "left_out": self.sources.left_out},
            "command": self.command,
            "source": {"name": self.source_name, "type": self.source_type},
            "host": self.host,
            "notes": self._notes(),
        }


def capture(
    folder: Path, *, search_path: Sequence[str] | None = None, command: Sequence[str] | None = None
) -> Provenance:
    """What the code in ``folder``, run by this process, came from. Bounded in time and size; never raises for
    a folder that git does not know.

    Args:
        search_path: where the packages are looked for, if not in this process's ``sys.path``.
        command: the command line, if not this process's own.
    """
    script = _script()
    git = read_git(folder)
    name = notebook_name()
    cells = executed_cells()
    arguments = list(command) if command is not None else (sys.orig_argv or sys.argv)
    return Provenance(
        folder=str(folder.resolve()),
        git=git,
        sources=git.untracked if git is not None else read_unversioned(folder, script),
        command=redact_arguments(arguments),
        source_name=name or (str(script) if script else "<interactive>"),
        source_type="NOTEBOOK" if name or cells is not None else "LOCAL",
        packages=installed_packages(search_path),
        host=read_host(),
        cells=cells,
    )


def _script() -> Path | None:
    """The script that this process runs, if it is a file."""
    first = sys.argv[0] if sys.argv else ""
    path = Path(first) if first and first not in {"-c", "-m"} else None
    return path.absolute() if path is not None and path.is_file() else None
