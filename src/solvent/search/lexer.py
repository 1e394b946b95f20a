"""From text to tokens."""

from __future__ import annotations

import re
from typing import NamedTuple

from solvent.search.errors import SearchError, shown

MAX_TEXT = 50_000

_KEY_CHARACTERS = r"[\w$#@:/.\-]"
_TOKEN = re.compile(
    rf"""
      (?P<space>\s+)
    | (?P<suffix>(?<=[`"'])\.{_KEY_CHARACTERS}*)              # what follows a quoted name: .min, .key
    | (?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
    | (?P<word>[^\W\d]{_KEY_CHARACTERS}*)
    | (?P<string>'(?:''|[^'])*')
    | (?P<double>"(?:""|[^"])*")
    | (?P<backtick>`[^`]*`)
    | (?P<operator>[<>=!~]+)
    | (?P<open>\()
    | (?P<close>\))
    | (?P<comma>,)
    """,
    re.VERBOSE,
)
_QUOTES = {"'": "string", '"': "string", "`": "name"}


class Token(NamedTuple):
    """``kind``: word, suffix, number, string, double, backtick, operator, open, close, comma or end."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def keyword(self) -> str:
        """The word in capitals, for comparing with keywords; empty for other kinds."""
        return self.text.upper() if self.kind == "word" else ""

    @property
    def content(self) -> str:
        """What stands between the quotes; a doubled quote is one quote."""
        quote = self.text[0]
        return self.text[1:-1] if quote == "`" else self.text[1:-1].replace(quote * 2, quote)

    @property
    def shown(self) -> str:
        """For "found ..." in an error line."""
        return "the end of the text" if self.kind == "end" else shown(self.text)


def tokenize(text: str, *, where: str = "filter") -> list[Token]:
    """The tokens without white space; the last one is of kind ``end``.

    Raises:
        SearchError: text that is too long, holds what can't be stored, or begins no token.
    """
    if len(text) > MAX_TEXT:
        raise SearchError(
            f"at most {MAX_TEXT} characters are read, found {len(text)}: shorten it", text, MAX_TEXT, where=where
        )
    _require_storable(text, where)
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise SearchError(_unreadable(text, position), text, position, where=where)
        kind = str(match.lastgroup)
        if kind != "space":
            tokens.append(Token(kind, match.group(), position))
        position = match.end()
    tokens.append(Token("end", "", len(text)))
    return tokens


def _unreadable(text: str, position: int) -> str:
    char = text[position]
    if char in _QUOTES:
        return f"the {_QUOTES[char]} that begins here has no closing {char}"
    if char == ";":
        return "expected one filter, found ';': join comparisons with AND"
    if char.isdigit() or char in "+-.":
        return f"expected a number such as 0.5, -3 or 1e-4, found {shown(text[position : position + 20])}"
    return f"expected a key, a value or a comparator, found {shown(char)!r}"


def _require_storable(text: str, where: str) -> None:
    for position, char in enumerate(text):
        if char == "\0" or "\ud800" <= char <= "\udfff":
            raise SearchError(
                f"the character U+{ord(char):04X} can't be part of a value: remove it", text, position, where=where
            )
