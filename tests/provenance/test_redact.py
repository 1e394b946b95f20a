"""Secrets never reach a record, and ordinary options do."""

from __future__ import annotations

import pytest

from solvent.provenance.redact import is_secret_name, redact_arguments, redact_bytes, redact_text, redact_url


@pytest.mark.parametrize(
    "name", ["--password", "--db.password", "apiKey", "API_KEY", "--hf-token", "aws_secret_access_key"]
)
def test_names_of_secrets_are_known(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize("name", ["--max-tokens", "--tokenizer", "--pad-token", "--author", "--key", "--", ""])
def test_ordinary_options_are_no_secrets(name: str) -> None:
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["--token", "abc", "--lr", "0.1"], ["--token", "[redacted]", "--lr", "0.1"]),
        (["--api-key=abc"], ["--api-key=[redacted]"]),
        (["db.password=hunter2", "lr=0.1"], ["db.password=[redacted]", "lr=0.1"]),
        (["--url", "postgres://me:pw@db/x"], ["--url", "postgres://[redacted]@db/x"]),
        (["--use-token", "--verbose"], ["--use-token", "--verbose"]),
        (["ghp_" + "a" * 36], ["[redacted]"]),
    ],
)
def test_a_command_line_keeps_everything_but_secrets(given: list[str], expected: list[str]) -> None:
    assert redact_arguments(given) == expected


def test_a_url_loses_its_credentials_only() -> None:
    assert redact_url("https://me:pw@host:8080/repo.git?x=1") == "https://host:8080/repo.git?x=1"
    assert redact_url("git@github.com:a/b.git") == "git@github.com:a/b.git"


def test_a_script_on_the_command_line_is_read_for_assignments() -> None:
    assert redact_text("password = 'x y'; n_tokens = 5") == "password = [redacted]; n_tokens = 5"


def test_code_keeps_its_words_and_loses_known_tokens() -> None:
    code = b"token = load()\nkey = 'sk-" + b"a1" * 20 + b"'\nurl = f'https://{user}:{password}@{host}'\n"
    safe, count = redact_bytes(code)
    assert count == 1
    assert safe == b"token = load()\nkey = '[redacted]'\nurl = f'https://{user}:{password}@{host}'\n"
