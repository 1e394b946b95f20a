"""From bytes and queries to request Structs, with errors that name the field or the byte."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import parse_qs

import msgspec

from solvent.errors import InvalidInput
from solvent.wire.base import Wire

W = TypeVar("W", bound=Wire)

_BARE_NUMBER = re.compile(rb"-?(NaN|Infinity)")
_PLACE = re.compile(r"(.*?)(?: - at `\$(.*)`)?", re.DOTALL)
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")
_LONGEST_SHOWN = 100
_MOST_QUERY_FIELDS = 1_000


def body_decoder(request: type[W]) -> Callable[[bytes], W]:
    """A function from a JSON body to the request; an empty body is an empty object."""
    decoder: msgspec.json.Decoder[W] = msgspec.json.Decoder(request, strict=False)

    def decode(body: bytes) -> W:
        try:
            return decoder.decode(body or b"{}")
        except msgspec.ValidationError as error:
            raise _wrong_value(str(error), body) from None
        except msgspec.DecodeError as error:
            raise _not_json(str(error), body) from None
        except UnicodeDecodeError:
            raise InvalidInput("the request body is not valid UTF-8: send JSON text encoded as UTF-8") from None
        except RecursionError:
            raise InvalidInput("the request body is nested too deeply") from None

    return decode


def query_decoder(request: type[W]) -> Callable[[bytes], W]:
    """A function from a query string to the request; lists are repeated names, unknown names are left out."""
    fields = msgspec.structs.fields(request)
    lists = {field.encode_name for field in fields if "list[" in str(field.type)}
    names = {field.encode_name for field in fields}

    def decode(query: bytes) -> W:
        given = parse_query(query)
        values: dict[str, Any] = {
            name: given[name] if name in lists else given[name][-1] for name in given if name in names
        }
        try:
            decoded: W = msgspec.convert(values, request, strict=False)
        except msgspec.ValidationError as error:
            raise _wrong_value(str(error), msgspec.json.encode(values)) from None
        return decoded

    return decode


def parse_query(query: bytes) -> dict[str, list[str]]:
    """The query's values by name.

    Raises:
        InvalidInput: it is not a query, or holds too many values.
    """
    try:
        return parse_qs(
            query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_QUERY_FIELDS
        )
    except ValueError as error:
        raise InvalidInput(f"the query string is malformed ({error}): percent-encode it as UTF-8") from None


def _wrong_value(reason: str, body: bytes) -> InvalidInput:
    matched = _PLACE.fullmatch(reason)
    assert matched is not None  # the pattern matches any text
    expectation, place = matched[1].replace("Expected", "expected", 1), matched[2]
    if not place:
        return InvalidInput(f"the request body has the wrong form: {expectation}")
    name = place.removeprefix(".")
    return InvalidInput(
        f"Invalid value {_shown(place, body)} for parameter '{name}' supplied: {expectation}. "
        "See the API docs for more information about request parameters."
    )


def _shown(place: str, body: bytes) -> str:
    """The JSON of what stands at ``place``, shortened."""
    try:
        value = msgspec.json.decode(body)
        for field, index in _STEP.findall(place):
            value = value[field] if field else value[int(index)]
        text = msgspec.json.encode(value).decode()
    except (msgspec.MsgspecError, LookupError, TypeError, RecursionError):
        return "given"
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "..."


def _not_json(reason: str, body: bytes) -> InvalidInput:
    where = re.search(r"\(byte (\d+)\)", reason)
    bare = _bare_number(body, int(where[1])) if where else None
    if bare:
        word = bare[0].decode()
        return InvalidInput(
            f'the request body is not JSON: bare {word} at byte {bare.start()}; send it as the text "{word}"'
        )
    return InvalidInput(f"the request body is not JSON: {reason.removeprefix('JSON is malformed: ')}")


def _bare_number(body: bytes, place: int) -> re.Match[bytes] | None:
    """NaN or Infinity where the decoder stumbled, which is behind the sign if there is one."""
    return _BARE_NUMBER.match(body, place - 1 if body[place - 1 : place] == b"-" else place)
