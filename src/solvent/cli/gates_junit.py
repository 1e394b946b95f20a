"""Counting what came of tests in JUnit reports, as pytest and all others write them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from solvent.errors import InvalidInput

_MOST = 256 << 20


class Counted(NamedTuple):
    total: int = 0
    failed: int = 0
    skipped: int = 0

    @property
    def body(self) -> dict[str, int]:
        return self._asdict()


def count(reports: Iterable[Path]) -> Counted:
    """All tests of these reports; errors count as failed.

    Raises:
        InvalidInput: a file is no report, or holds no test.
    """
    found = [_one(report) for report in reports]
    return Counted(*(sum(numbers) for numbers in zip(*found, strict=True)))


def _one(report: Path) -> Counted:
    total = failed = skipped = 0
    for case in _cases(report):
        total += 1
        children = {child.tag.rpartition("}")[2] for child in case}
        failed += bool(children & {"failure", "error"})
        skipped += "skipped" in children and not children & {"failure", "error"}
    if not total:
        raise InvalidInput(f"{report} holds no test: expected a JUnit report, as 'pytest --junit-xml' writes it")
    return Counted(total, failed, skipped)


def _cases(report: Path) -> list[ElementTree.Element]:
    try:
        if report.stat().st_size > _MOST:
            raise InvalidInput(f"{report} is larger than {_MOST:,} bytes")
        text = report.read_bytes()
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise InvalidInput(f"{report} declares entities: expected a plain JUnit report")
        root = ElementTree.fromstring(text)  # noqa: S314 - nothing can be declared in it
    except OSError as error:
        raise InvalidInput(f"{report} can't be read: {error.strerror}") from error
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise InvalidInput(f"{report} is no JUnit report: {error}") from error
    return [each for each in root.iter() if each.tag.rpartition("}")[2] == "testcase"]
