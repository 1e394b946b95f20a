"""An engine in plain Python, slow and obviously right: the conformance suite is tested by it, and engines against it."""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from scipy import stats

from solvent.data.engine import conditions as ask
from solvent.data.engine.hyperloglog import REGISTERS, P, sketch
from solvent.data.engine.protocol import Categories, Column, Failed, Histogram, Kind, Scalars, Sketch
from solvent.data.engine.spread import block, takes
from solvent.data.engine.texts import text_of

ORDERED = ("boolean", "integer", "number", "text", "date", "timestamp")


class PlainTable:
    def __init__(self, path: str) -> None:
        self._table = pq.read_table(path)
        self._values: dict[str, list[Any]] = {
            name: self._table.column(name).to_pylist() for name in self._table.column_names
        }
        self.columns = [Column(field.name, kind_of(str(field.type)), str(field.type)) for field in self._table.schema]
        self._kinds = {column.name: column.kind for column in self.columns}
        self.notes: list[str] = []

    def rows(self) -> int:
        return int(self._table.num_rows)

    def _number(self, name: str, value: Any) -> float | None:
        kind = self._kinds[name]
        if value is None or kind in ("struct", "other"):
            return None
        if kind in ("text", "list", "binary"):
            return float(len(value))
        if isinstance(value, datetime):
            return (value.replace(tzinfo=value.tzinfo or UTC) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
        if isinstance(value, date):
            return float((value - date(1970, 1, 1)).days * 86400)
        found = float(value)
        return found if math.isfinite(found) else None

    def _numbers(self, name: str) -> list[float]:
        found = [self._number(name, value) for value in self._values[name]]
        return [each for each in found if each is not None]

    def _missing(self, name: str) -> Failed:
        import difflib

        near = difflib.get_close_matches(name, list(self._values), 1, 0.5)
        return Failed(f"no column '{name}'" + (f" (nearest: '{near[0]}')" if near else ""))

    def scalars(self, columns: Sequence[str]) -> dict[str, Scalars | Failed]:
        return {name: self._scalars(name) if name in self._values else self._missing(name) for name in columns}

    def _scalars(self, name: str) -> Scalars:
        values, numbers = self._values[name], self._numbers(name)
        known = [value for value in values if value is not None]
        floats = [value for value in known if isinstance(value, float)]
        exact = [Fraction(each) for each in numbers]
        mean = float(sum(exact) / len(exact)) if exact else None
        differ = len(set(numbers)) > 1
        ordered = [v for v in known if not (isinstance(v, float) and not math.isfinite(v))]
        shown = self._kinds[name] in ORDERED and ordered
        return Scalars(
            rows=len(values),
            nulls=len(values) - len(known),
            nans=sum(math.isnan(value) for value in floats),
            positive_infinite=sum(value == math.inf for value in floats),
            negative_infinite=sum(value == -math.inf for value in floats),
            zeros=sum(each == 0 for each in numbers),
            least=min(numbers, default=None),
            most=max(numbers, default=None),
            mean=mean,
            deviation=(
                float(np.std([float(each - Fraction(mean)) for each in exact], ddof=1)) if mean is not None else 0
            )
            if len(numbers) > 1
            else None,
            skewness=float(stats.skew(numbers, bias=False)) if differ and len(numbers) > 2 else None,
            kurtosis=float(stats.kurtosis(numbers, bias=False)) if differ and len(numbers) > 3 else None,
            first=self._text(min(ordered)) if shown else None,
            last=self._text(max(ordered)) if shown else None,
        )

    def _text(self, value: Any) -> str:
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat(" ").removesuffix(":00") if value.tzinfo else value.isoformat(" ")
        return text_of(value)

    def histograms(self, edges: Mapping[str, Sequence[float]]) -> dict[str, Histogram | Failed]:
        return {name: self._histogram(name, each) for name, each in edges.items()}

    def _histogram(self, name: str, edges: Sequence[float]) -> Histogram | Failed:
        if name not in self._values:
            return self._missing(name)
        if self._kinds[name] in ("struct", "other"):
            return Failed("no numbers")
        if len(edges) < 2 or list(edges) != sorted(set(edges)) or not all(map(math.isfinite, edges)):
            return Failed("expected at least two edges, each above the one before")
        counts = [0] * (len(edges) + 1)
        for number in self._numbers(name):
            place = sum(edge <= number for edge in edges)
            counts[place - 1 if number == edges[-1] else place] += 1
        return Histogram(list(edges), counts)

    def categories(self, columns: Sequence[str], most: int) -> dict[str, Categories | Failed]:
        return {name: self._categories(name, most) for name in columns}

    def _categories(self, name: str, most: int) -> Categories | Failed:
        if name not in self._values:
            return self._missing(name)
        if self._kinds[name] in ("list", "struct", "other"):
            return Failed("looked at by length alone")
        known = [value for value in self._values[name] if value is not None]
        # An own 0.0 for -0.0: they are one value.
        texts = Counter(self._text(value + 0.0 if isinstance(value, float) else value) for value in known)
        ordered = sorted(texts.items(), key=lambda pair: (-pair[1], pair[0]))
        return Categories(ordered[:most], sum(count for _, count in ordered[most:]), len(ordered) <= most)

    def distinct(self, columns: Sequence[str]) -> dict[str, Sketch | Failed]:
        return {name: self._sketch(name) if name in self._values else self._missing(name) for name in columns}

    def _sketch(self, name: str) -> Sketch:
        least: dict[int, int] = {}
        for value in self._values[name]:
            if value is not None:
                hashed = int.from_bytes(hashlib.sha256(repr(value).encode()).digest()[:8], "big")
                register, rest = hashed % REGISTERS, hashed >> P
                least[register] = min(rest, least.get(register, rest))
        return sketch("sha256", least.items())

    def quantiles(self, columns: Sequence[str], shares: Sequence[float]) -> dict[str, Sequence[float] | Failed]:
        found: dict[str, Sequence[float] | Failed] = {}
        for name in columns:
            if name not in self._values:
                found[name] = self._missing(name)
            elif self._kinds[name] in ("struct", "other"):
                found[name] = Failed("no numbers")
            else:
                numbers = [self._number(name, value) for value in self.sample(10_000, [name])[name]]
                finite = [each for each in numbers if each is not None]
                found[name] = [float(each) for each in np.quantile(finite, shares)] if finite else []
        return found

    def sample(self, rows: int, columns: Sequence[str] | None = None) -> Mapping[str, Sequence[Any]]:
        size = block(self.rows(), rows)
        names = list(self._values) if columns is None else columns
        return {name: [v for n, v in enumerate(self._values[name]) if takes(n, size)] for name in names}

    def failing(self, conditions: Sequence[ask.Condition]) -> list[int | Failed]:
        found: list[int | Failed] = []
        for condition in conditions:
            try:
                found.append(len(self._bad(condition)))
            except KeyError as error:
                found.append(self._missing(error.args[0]))
            except (TypeError, ValueError) as error:
                found.append(Failed(str(error)))
        return found

    def examples(self, condition: ask.Condition, most: int) -> list[tuple[int, dict[str, Any]]]:
        rows = self._bad(condition)[:most]
        return [(n, {name: values[n] for name, values in self._values.items()}) for n in rows]

    def number(self, query: str, column: str | None = None) -> float | Failed:
        return Failed("no SQL here")

    def divide(self, conditions: Sequence[ask.Condition], bad: Path) -> int:
        rows = sorted({n for condition in conditions for n in self._bad(condition)})
        pq.write_table(self._table.take(rows), bad)
        return len(rows)

    def close(self) -> None:
        pass

    def _bad(self, condition: ask.Condition) -> list[int]:
        if isinstance(condition, ask.Sql):
            raise TypeError("no SQL here")
        if isinstance(condition, ask.Unique):
            keys = list(zip(*(self._values[name] for name in condition.columns), strict=True))
            times = Counter(keys)
            return [n for n, key in enumerate(keys) if times[key] > 1 and (condition.nulls or None not in key)]
        kind, values = self._kinds[condition.column], self._values[condition.column]
        if isinstance(condition, ask.NotNull):
            return [n for n, value in enumerate(values) if value is None or value != value]
        return [n for n, value in enumerate(values) if value is not None and not fulfils(condition, value, kind)]


def fulfils(condition: ask.Condition, value: Any, kind: Kind) -> bool:
    match condition:
        case ask.Finite():
            expect(kind, ("integer", "number"))
            return math.isfinite(value)
        case ask.InRange():
            low, high = (own(each, value, kind) for each in (condition.low, condition.high))
            return (
                value == value
                and (low is None or (value > low if condition.open_low else value >= low))
                and (high is None or (value < high if condition.open_high else value <= high))
            )
        case ask.OneOf():
            return value in [own(each, value, kind) for each in condition.values]
        case ask.NoneOf():
            return value not in [own(each, value, kind) for each in condition.values]
        case ask.Matches():
            expect(kind, ("text",))
            return re.fullmatch(condition.pattern, value) is not None
        case ask.Length():
            expect(kind, ("text", "list", "binary"))
            return condition.least <= len(value) and (condition.most is None or len(value) <= condition.most)
        case ask.MultipleOf():
            expect(kind, ("integer", "number"))
            if isinstance(value, float):
                if not math.isfinite(value):
                    return False
                near = round(value / condition.step) * condition.step
                return abs(value - near) <= abs(value) * 4 * 2**-52
            return Fraction(value) % Fraction(repr(condition.step)) == 0
    raise TypeError(f"unknown condition {condition}")


def own(bound: Any, value: Any, kind: Kind) -> Any:
    """A bound as a value of the column's type."""
    if bound is None:
        return None
    if isinstance(bound, bool):
        expect(kind, ("boolean",))
        return bound
    if isinstance(bound, int | float):
        expect(kind, ("integer", "number"))
        return Decimal(repr(bound)) if isinstance(value, Decimal) else bound
    expect(kind, ("text", "date", "timestamp"))
    if kind == "date":
        return date.fromisoformat(bound)
    if kind == "timestamp":
        moment = datetime.fromisoformat(bound)
        if value.tzinfo:
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    return bound


def expect(kind: Kind, kinds: tuple[str, ...]) -> None:
    if kind not in kinds:
        raise TypeError(f"expected {kinds}, got {kind}")


def kind_of(type: str) -> Kind:
    begins: dict[str, Kind] = {
        "bool": "boolean",
        "int": "integer",
        "uint": "integer",
        "float": "number",
        "double": "number",
        "decimal": "number",
        "string": "text",
        "large_string": "text",
        "date": "date",
        "timestamp": "timestamp",
        "binary": "binary",
        "list": "list",
        "struct": "struct",
    }
    return next((kind for begin, kind in begins.items() if type.startswith(begin)), "other")


class PlainEngine:
    name = "plain Python"

    def open(self, source: object, *, table: str | None = None) -> PlainTable:
        return PlainTable(str(source))
