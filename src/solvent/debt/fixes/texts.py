"""A project's manifests, asked for what they declare, and changed by fixers.

What ``tree.Tree`` is to Python files: fixers note their changes here and say which findings they can't mend. They
change texts in place, by splices, so that all else in a file keeps its bytes; and each change is read again by the
manifest's own reader, which must find what was meant and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

from solvent.debt.engine.check import Report
from solvent.debt.findings import Finding
from solvent.debt.fixes import requirements_text, toml_text
from solvent.debt.fixes.tree import CannotFix, Refused
from solvent.debt.project.declaring import CHANGEABLE
from solvent.debt.project.locked import installed_versions
from solvent.debt.project.manifest_readers import Manifest
from solvent.debt.project.manifests import reader_of
from solvent.debt.project.project import Project
from solvent.debt.project.requirements import Requirement
from solvent.debt.rewrite import Rewritten
from solvent.debt.sources.errors import Unreadable
from solvent.debt.sources.read import read_file


class FixTexts(Protocol):
    """What a fixer of manifests is."""

    def __call__(self, texts: Texts, findings: Sequence[Finding]) -> Refused: ...


class Texts:
    """``project`` is the project as the check saw it; ``changed`` what its files are to be, by path."""

    def __init__(self, report: Report) -> None:
        assert report.project is not None
        self.project = report.project
        self.changed: dict[str, str] = {}
        self._before: dict[str, bytes] = {}

    @cached_property
    def installed(self) -> dict[str, str]:
        return installed_versions(self.project.root)

    @property
    def now(self) -> Project:
        """The project with all changes that were made until now."""
        return self.project.with_texts(self.changed)

    def manifest(self, path: str) -> Manifest:
        """What a file declares now.

        Raises:
            CannotFix: it is not what the check saw, or no text that can be changed.
        """
        return self._read(path, self._text(path))

    def add(self, path: str, distribution: str, version: str | None) -> None:
        """Declare a distribution, pinned to a version or by its bare name.

        Raises:
            CannotFix: the file can't be changed so.
        """
        before = self.manifest(path)
        text = requirements_text if before.kind == "requirements" else toml_text
        self._put(path, text.added(self._text(path), distribution, version), before, {distribution: version})

    def pin(self, path: str, versions: dict[str, str]) -> None:
        """Pin distributions that a file asks for already.

        Raises:
            CannotFix: the file can't be changed so.
        """
        before = self.manifest(path)
        text = requirements_text if before.kind == "requirements" else toml_text
        wanted = [each for each in before.requirements if each.name in versions]
        self._put(path, text.pinned(self._text(path), wanted, versions), before, dict(versions))

    def rewritten(self) -> list[Rewritten]:
        return [
            Rewritten(path, before, after)
            for path, text in self.changed.items()
            if (after := _with_mark(before := self._before[path], text)) != before
        ]

    def _put(self, path: str, text: str, before: Manifest, wanted: dict[str, str | None]) -> None:
        after = self._read(path, text)
        pins = {name: (("==", version),) if version else () for name, version in wanted.items()}
        asked = [each._replace(specifiers=pins.pop(each.name, each.specifiers)) for each in before.requirements]
        asked += [Requirement(name, specifiers) for name, specifiers in pins.items()]
        if _asked(after.requirements) != _asked(asked) or _asked(after.others) != _asked(before.others):
            raise CannotFix(f"{path} is laid out in a way that no fix knows")
        self.changed[path] = text

    def _read(self, path: str, text: str) -> Manifest:
        reader = reader_of(path)
        manifest = reader(path, text) if reader is not None else None
        if manifest is None or manifest.kind not in CHANGEABLE:
            raise CannotFix(f"no fix changes {path}: do it by hand")
        return manifest

    def _text(self, path: str) -> str:
        if path in self.changed:
            return self.changed[path]
        try:
            content = read_file(self.project.root / path)
            text = content.decode("utf-8-sig")
        except (Unreadable, UnicodeDecodeError):
            raise CannotFix(f"{path} can't be read as UTF-8") from None
        if text != self.project.text(path):
            raise CannotFix(f"{path} has changed since it was looked at: check again")
        self._before[path] = content
        return text


def _asked(requirements: Sequence[Requirement]) -> list[Requirement]:
    return sorted(each._replace(line=0) for each in requirements)


def _with_mark(before: bytes, text: str) -> bytes:
    """The text as bytes, with a byte order mark if there was one."""
    return text.encode("utf-8-sig" if before.startswith(b"\xef\xbb\xbf") else "utf-8")
