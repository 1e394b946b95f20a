"""A whole check: files, rules, suppressions, totals."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from solvent.debt.baseline import Entry, baseline_of, match, read_baseline
from solvent.debt.engine.asked import PYTHON, not_examined
from solvent.debt.engine.cache import Cache, cache_key
from solvent.debt.engine.delegate import Delegation
from solvent.debt.engine.examine import Examined, digest_of
from solvent.debt.engine.suppress import Warned, apply_suppressions
from solvent.debt.engine.workers import examine_all
from solvent.debt.errors import CheckIncomplete
from solvent.debt.facts.facts import facts_files
from solvent.debt.findings import REPOSITORY, Finding, Found
from solvent.debt.fingerprint import identify
from solvent.debt.project.project import Project
from solvent.debt.project.share import Shared
from solvent.debt.rating import Summary, summarize
from solvent.debt.registry import all_rules, matching
from solvent.debt.rule import Rule
from solvent.debt.settings import DebtSettings, read_settings
from solvent.debt.sources.discover import Listing, excluded, list_files, root_of
from solvent.debt.sources.roles import role_of

_ODD_NAME = "its name is not UTF-8: rename it"


@dataclass(frozen=True)
class Options:
    """What a check is asked. ``settings`` None: those of the project. ``jobs`` 0: one per processor.

    ``root`` None: the project that holds the paths (``sources.discover.root_of``). ``baseline`` None: that of the
    settings, if they name one. ``only`` is given all findings and returns those that are asked about. ``twin`` is
    the root that this one is another state of: what is cached of the twin counts here too.
    """

    paths: Sequence[Path] = (Path(),)
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    preview: bool | None = None
    exclude: Sequence[str] = ()
    cache: bool = True
    jobs: int = 0
    today: date | None = None
    settings: DebtSettings | None = None
    root: Path | None = None
    progress: Callable[[int, int], None] | None = None
    baseline: Path | None = None
    only: Callable[[list[Finding]], list[Finding]] | None = None
    twin: Path | None = None


@dataclass(frozen=True)
class Report:
    """``unreadable``: path and why. ``warned``: suppressions that are unused, expired or badly written.

    ``failed`` says what did not work for the whole check: it is not answered then, whatever was found.
    ``unexamined`` are files that were asked for by name and are none that a check looks at, with why.
    ``suppressed`` are the findings that a comment in the code accepts, ``paid`` the entries of the baseline that are
    found no more. ``notes`` are lines for people. ``codes`` are the rules that ran, ``previews`` the number of those
    that would have run with previews; ``digests`` tell by path whether a file is still the one that was looked at
    (``engine.examine.digest_of``).
    ``project`` is what the rules saw that look at all files.
    """

    root: Path
    findings: list[Finding]
    unreadable: list[tuple[str, str]]
    warned: list[Warned]
    suppressed: list[Finding]
    summary: Summary
    notes: list[str] = field(default_factory=list)
    paid: list[Entry] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    settings: DebtSettings = field(default_factory=DebtSettings)
    failed: list[str] = field(default_factory=list)
    unexamined: list[tuple[str, str]] = field(default_factory=list)
    previews: int = 0
    project: Project | None = None


def check(options: Options) -> Report:
    """Look at a project.

    The whole project is read, whatever paths are asked for: whether a model is saved, or a seed set, is often
    said in another file. Findings are those of the paths; those of the whole repository only if it is asked for.

    Raises:
        InvalidDebtSettings, UnknownRule, InvalidBaseline, TooManyFiles: by the settings, the options or the project.
    """
    root = options.root or root_of(options.paths)
    settings = options.settings or read_settings(root)
    rules = chosen(settings, options)
    baseline = baseline_of(root, settings.baseline or None, options.baseline)
    entries = read_baseline(baseline) if baseline is not None else []
    codes = [rule.code for rule in rules]
    facts = facts_files(options.twin or root, settings.facts)
    patterns = [*settings.exclude, *options.exclude]
    listing = list_files(root, patterns)
    delegation = Delegation(root, rules, _named(settings, options))
    examined = _examine(root, settings, listing, codes, facts, options, delegation)
    files = {path: each.summary for path, each in examined.items() if each.summary is not None}
    project = Project(root, files, listing.paths, listing.tracked, settings)
    found, broken = _found(rules, examined, project)
    codes = [code for code in codes if code not in delegation.skipped and code not in broken]
    wanted = _within(root, options.paths)
    suppressions = {path: each.suppressions for path, each in examined.items()}
    today = options.today or datetime.now(UTC).astimezone().date()
    kept = apply_suppressions(identify(found, settings.rules), suppressions, codes, today)
    matched = match(kept.findings, entries)
    known = {finding.fingerprint for finding, _ in matched.known}
    asked = options.only(kept.findings) if options.only is not None else kept.findings
    findings = [finding for finding in asked if wanted(finding.path) and finding.fingerprint not in known]
    suppressed = [finding for finding in kept.suppressed if wanted(finding.path)]
    unreadable = [
        (_shown(path), each.unreadable) for path, each in examined.items() if each.unreadable and wanted(path)
    ]
    inside = [file for path, file in files.items() if wanted(path)]
    summary = summarize(
        findings,
        files=len(inside),
        lines=sum(file.lines for file in inside),
        unreadable=len(unreadable),
        grid=settings.rating,
        suppressed=len(suppressed),
        known=sum(1 for finding, _ in matched.known if wanted(finding.path)),
    )
    warned = [warning for warning in kept.warned if wanted(warning.path)]
    unseen = {path for path, each in examined.items() if each.unreadable}
    paid = [entry for entry in matched.missing if _is_paid(entry, codes, unseen, options.exclude)]
    notes = [*_notes(listing, rules), *_paid_note(paid, baseline), *delegation.notes, *broken.values()]
    digests = {path: each.digest for path, each in examined.items() if wanted(path)}
    failed = [*delegation.failed, *broken.values()]
    unexamined = not_examined(root, options.paths, listing, patterns, examined)
    return Report(
        root,
        findings,
        unreadable,
        warned,
        suppressed,
        summary,
        notes,
        paid,
        codes,
        digests,
        settings,
        failed,
        unexamined,
        len(chosen(settings, replace(options, preview=True))) - len(rules),
        project,
    )


def check_whole(options: Options) -> Report:
    """The same for who goes on with what is found, and must not take a part for the whole.

    Raises:
        CheckIncomplete: a rule did not run.
    """
    report = check(options)
    if report.failed:
        raise CheckIncomplete("; ".join(report.failed))
    return report


def chosen(settings: DebtSettings, options: Options) -> list[Rule]:
    """The rules that run: selected ones, or those that are on by default (with previews if wanted), less the ignored.

    A rule that is named by its whole code runs even if it is a preview.
    """
    preview = settings.preview if options.preview is None else options.preview
    select = [*(options.select or settings.select)]
    ignored = {rule.code for rule in matching([*settings.ignore, *options.ignore])}
    if not select:
        return [rule for rule in all_rules().values() if (preview or not rule.preview) and rule.code not in ignored]
    named = _named(settings, options)
    found = {
        rule.code: rule
        for rule in matching(select)
        if (preview or not rule.preview or rule.code in named or rule.name in named) and rule.code not in ignored
    }
    return [found[code] for code in sorted(found)]


def _named(settings: DebtSettings, options: Options) -> set[str]:
    """What is selected, in the letters of codes and of names."""
    select = options.select or settings.select
    return {text.upper() for text in select} | {text.lower() for text in select}


def _examine(
    root: Path,
    settings: DebtSettings,
    listing: Listing,
    codes: list[str],
    facts: list[Path],
    options: Options,
    delegation: Delegation,
) -> dict[str, Examined]:
    odd = {path: Examined("", None, [], [], _ODD_NAME) for path in listing.paths if not _is_text(path)}
    python = [path for path in listing.paths if path.endswith(PYTHON)]
    work = [(path, role_of(path, settings.profiles)) for path in python if path not in odd]
    cache = Cache(root, cache_key([*codes, delegation.state], facts), options.twin) if options.cache else None
    results: dict[str, Examined] = {}
    shared = Shared()
    if cache is not None:
        results = {path: known for path, role in work if (known := cache.find(path, role)) is not None}
        for known in results.values():
            _share(shared, known)
    missing = [(path, role) for path, role in work if path not in results]
    finished = len(work) - len(missing)

    def done(count: int) -> None:
        nonlocal finished
        finished += count
        if options.progress is not None:
            options.progress(finished, len(work))

    jobs = options.jobs or os.cpu_count() or 1
    for path, role, encoded in examine_all(root, facts, codes, missing, jobs, done):
        results[path] = msgspec.msgpack.decode(encoded, type=Examined)
        _share(shared, results[path])
        if cache is not None and results[path].digest:
            cache.keep(path, role, encoded, results[path].digest)
    if not delegation.run([(path, role) for path, role in missing if results[path].summary is not None]):
        cache = None  # what ruff could not look at is looked at again next time
    for path, role in missing:
        whole = delegation.added(path, role, results[path])
        if whole is not results[path]:
            results[path] = whole
            if cache is not None and whole.digest:
                cache.keep(path, role, msgspec.msgpack.encode(whole), whole.digest)
    if cache is not None:
        cache.forget(delegation.culprits)
    if cache is not None:
        cache.save()
    return {path: odd.get(path) or results[path] for path in python}


def _share(shared: Shared, examined: Examined) -> None:
    if examined.summary is not None:
        shared.share(examined.summary)


def _is_text(path: str) -> bool:
    """Whether a file's name is text at all: on Linux it may be any bytes."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _found(
    rules: Iterable[Rule], examined: dict[str, Examined], project: Project
) -> tuple[list[tuple[Rule, Found]], dict[str, str]]:
    """What the rules find, and by code how a rule failed that looks at the whole project."""
    by_code = {rule.code: rule for rule in rules}
    broken: dict[str, str] = {}
    found = [(by_code[code], each) for file in examined.values() for code, each in file.found if code in by_code]
    for rule in by_code.values():
        if rule.check_project is not None:
            try:
                found += [(rule, each) for each in rule.check_project(project)]
            except Exception as error:  # one rule must not keep people from what the others find; it is said
                told = f"{type(error).__name__}: {error}"[:200]
                broken[rule.code] = (
                    f"{rule.code} did not run: it failed ({told}): a defect of Solvent, please report it"
                )
    return found, broken


