"""Failures in the lines of a log: tracebacks of Python and IPython, exceptions without one, ends of processes.

The lines of a traceback may each carry a prefix (a time, a rank, a container's name), may be those of an exception
group, and may begin or end outside of the log. Memory is bounded: of a failure that is repeated one is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from solvent.debt.explain_log.failures import Failure, Frame

MOST = 200
"""So many different failures are kept, the last ones."""
_MOST_FRAMES = 400
_MOST_MESSAGE = 40
_MOST_STRANGE = 60
"""So many lines of others may stand between two lines of a traceback that carry its prefix."""

_HEADER = re.compile(
    r"^(?P<prefix>.*?)(?P<gutter>(?: *[+|] )?)(?:Exception Group )?Traceback \(most recent call last\):?\s*$"
)
_IPYTHON = re.compile(r"^(?P<kind>[A-Za-z_][\w.]*)\s{2,}Traceback \(most recent call last\)\s*$")
_FRAME = re.compile(r'^\s*File "(?P<path>[^"]+)", line (?P<line>\d+)(?:, in (?P<name>.+?))?\s*$')
_IPYTHON_FRAMES = (
    re.compile(r"^(?P<path>(?:Cell )?In\s?\[\d+\]), line (?P<line>\d+)(?:, in (?P<name>[\w.<>]+).*)?$"),
    re.compile(r"^(?:File )?(?P<path>[~/.\w][^:]*\.py):(?P<line>\d+)(?:, in (?P<name>[\w.<>]+).*)?$"),
    re.compile(r"^(?P<path>(?:[~/.]\S*\.py|<ipython-input-\S+>|Input In \[\d+\])),? in (?P<name>[\w.<>]+).*$"),
)
_ARROW = re.compile(r"^-+> ?(?P<line>\d+)(?P<source>.*)$")
_ENDING = re.compile(r"^(?P<kind>[A-Za-z_][\w.]*(?<!\.))(?:: (?P<message>.*)|:?\s*)$")
_TYPE = re.compile(r"(Error|Exception|Warning|Interrupt|Exit|Group|Iteration|Failed|Fault|Timeout|NotFound|Abort)\w*$")
_LOOSE = re.compile(
    r"(?:^|[\s:\]|'\"])(?P<kind>(?:[A-Za-z_]\w*\.)*(?:[A-Za-z_]\w*(?:Errors?|Exception|Warning|Interrupt)|Exception)): (?P<message>\S.*)$"
)
_BARE = re.compile(r"^(?P<kind>(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*Error)\s*$")
_WARNED = re.compile(
    r"(?P<path>(?:[A-Za-z]:)?[^\s:]+\.py|<[^>]+>):(?P<line>\d+): (?P<kind>[\w.]*Warning): ?(?P<message>.*)$"
)
_KILLED = re.compile(
    r"(?P<message>out of memory: kill(?:ed)? process.*|oom-?kill(?:er|ed)?\b.*|\bOOMKilled\b.*|exit(?:ed)?(?: with)?(?: code| status)?"
    r"[ :=]*(?:137|-9)\b.*|^\s*(?:\S+: line \d+: +\d+ )?Killed\b.*|signal(?: SIGKILL|: killed| 9\b).*)$",
    re.IGNORECASE,
)
_LOG_LINE = re.compile(r"^\W{0,2}(?:\d{4}[-/]\d\d[-/]\d\d|\d\d:\d\d:\d\d|(?:DEBUG|INFO|WARN(?:ING)?|ERROR|CRITICAL)\b)")
_LEVELS = frozenset({"DEBUG", "INFO", "WARN", "WARNING", "ERROR", "CRITICAL", "FATAL"})
_GROUP_LINE = re.compile(r"^ *\+[-+]+(?: ?\d+ ?-*| ?\.\.\. ?-*)?$")
_GUTTER = re.compile(r"^ *\| ?")
_CAUSES_OF_DEATH = ("ill", "137", "OOM", "oom", "-9", "ignal 9")


def failures(lines: Iterable[str]) -> list[Failure]:
    """The different failures, in the order in which each came first."""
    found: dict[object, Failure] = {}
    for failure in _chained(_Reader(lines)):
        key = (failure.identity, tuple(each.identity for each in failure.causes))
        known = found.get(key)
        if known is not None:
            known.times += 1
            continue
        if len(found) >= MOST:
            del found[next(iter(found))]
        found[key] = failure
    return list(found.values())


def _chained(reader: _Reader) -> Iterator[Failure]:
    """Failures with what led to them: only the last one of a chain is one of its own."""
    before: list[Failure] = []
    for failure, leads_on in reader:
        failure.causes = before
        if leads_on:
            before = [*before, failure][-8:]
            failure.causes = []
        else:
            yield failure
            before = []
    if before:
        last = before.pop()
        last.causes = before
        yield last


class _Reader:
    """Goes over the lines once; a line that ends something is looked at again (``_again``)."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._again: list[str] = []
        self._number = 0

    def _next(self) -> str | None:
        if self._again:
            self._number += 1
            return self._again.pop()
        line = next(self._lines, None)
        if line is not None:
            self._number += 1
        return line

    def _back(self, line: str) -> None:
        self._again.append(line)
        self._number -= 1

    def __iter__(self) -> Iterator[tuple[Failure, bool]]:
        while (line := self._next()) is not None:
            failure = self._begun(line)
            if failure is not None and (failure.frames or not failure.cut_off):
                yield failure, self._leads_on()

    def _begun(self, line: str) -> Failure | None:
        """The failure that a line begins."""
        if "Traceback (most" in line:
            if found := _IPYTHON.match(line):
                return self._ipython(found["kind"])
            if found := _HEADER.match(line):
                return self._python(_Prefix(found["prefix"], grouped="|" in found["gutter"] or "+" in found["gutter"]))
        if 'File "' in line and _FRAME.match(line):  # its beginning is not in the log
            self._back(line)
            failure = self._python(_Prefix("", grouped=False))
            return failure if not failure.cut_off or len(failure.frames) > 1 else None
        if "Warning" in line and (found := _WARNED.search(line)):
            frame = Frame(found["path"], int(found["line"]))
            return self._told(
                Failure(found["kind"], found["message"], [frame], self._number), _Prefix("", grouped=False)
            )
        if ": " in line and ("Error" in line or "Exception" in line or "Warning" in line or "Interrupt" in line):
            text = _GUTTER.sub("", line)
            if found := _LOOSE.search(text):
                return self._told(
                    Failure(found["kind"], found["message"], [], self._number), _Prefix("", grouped=False)
                )
        if line.rstrip().endswith("Error") and (found := _BARE.match(_GUTTER.sub("", line))):
            return Failure(found["kind"], "", [], self._number)
        if any(word in line for word in _CAUSES_OF_DEATH) and (found := _KILLED.search(line)):
            return Failure("Killed", found["message"].strip(), [], self._number)
        return None

    def _python(self, prefix: _Prefix) -> Failure:
        failure = Failure("", "", [], self._number, cut_off=True)
        strange, blank = 0, False
        while strange <= _MOST_STRANGE and (line := self._next()) is not None:
            text = prefix.off(line)
            if text is None:
                strange += 1
            elif found := _FRAME.match(text):
                failure.frames.append(Frame(found["path"], int(found["line"]), found["name"] or ""))
                del failure.frames[:-_MOST_FRAMES]
            elif text[:1] in (" ", "\t") and text.strip():
                if failure.frames and not failure.frames[-1].source:
                    failure.frames[-1] = msgspec.structs.replace(failure.frames[-1], source=text.strip())
            elif not text.strip():
                blank = True
                strange += 1
            elif (found := _ENDING.match(text)) and _is_type(found["kind"], sure=blank or not failure.frames):
                failure.kind, failure.message, failure.cut_off = found["kind"], found["message"] or "", False
                return self._told(failure, prefix)
            else:  # another's line, or the traceback is cut off here
                self._back(line)
                break
        return failure

    def _told(self, failure: Failure, prefix: _Prefix) -> Failure:
        """Add the further lines of a message."""
        failure.log_line = self._number
        kept = [failure.message]
        while len(kept) < _MOST_MESSAGE and (line := self._next()) is not None:
            text = prefix.off(line)
            stops = text is None or text.strip() in ("", '"""') or _GROUP_LINE.match(line) or "Traceback (most" in line
            if stops or text is None or _LOG_LINE.match(text) or _FRAME.match(text):
                self._back(line)
                break
            if _LOOSE.match(text) or _WARNED.match(text):
                self._back(line)
                break
            kept.append(text.rstrip())
        failure.message = "\n".join(kept)
        return failure

    def _ipython(self, kind: str) -> Failure:
        failure = Failure(kind, "", [], self._number, cut_off=True)
        while (line := self._next()) is not None:
            text = line.rstrip()
            if text.startswith((f"{kind}:", f"{kind.rpartition('.')[2]}:")) or text == kind:
                failure.message = text.partition(":")[2].strip()
                failure.cut_off = False
                return self._told(failure, _Prefix("", grouped=False))
            if "Traceback (most" in text:
                self._back(line)
                break
            if arrow := _ARROW.match(text):
                if failure.frames:
                    last = failure.frames[-1]
                    failure.frames[-1] = Frame(last.path, int(arrow["line"]), last.function, arrow["source"].strip())
            elif found := next((found for each in _IPYTHON_FRAMES if (found := each.match(text))), None):
                groups = found.groupdict()
                line_number = int(groups.get("line") or 0)
                failure.frames.append(Frame(groups["path"], line_number, groups.get("name") or ""))
                del failure.frames[:-_MOST_FRAMES]
        return failure

    def _leads_on(self) -> bool:
        """Whether the lines that follow say that another exception comes of this one."""
        passed: list[str] = []
        while len(passed) < 5 and (line := self._next()) is not None:
            passed.append(line)
            if "During handling of the above exception" in line or "above exception was the direct cause" in line:
                return True
            if "Traceback (most" in line:
                break
        for line in reversed(passed):
            self._back(line)
        return False


