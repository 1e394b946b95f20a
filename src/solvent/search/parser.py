"""From tokens to the syntax tree. Which keys and comparators exist is the resource's business (``check.py``)."""

from __future__ import annotations

from solvent.search.errors import SearchError, shown
from solvent.search.lexer import Token, tokenize
from solvent.search.tree import (
    AGGREGATES,
    PREFIXES,
    And,
    Comparison,
    Expression,
    Field,
    Kind,
    Not,
    Or,
    Order,
    Value,
    ends_in_aggregate,
)

MAX_DEPTH = 50
MAX_COMPARISONS = 500
MAX_LISTED = 5_000

_QUOTED = ("backtick", "double", "string")
_SYMBOLS = ("=", "!=", "<", "<=", ">", ">=")
_INSTEAD = {"==": "=", "<>": "!=", "=>": ">=", "=<": "<="}
_STARTS = ("word", "backtick", "double")


def parse_filter(text: str) -> Expression | None:
    """The tree of a filter; None for one that is empty.

    Raises:
        SearchError: what was expected, what was found, and where.
    """
    parser = _Parser(text, "filter")
    expression = parser.disjunction(0) if parser.token.kind != "end" else None
    if parser.token.kind != "end":
        raise parser.error(f"expected AND, OR or the end, found {parser.token.shown}")
    parser.refuse_loose_ands()
    return expression


def parse_order_by(text: str) -> Order:
    """One item of order_by: a key, then ASC or DESC.

    Raises:
        SearchError: what was expected, what was found, and where.
    """
    parser = _Parser(text, "order_by")
    field = parser.field()
    ascending = True
    if parser.token.keyword in ("ASC", "DESC"):
        ascending = parser.take().keyword == "ASC"
    if parser.token.kind == "comma":
        raise parser.error("expected one key, found a comma: give each key as an item of its own")
    if parser.token.kind != "end":
        raise parser.error(f"expected ASC, DESC or the end, found {parser.token.shown}")
    return Order(field, ascending)


def parse_key(text: str, where: str) -> Field:
    """One key, as in ``params.model``.

    Raises:
        SearchError: what was expected, what was found, and where.
    """
    parser = _Parser(text, where)
    field = parser.field()
    if parser.token.kind != "end":
        raise parser.error(f"expected one key, found {parser.token.shown} after it")
    return field


