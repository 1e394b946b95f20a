"""What is known of a project's origin once it lies on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from solvent.projects.errors import InvalidProject
from solvent.projects.scratch import discard

Kind = Literal["folder", "zip", "git"]


@dataclass(frozen=True)
class Source:
    """A project's folder, and where it came from.

    ``uri`` names it without secrets, with its ``#subfolder``. ``root`` is what was fetched: the project's own
    ``folder`` may lie deeper in it. ``remote``: it came over the network. ``fetched``: it is a copy that was made
    for this process and goes with it. ``commit`` and ``branch`` are git's, ``digest`` is the zip's SHA-256.
    ``notes`` say what of it is not here.
    """

    kind: Kind
    uri: str
    root: Path
    folder: Path
    subfolder: str = ""
    commit: str | None = None
    branch: str | None = None
    digest: str | None = None
    remote: bool = False
    fetched: bool = False
    notes: tuple[str, ...] = ()

    def tags(self) -> dict[str, str]:
        """What the run's tags say of it, beside what its folder's repository tells."""
        if not self.fetched:
            return {}
        tags = {"mlflow.source.name": self.uri}
        if self.digest:
            tags["solvent.source.digest"] = self.digest
        return tags

    def address_of(self, file: Path) -> str:
        """What to call a file of the copy, whose own path is another one each time; '' for any other file."""
        if not self.fetched or not file.absolute().is_relative_to(self.folder.absolute()):
            return ""
        place, _, subfolder = self.uri.partition("#")
        version = f"@{self.commit or self.digest}"
        within = f"{subfolder}/{file.absolute().relative_to(self.folder.absolute()).as_posix()}".strip("/")
        return f"{self.kind}+{'' if self.remote else 'file://'}{place}{version}#{within}"

    def discard(self) -> None:
        """Remove the copy, if it is one."""
        if self.fetched:
            discard(self.root)


def inner(root: Path, subfolder: str, uri: str) -> Path:
    """The folder within another.

    Raises:
        InvalidProject: it is not there, or leads out.
    """
    if not subfolder:
        return root
    folder = root / subfolder
    if not folder.resolve().is_relative_to(root.resolve()):
        raise InvalidProject(f"'{uri}': #{subfolder} leads out of the project: name a folder within it")
    if not folder.is_dir():
        here = ", ".join(sorted(path.name for path in root.iterdir() if path.is_dir() and path.name != ".git")[:10])
        raise InvalidProject(f"'{uri}': there is no folder '{subfolder}' (there: {here or 'no folders'})")
    return folder