def _within(root: Path, paths: Sequence[Path]) -> Callable[[str], bool]:
    """Whether a relative path is one of those asked for, or in a folder of them."""
    asked = [path.resolve().relative_to(root).as_posix() for path in paths]
    if "." in asked:
        return lambda _: True
    return lambda path: path != REPOSITORY and any(path == each or path.startswith(f"{each}/") for each in asked)


def _is_paid(entry: Entry, codes: Iterable[str], unseen: Iterable[str], exclude: Iterable[str]) -> bool:
    """Whether an entry that nothing was found for is settled: its rule ran (or is no more), and its file was read."""
    if entry.code in all_rules() and entry.code not in codes:
        return False
    return entry.path not in unseen and not any(excluded(entry.path, pattern.rstrip("/")) for pattern in exclude)


def _paid_note(paid: Sequence[Entry], baseline: Path | None) -> list[str]:
    if not paid or baseline is None:
        return []
    each = "1 finding of the baseline is" if len(paid) == 1 else f"{len(paid):,} findings of the baseline are"
    return [f"{each} paid ({paid[0].code} in {paid[0].path}): 'solvent debt baseline --update' removes what is paid"]


def _shown(path: str) -> str:
    """A path that can be written to a report."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _notes(listing: Listing, rules: Sequence[Rule]) -> list[str]:
    notes = [] if rules else ["no rule was run: --select names some, --preview adds those that are not measured yet"]
    links = [path for path in listing.links if path.endswith(PYTHON)]
    if links:
        notes.append(f"symbolic links were not followed ({len(links):,}): {links[0]} was not looked at")
    return notes


__all__ = ["Options", "Report", "check", "check_whole", "chosen", "digest_of"]