class _Parser:
    def __init__(self, text: str, where: str) -> None:
        self.text = text
        self.where = where
        self.tokens = tokenize(text, where=where)
        self.index = 0
        self.comparisons = 0
        self.listed = 0
        self.loose_and: Token | None = None  # MLflow reads over a missing or a superfluous AND
        self.beyond_mlflow = False

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def take(self) -> Token:
        token = self.tokens[self.index]
        self.index += 1
        return token

    def error(self, problem: str, at: int | None = None) -> SearchError:
        return SearchError(problem, self.text, self.token.start if at is None else at, where=self.where)

    def refuse_loose_ands(self) -> None:
        """They are read over in a plain list of comparisons alone, where they can mean only one thing."""
        if self.loose_and is not None and self.beyond_mlflow:
            raise self.error(
                f"expected comparisons joined by AND and OR, found {self.loose_and.shown} out of place",
                self.loose_and.start,
            )

    def disjunction(self, depth: int) -> Expression | None:
        parts = [self.conjunction(depth)]
        while self.token.keyword == "OR":
            self.beyond_mlflow = True
            self.take()
            parts.append(self.conjunction(depth))
        if len(parts) == 1:
            return parts[0]
        return Or(tuple(part for part in parts if part is not None))

    def conjunction(self, depth: int) -> Expression | None:
        parts: list[Expression] = []
        joined = True
        while True:
            token = self.token
            if token.keyword == "AND":
                if joined:
                    self.loose_and = token
                joined = True
                self.take()
            elif token.keyword == "OR" or token.kind in ("end", "close"):
                break
            else:
                if parts and not joined:
                    self.loose_and = token
                parts.append(self.term(depth))
                joined = False
        if joined:
            if self.beyond_mlflow or self.token.kind != "end":
                raise self.error(f"expected a comparison such as metrics.loss < 0.1, found {self.token.shown}")
            self.loose_and = self.token
        return parts[0] if len(parts) == 1 else And(tuple(parts)) if parts else None

    def term(self, depth: int) -> Expression:
        if depth > MAX_DEPTH:
            raise self.error(
                f"expected at most {MAX_DEPTH} levels of parentheses and NOT, found more: simplify the filter"
            )
        if self.token.keyword == "NOT":
            self.beyond_mlflow = True
            self.take()
            return Not(self.term(depth + 1))
        if self.token.kind == "open":
            self.beyond_mlflow = True
            opening = self.take()
            inner = self.disjunction(depth + 1)
            if self.token.kind != "close":
                raise self.error(
                    f"expected ) to close the parenthesis of character {opening.start + 1}, found {self.token.shown}"
                )
            self.take()
            assert inner is not None, "conjunction() refuses an empty parenthesis"
            return inner
        return self.comparison()

    def comparison(self) -> Comparison:
        self.comparisons += 1
        if self.comparisons > MAX_COMPARISONS:
            raise self.error(f"expected at most {MAX_COMPARISONS} comparisons, found more: use IN for lists of values")
        field = self.field()
        at = self.token.start
        op = self.operator(field)
        value_at = self.token.start
        value = None if op.startswith("IS") else self.value(field, op)
        return Comparison(field, op, value, at, value_at)

    def field(self) -> Field:
        """``key``, ``prefix.key``, ``prefix.`key```, ``metrics.key.min``; the pieces touch each other."""
        head = self.token
        if head.kind not in _STARTS:
            example = "metrics.loss < 0.1" if self.where == "filter" else "metrics.loss DESC"
            raise self.error(f"expected a key, as in {example}, found {head.shown}")
        self.take()
        at, last = head.start, head
        if head.kind == "word":
            prefix, dot, key = head.text.partition(".")
        else:
            prefix, dot, key = head.content, "", ""
            if self._touches(head) and self.token.kind == "suffix":
                last = self.take()
                dot, key = ".", last.text[1:]
        if not dot:
            if not prefix:
                raise self.error("expected a key between the quotes, found none", at)
            return Field("attribute", prefix, at=at)
        kind = PREFIXES.get(prefix)
        if kind is None:
            known = "metrics., params., tags., attributes. or datasets."
            raise self.error(f"expected a key that begins with {known}, found '{shown(prefix)}.'", at)
        return self._key(kind, key, last, at)

    def _key(self, kind: Kind, key: str, head: Token, at: int) -> Field:
        if not key and self._touches(head) and self.token.kind in _QUOTED:
            quoted = self.take()
            aggregate = self._aggregate(kind, quoted)
            if not quoted.content:
                raise self.error("expected a key between the quotes, found none", quoted.start)
            return Field(kind, quoted.content, aggregate, at=at)
        if not key or key.endswith("."):
            raise self.error(f"expected a key after '{head.text}', found {self.token.shown}", head.end)
        return Field(kind, key, open=kind == "metric" and ends_in_aggregate(key), at=at)

    def _aggregate(self, kind: Kind, quoted: Token) -> str | None:
        if not (self._touches(quoted) and self.token.kind == "suffix"):
            return None
        aggregate = self.token.text[1:]
        if kind != "metric" or aggregate not in AGGREGATES:
            raise self.error(
                f"expected a comparator, or after a metric one of .{', .'.join(AGGREGATES)}; found {self.token.shown}"
            )
        self.take()
        return aggregate

    def _touches(self, before: Token) -> bool:
        return self.token.start == before.end

    def operator(self, field: Field) -> str:
        token = self.token
        if token.kind == "operator":
            if token.text not in _SYMBOLS:
                instead = _INSTEAD.get(token.text)
                hint = f"write {instead}" if instead else "known are = != < <= > >="
                raise self.error(f"expected a comparator, found {token.shown}: {hint}")
            return self.take().text
        word = token.keyword
        if word in ("LIKE", "ILIKE", "IN"):
            self.take()
            return word
        if word == "NOT" and self.tokens[self.index + 1].keyword in ("LIKE", "ILIKE", "IN"):
            self.take()
            return f"NOT {self.take().keyword}"
        if word == "IS":
            self.take()
            op = "IS NULL"
            if self.token.keyword == "NOT":
                self.take()
                op = "IS NOT NULL"
            if self.token.keyword != "NULL":
                raise self.error(f"expected NULL or NOT NULL after IS, found {self.token.shown}")
            self.take()
            return op
        raise self.error(
            f"expected a comparator (= != < <= > >= LIKE ILIKE IN, IS NULL) after {field}, found {token.shown}"
        )

    def value(self, field: Field, op: str) -> Value:
        if self.token.kind == "open":
            return self.values()
        if self.token.kind in ("string", "double"):
            return self.take().content
        if self.token.kind == "number":
            return _number(self.take().text)
        expected = "a number" if field.kind == "metric" else "a value in quotes"
        if op.endswith("IN"):
            expected = "a list of values in parentheses"
        raise self.error(f"expected {expected} after {op}, found {self.token.shown}")

    def values(self) -> tuple[str | int | float, ...]:
        self.take()
        values: list[str | int | float] = []
        while self.token.kind != "close":
            if self.token.kind in ("string", "double"):
                values.append(self.take().content)
            elif self.token.kind == "number":
                values.append(_number(self.take().text))
            else:
                raise self.error(f"expected a value in the list, found {self.token.shown}")
            if self.token.kind == "comma":
                self.take()
            elif self.token.kind != "close":
                raise self.error(f"expected a comma or ) in the list, found {self.token.shown}")
        self.listed += len(values)
        if self.listed > MAX_LISTED:
            raise self.error(f"expected at most {MAX_LISTED} values in lists, found more: ask in several searches")
        if not values:
            raise self.error("expected at least one value in the list, found none")
        self.take()
        return tuple(values)


def _number(text: str) -> int | float:
    """An integer where it fits 64 bits, else a float."""
    if text.lstrip("+-").isdecimal() and len(text) <= 18:
        return int(text)
    return float(text)
