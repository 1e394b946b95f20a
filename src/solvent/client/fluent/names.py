"""Names for things that were given none."""

from __future__ import annotations

import os

_FIRST_WORDS = (
    "able amber brave bright calm clear clever eager fair fine fresh gentle glad golden grand happy honest keen kind light "
    "lively lucky merry mild neat noble proud quick quiet rapid ready sharp silver smart smooth snowy solid spry steady "
    "still strong sunny swift tidy vivid warm wise witty"
)
_SECOND_WORDS = (
    "ash aspen badger beech birch brook cedar crane deer dove elk elm falcon fern finch fjord fox grove hare hawk hazel "
    "heron hill ibis jay kite lake lark larch linden lynx maple marten meadow oak otter owl pine plover poplar quail raven "
    "reed river robin rowan seal sparrow spruce stoat swan tern thrush vale willow wren yew"
)
_FIRST = _FIRST_WORDS.split()
_SECOND = _SECOND_WORDS.split()


def new_id() -> str:
    """A random id of 32 hexadecimal digits."""
    return os.urandom(16).hex()


def name_of(run_id: str) -> str:
    """A name that is easy to say, the same for the same id.

    >>> name_of("0" * 32)
    'able-ash-0'
    """
    number = int.from_bytes(run_id.encode()[-16:], "big") if len(run_id) != 32 else int(run_id, 16)
    number, suffix = divmod(number, 1000)
    number, second = divmod(number, len(_SECOND))
    return f"{_FIRST[number % len(_FIRST)]}-{_SECOND[second]}-{suffix}"
