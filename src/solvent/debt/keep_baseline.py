"""``solvent debt baseline``: write it once, shorten it, and lengthen it with a reason only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec

from solvent.debt.baseline import DEFAULT_NAME, baseline_of, entry_of, match, numbered, read_baseline, updated, written
from solvent.debt.engine.check import Options, Report, check_whole
from solvent.debt.errors import InvalidBaseline
from solvent.debt.findings import Finding
from solvent.debt.settings import DebtSettings, read_settings
from solvent.debt.sources.discover import root_of
from solvent.disk import replace_file

_SETTING = "Add to [tool.solvent.debt] of pyproject.toml (or [debt] of solvent.toml):"


def keep_baseline(options: Options, file: Path | None, *, update: bool, reason: str) -> Iterator[str]:
    """Bring the baseline of a project up to date, and say what was done.

    Args:
        options: the rules, and a path of the project; the whole project is looked at.
        file: the baseline; None: that of the settings, or ``debt-baseline.jsonl`` of the project's root.
        update: remove what is paid.
        reason: why new findings are added; empty: they are not.

    Raises:
        InvalidBaseline: the file is damaged, can't be written, or is to be updated and is not there.
        CheckIncomplete: a rule did not run; the file stays as it was.
    """
    root = root_of(options.paths)
    settings = read_settings(root)
    path = baseline_of(root, settings.baseline or DEFAULT_NAME, file)
    assert path is not None
    asked = replace(options, paths=(root,), root=root)
    if not path.exists() and not update and not reason:
        report = check_whole(replace(asked, settings=msgspec.structs.replace(settings, baseline=None)))
        yield from _write_first(path, report, settings)
        return
    entries = read_baseline(path)
    everything: list[Finding] = []

    def listen(findings: list[Finding]) -> list[Finding]:
        everything.extend(findings)
        return findings

    report = check_whole(replace(asked, settings=settings, baseline=path, only=listen))
    matched = match(everything, entries)
    paid = report.paid
    gone = {entry.place for entry in paid}
    kept = updated(matched, [entry for entry in matched.missing if entry.place in gone]) if update else entries
    if reason:
        kept = numbered([*kept, *(entry_of(finding, reason) for finding in matched.new)])
    if update or reason:
        _put(path, written(kept))
    added = len(matched.new) if reason else 0
    yield f"{path.name}: {_count(len(kept))} known, {len(paid)} paid{_done(update, 'removed')}, {len(matched.new)} new{_done(bool(added), 'accepted')}."
    if paid and not update:
        yield "'solvent debt baseline --update' removes what is paid."
    if report.unreadable:
        yield f"{len(report.unreadable)} files can't be read ({report.unreadable[0][0]}): what is known of them stays."


def _write_first(path: Path, report: Report, settings: DebtSettings) -> Iterator[str]:
    _put(path, written(entry_of(finding) for finding in report.findings))
    yield f"Wrote {path.name}: {_count(len(report.findings))} known from now on."
    yield from report.notes
    if not settings.baseline:
        yield f'{_SETTING} baseline = "{_from(report.root, path)}"'
    if report.unreadable:
        yield f"{len(report.unreadable)} files can't be read ({report.unreadable[0][0]}): what is in them will be new."


def _from(root: Path, path: Path) -> str:
    full = path.resolve()
    return full.relative_to(root).as_posix() if full.is_relative_to(root) else str(full)


def _put(path: Path, content: bytes) -> None:
    try:
        replace_file(path, content)
    except OSError as error:
        raise InvalidBaseline(f"the baseline {path} can't be written: {error.strerror}") from error


def _count(number: int) -> str:
    return f"{number:,} finding{'' if number == 1 else 's'}"


def _done(yes: bool, what: str) -> str:
    return f" ({what})" if yes else ""
