"""``--add-ignores``: a comment that accepts each finding, written where it stands."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from solvent.debt.engine.check import Report
from solvent.debt.facts.facts import load_facts
from solvent.debt.findings import REPOSITORY, Finding
from solvent.debt.rewrite import Rewritten, content_of, encoding_of
from solvent.debt.sources.cells import with_sources
from solvent.debt.sources.errors import Unreadable
from solvent.debt.suppressions import Suppression, suppressions_of, written
from solvent.debt.syntax.module import Comment, Module
from solvent.debt.syntax.parse import parse
from solvent.errors import InvalidInput

DEFAULT_REASON = "known, nobody has looked at it yet"
_PYTHON = (".py", ".pyw", ".ipynb")
_ENDS = re.compile(r"\r\n|\r|\n")
_ODD_ENDS = re.compile("[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BEFORE_ALL = re.compile(r"#!|#.*?coding[:=]|\s*%%")
"""What has to be the first of a file or a cell."""


class Ignored(NamedTuple):
    """``refused`` says of findings why no comment can accept them."""

    rewritten: list[Rewritten]
    accepted: list[Finding]
    refused: list[tuple[Finding, str]]


class Wish(NamedTuple):
    """What the comments are to say. ``reason`` None: nobody gave one. ``until`` is an ISO date or empty."""

    reason: str | None
    until: str
    today: date


def add_ignores(report: Report, reason: str | None = None, until: str = "", today: date | None = None) -> Ignored:
    """The files with a comment at each finding; nothing is written yet.

    Raises:
        InvalidInput: the reason can't stand in a comment, or the date is none or over.
    """
    wish = Wish(reason, until, today or datetime.now(UTC).astimezone().date())
    written(["COD207"], reason or DEFAULT_REASON, until)
    if until and date.fromisoformat(until) < wish.today:
        raise InvalidInput(f"{until} is over: give a day to come")
    result = Ignored([], [], [])
    by_path: dict[str, list[Finding]] = {}
    for finding in report.findings:
        by_path.setdefault(finding.path, []).append(finding)
    for path, findings in by_path.items():
        if path == REPOSITORY or not path.endswith(_PYTHON):
            why = (
                "no comment in code can accept it" if path == REPOSITORY else "comments are read in Python files alone"
            )
            result.refused.extend((finding, why) for finding in findings)
            continue
        try:
            _in_file(report, path, findings, wish, result)
        except (Unreadable, UnicodeError) as error:
            result.refused.extend((finding, str(error)) for finding in findings)
    return result


def _in_file(report: Report, path: str, findings: list[Finding], wish: Wish, result: Ignored) -> None:
    content = content_of(report, path)
    facts = load_facts([report.root / name for name in report.settings.facts])
    module = parse(path, content, "source", facts)
    page = _Page(module)
    refused = [(finding, why) for finding in findings if (why := page.accept(finding, wish))]
    after = page.in_notebook(content) if module.notebook is not None else page.in_source(content)
    if ast.dump(parse(path, after, "source", facts).tree) != ast.dump(module.tree):
        raise Unreadable("a comment there would change what the code means")
    left = {finding.fingerprint for finding, _ in refused}
    result.refused.extend(refused)
    result.accepted.extend(finding for finding in findings if finding.fingerprint not in left)
    if after != content:
        result.rewritten.append(Rewritten(path, content, after))


class _Page:
    """The lines of a module (those of a notebook's cells one after another) and what is written between them."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.lines = module.source.split("\n")
        self.above: dict[int, list[str]] = {}
        self._new: dict[tuple[int, bool], list[str]] = {}
        comments = [comment for comment in module.comments if comment.text.startswith("solvent:")]
        self._known = list(zip(comments, suppressions_of(module), strict=True))
        self._commented = {comment.line: comment for comment in module.comments}
        self._closed = _closed_ends(module.source, self.lines, self._commented)

    def accept(self, finding: Finding, wish: Wish) -> str:
        """Write a comment for a finding; why not, if that can't be."""
        line = self._line_of(finding)
        if line is None:
            return "there is no Python cell to write it in"
        for number, (comment, each) in enumerate(self._known):
            if _is_at(each, finding):
                merged = _merge(each, finding.code, wish)
                self._write(comment, merged)
                self._known[number] = (comment, merged)
                return ""
        if not 0 < line <= len(self.lines):
            return "there is no such line"
        fresh = Suppression(
            self.module.spot(line), finding.line, (finding.code,), wish.reason or DEFAULT_REASON, wish.until
        )
        if finding.line and self._is_open(line):
            return self._append(line, fresh)
        if line - 1 not in self._closed:
            return self._insert(line, fresh)
        last = min(finding.end_line, finding.line + 20) - finding.line + line
        for each_line in range(line + 1, last + 1):
            if self._is_open(each_line):
                return self._append(each_line, fresh)
        return "it stands inside of a text, where no comment can be"

    def _line_of(self, finding: Finding) -> int | None:
        """Its line in the module; for a finding about the whole file the first that may be a comment."""
        notebook = self.module.notebook
        if finding.line:
            if notebook is None:
                return finding.line
            first = next((cell.first for cell in notebook.cells if cell.number == finding.cell), None)
            return None if first is None else first + finding.line - 1
        if notebook is None:
            code = (n for n, line in enumerate(self.lines, 1) if n > 2 or not _BEFORE_ALL.match(line))
            return next(code, len(self.lines) + 1)
        cell = next((cell for cell in notebook.cells if cell.python and cell.source.strip()), None)
        return None if cell is None else cell.first + bool(_BEFORE_ALL.match(cell.source))

    def _is_open(self, line: int) -> bool:
        return line not in self._closed and line not in self._commented

    def _append(self, line: int, fresh: Suppression) -> str:
        code = self.lines[line - 1].rstrip()
        comment = Comment(line, len(code) + 3, "", own_line=False)
        self.lines[line - 1] = f"{code}  "
        self._write(comment, fresh)
        self._commented[line] = comment
        self._known.append((comment, fresh))
        return ""

    def _insert(self, line: int, fresh: Suppression) -> str:
        text = self.lines[line - 1]
        indent = text[: len(text) - len(text.lstrip())]
        comment = Comment(-line, len(self.above.setdefault(line, [])), indent, own_line=True)
        self.above[line].append("")
        self._write(comment, fresh)
        self._known.append((comment, fresh))
        return ""

    def _write(self, comment: Comment, each: Suppression) -> None:
        """The comment's text anew; a new one above line n has the line -n, its place there, and its indent."""
        text = f"# {written(each.codes, each.reason, each.until)}"
        if comment.line < 0:
            self.above[-comment.line][comment.column] = comment.text + text
        else:
            line = self.lines[comment.line - 1]
            self.lines[comment.line - 1] = line[: comment.column - 1] + text

    def in_source(self, content: bytes) -> bytes:
        """The file with these lines, with its own line ends and encoding."""
        encoding = encoding_of(content)
        text = content.decode(encoding)
        ends = _ENDS.findall(text)
        usual = ends[0] if ends else "\n"
        parts = []
        for number, line in enumerate(self.lines, 1):
            parts += [above + usual for above in self.above.get(number, ())]
            parts.append(line + (ends[number - 1] if number <= len(ends) else ""))
        return "".join(parts).encode(encoding)

    def in_notebook(self, content: bytes) -> bytes:
        """The notebook with these lines in its cells."""
        notebook = self.module.notebook
        assert notebook is not None
        before = self.module.source.split("\n")
        sources: dict[int, str] = {}
        for cell in notebook.cells:
            own = cell.source.split("\n")
            count = len(cell.source.splitlines()) or 1
            touched = [
                n
                for n in range(cell.first, cell.first + count)
                if n in self.above or self.lines[n - 1] != before[n - 1]
            ]
            if not touched:
                continue
            if _ODD_ENDS.search(cell.source):
                raise Unreadable(f"cell {cell.number} has line ends that are not usual")
            for line in reversed(touched):
                at = line - cell.first
                changed = self.lines[line - 1] if self.lines[line - 1] != before[line - 1] else own[at]
                own[at : at + 1] = [*self.above.get(line, ()), changed]
            sources[cell.number] = "\n".join(own)
        return with_sources(content, sources)


def _closed_ends(source: str, lines: Sequence[str], commented: Iterable[int]) -> set[int]:
    """The lines at whose end no comment can begin: inside of a text, or before a line that goes on by a backslash."""
    closed = {number for number, line in enumerate(lines, 1) if line.endswith("\\") and number not in commented}
    opened: list[int] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            name = tokenize.tok_name[token.type]
            if name in ("FSTRING_START", "TSTRING_START"):
                opened.append(token.start[0])
            elif name in ("FSTRING_END", "TSTRING_END"):
                closed.update(range(opened.pop(), token.end[0]))
            elif token.type == tokenize.STRING:
                closed.update(range(token.start[0], token.end[0]))
    except (tokenize.TokenError, SyntaxError) as error:
        raise Unreadable(f"it can't be split into tokens: {error}") from None
    return closed


def _is_at(each: Suppression, finding: Finding) -> bool:
    """Whether a comment is where one for the finding belongs, or was meant for it and no longer holds."""
    if finding.line == 0:
        return finding.code in each.codes
    if each.spot.cell != finding.cell:
        return False
    near = finding.line <= each.line <= min(finding.end_line, finding.line + 20)
    return each.line == finding.line or (near and finding.code in each.codes)


def _merge(each: Suppression, code: str, wish: Wish) -> Suppression:
    """One comment for what was accepted there and one rule more. What is still good of it stays; of two dates the
    earlier one holds."""
    codes = tuple(dict.fromkeys([*each.codes, code]))
    expired = bool(each.until) and not each.problem and date.fromisoformat(each.until) < wish.today
    reason = each.reason or wish.reason or DEFAULT_REASON
    if wish.reason and wish.reason not in reason.split("; "):
        reason = wish.reason if expired else f"{reason}; {wish.reason}"
    dates = [day for day in ("" if expired or each.problem else each.until, wish.until) if day]
    return Suppression(each.spot, each.line, codes, reason, min(dates, default=""))