def _is_type(kind: str, *, sure: bool) -> bool:
    """Whether a word is an exception's type; ``sure`` asks for a name that says so."""
    if _TYPE.search(kind):
        return True
    return not sure and kind not in _LEVELS and kind.rpartition(".")[2][:1].isupper()


class _Prefix:
    """What stands before each line of a traceback; whether it does shows at the first frame below the header.

    It may be the same on each line (a rank, a container), or differ in its numbers (times).
    """

    def __init__(self, text: str, *, grouped: bool) -> None:
        inner = text.rstrip()
        end = re.escape(text[len(inner) :])
        times = "".join(map(_piece, re.split(r"(\d+|\s+)", inner)))
        self._candidates = [re.compile(re.escape(inner) + end), re.compile(times + end)] if inner else []
        self._repeated: re.Pattern[str] | None = None
        self._undecided = _MOST_STRANGE if inner else 0
        self._indent = text if not inner else ""
        self._grouped = grouped

    def off(self, line: str) -> str | None:
        """A line without it; None if it is not a line of this traceback."""
        if self._undecided and not self._decided(line):
            return None
        if self._repeated is None:
            return self._ungrouped(line.removeprefix(self._indent))
        found = self._repeated.match(line)
        return self._ungrouped(line[found.end() :]) if found is not None else None

    def _decided(self, line: str) -> bool:
        for pattern in self._candidates:
            found = pattern.match(line)
            if found is not None and _FRAME.match(self._ungrouped(line[found.end() :])):
                self._repeated = pattern
                self._undecided = 0
                return True
        self._undecided -= 1
        if _FRAME.match(self._ungrouped(line)):
            self._undecided = 0
        return not self._undecided

    def _ungrouped(self, text: str) -> str:
        return _GUTTER.sub("", text) if self._grouped else text


def _piece(part: str) -> str:
    """A part of a prefix that fits another line: numbers and blanks differ."""
    if part.isdigit():
        return r"\d+"
    return r"\s+" if part.isspace() else re.escape(part)
