"""What real messages mean."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from solvent.debt.explain_log.causes import all_causes, meaning_of
from solvent.debt.explain_log.recognise import failures
from solvent.debt.rule import CATEGORIES

FOLDER = Path(__file__).parent


class Message(NamedTuple):
    cause: str
    text: str


def messages(name: str) -> list[Message]:
    return [Message(**each) for each in yaml.safe_load((FOLDER / name).read_text())]


MESSAGES = [*messages("messages.yaml"), *messages("quoted.yaml")]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda each: f"{each.cause}-{each.text.strip()[:40]}")
def test_a_message_has_its_meaning(message: Message) -> None:
    (failure,) = failures(message.text.splitlines())
    meaning = meaning_of(failure)

    assert meaning is not None
    assert meaning.name == message.cause
    for text in (meaning.means, meaning.look, meaning.fix):
        assert not re.search(r"\{\w+\}", text), "a group that the pattern does not have"
        assert "\n" not in text


def test_every_cause_has_a_message() -> None:
    assert {cause.name for cause in all_causes()} == {message.cause for message in MESSAGES}
    assert len({cause.name for cause in all_causes()}) >= 30


def test_causes_are_told_in_whole_sentences_and_name_rules_by_code() -> None:
    for cause in all_causes():
        for text in (cause.means, cause.look, cause.fix):
            assert text.endswith((".", "}"))
        if cause.rule is not None:
            assert re.fullmatch(rf"({'|'.join(CATEGORIES)})\d{{3}}", cause.rule)


@pytest.mark.parametrize(
    "text",
    [
        "KeyError: 'model'",
        "ValueError: invalid literal for int() with base 10: 'a'",
        "AttributeError: 'Order' object has no attribute 'price'",
        "FileExistsError: [Errno 17] File exists: 'out'",
    ],
)
def test_what_is_no_matter_of_machine_learning_is_not_explained(text: str) -> None:
    (failure,) = failures([text])

    assert meaning_of(failure) is None
