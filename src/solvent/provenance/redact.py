"""Taking secrets out of what is recorded: option values, credentials in URLs, well-known token forms."""

from __future__ import annotations

import re
from collections.abc import Sequence

MARK = "[redacted]"

_WORD_BREAK = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])")
_SECRET_WORDS = frozenset(
    [
        "password",
        "passwd",
        "passphrase",
        "pwd",
        "secret",
        "secrets",
        "token",
        "apikey",
        "credential",
        "credentials",
        "authorization",
        "auth",
    ]
)
_SECRET_PAIRS = frozenset({("api", "key"), ("access", "key"), ("private", "key"), ("secret", "key"), ("auth", "key")})
# A tokenizer's special tokens are settings of a model, not secrets.
_HARMLESS_BEFORE_TOKEN = frozenset(
    ["pad", "eos", "bos", "mask", "cls", "sep", "unk", "special", "stop", "start", "end", "image", "per", "next"]
)

_URL_CREDENTIALS = re.compile(r"(?<=://)[^/@\s'\"]+@")
_URL_WITH_CREDENTIALS = re.compile(r"(?<!\w)\w*+://[^/@\s'\"]+@")
# In code, ``://{user}:{password}@`` is a template and no secret.
_URL_CREDENTIALS_BYTES = re.compile(rb"(?<=://)[^/@\s'\":{}$<]*:[^/@\s'\"{}$<]+@")
_QUERY = re.compile(r"(?P<sign>[?&])(?P<name>[A-Za-z][\w.-]*+)=(?P<value>[^&#\s'\"]+)")
_SIGNED = frozenset(
    [
        "signature",
        "sig",
        "x-amz-signature",
        "x-amz-credential",
        "x-goog-signature",
        "x-goog-credential",
        "awsaccesskeyid",
    ]
)
_KNOWN_TOKENS = (
    r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,}|glpat-[A-Za-z0-9_-]{20,}|hf_[A-Za-z0-9]{30,}"
    r"|sk-[A-Za-z0-9_-]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[A-Za-z0-9_-]{35}"
    r"|eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]+)"
)
_TOKEN = re.compile(_KNOWN_TOKENS)
_TOKEN_BYTES = re.compile(_KNOWN_TOKENS.encode())
# Begins where a word begins, and never goes back in one: a long line without any name costs as much as its length.
_ASSIGNMENT = re.compile(
    r"(?<![\w.-])(?P<before>(?:(?![A-Za-z])[\w.-])*+)(?P<name>[A-Za-z][\w.-]*+)(?P<sign>\s*[=:]\s*)"
    r"(?P<value>'[^']*'|\"[^\"]*\"|[^\s'\",;)]+)"
)

_OPTION = re.compile(
    r"(?<![\w-])(?P<name>--?[A-Za-z][\w.-]*+)(?P<gap>[ \t]+)(?P<value>'[^']*'|\"[^\"]*\"|[^\s'\"$;|&-]\S*)"
)

_SETTING = re.compile(
    rb"""(?P<before>(?P<quote>["']?)(?P<name>[A-Za-z][\w.-]{0,80})(?P=quote)[ \t]*[:=][ \t]*)"""
    rb"""(?P<value>"[^"\n]*"|'[^'\n]*'|[^\s"',;{}\[\]<>#]+)"""
)
_HARMLESS_VALUE = re.compile(rb"[\"']?(true|false|null|none|yes|no|[\d.+-]*|\$.*)[\"']?", re.IGNORECASE)


def is_secret_name(name: str) -> bool:
    """Whether an option or variable of this name usually holds a secret.

    >>> is_secret_name("--db.password"), is_secret_name("apiKey"), is_secret_name("--max-tokens")
    (True, True, False)
    >>> is_secret_name("--pad-token"), is_secret_name("--tokenizer")
    (False, False)
    """
    words = [word.lower() for word in _WORD_BREAK.split(name) if word]
    if not words:
        return False
    if tuple(words[-2:]) in _SECRET_PAIRS:
        return True
    return words[-1] in _SECRET_WORDS and not (
        words[-1] == "token" and len(words) > 1 and words[-2] in _HARMLESS_BEFORE_TOKEN
    )


def redact_url(url: str) -> str:
    """The URL without user, password and what signs it.

    >>> redact_url("https://me:pw@host/a.zip?X-Amz-Signature=ab&version=1")
    'https://host/a.zip?X-Amz-Signature=[redacted]&version=1'
    """
    return redact_query(_URL_CREDENTIALS.sub("", url))


def redact_query(url: str) -> str:
    """The URL without the values of its query that open doors: signatures, keys and tokens."""
    return _QUERY.sub(_mask_query, url)


def redact_text(text: str) -> str:
    """The text with URL credentials, well-known tokens and the values of secret-named assignments and options masked.

    >>> redact_text("python train.py --password 'hunter 2' --lr 1")
    'python train.py --password [redacted] --lr 1'
    """
    text = _URL_CREDENTIALS.sub(f"{MARK}@", text)
    text = _TOKEN.sub(MARK, text)
    text = _QUERY.sub(_mask_query, text)
    text = _OPTION.sub(lambda match: f"{match['name']}{match['gap']}{MARK}" if _names_secret(match) else match[0], text)
    return _ASSIGNMENT.sub(_mask_assignment, text)


def secret_spans(text: str) -> list[tuple[int, int]]:
    """Where ``redact_text`` would mask something: starts and ends, with all that it is known by."""
    forms = (_URL_WITH_CREDENTIALS, _TOKEN, _QUERY, _OPTION, _ASSIGNMENT)
    named = (_QUERY, _OPTION, _ASSIGNMENT)
    return [
        match.span()
        for form in forms
        for match in form.finditer(text)
        if form not in named or is_secret_name(match["name"]) or match["name"].lower() in _SIGNED
    ]


def redact_bytes(content: bytes) -> tuple[bytes, int]:
    """File content with well-known tokens and ``user:password@`` masked, and how many were.

    Code is kept word for word otherwise: a variable called ``token`` is no secret by its name.
    """
    content, tokens = _TOKEN_BYTES.subn(MARK.encode(), content)
    content, passwords = _URL_CREDENTIALS_BYTES.subn(MARK.encode() + b"@", content)
    return content, tokens + passwords


def redact_settings(content: bytes) -> tuple[bytes, int]:
    """Content of a settings file with what ``redact_bytes`` masks and the values of secret names, and how many.

    >>> redact_settings(b'{"db_password": "hunter2", "use_auth": true}')
    (b'{"db_password": "[redacted]", "use_auth": true}', 1)
    """
    content, masked = redact_bytes(content)
    named = 0

    def mask(match: re.Match[bytes]) -> bytes:
        nonlocal named
        value = match["value"]
        if _HARMLESS_VALUE.fullmatch(value) or MARK.encode() in value or not is_secret_name(match["name"].decode()):
            return match[0]
        named += 1
        quote = value[:1] if value[:1] in (b"'", b'"') else b""
        return match["before"] + quote + MARK.encode() + quote

    return _SETTING.sub(mask, content), masked + named


def redact_arguments(arguments: Sequence[str]) -> list[str]:
    """A command line's words with the values of secret options masked.

    >>> redact_arguments(["train.py", "--token", "abc", "--lr=0.1", "--password=hunter2"])
    ['train.py', '--token', '[redacted]', '--lr=0.1', '--password=[redacted]']
    """
    safe: list[str] = []
    value_of_secret = False
    for argument in arguments:
        is_option = argument.startswith("-")
        if value_of_secret and not is_option:
            safe.append(MARK)
            value_of_secret = False
            continue
        value_of_secret = is_option and "=" not in argument and is_secret_name(argument)
        safe.append(redact_text(argument))
    return safe


def _names_secret(match: re.Match[str]) -> bool:
    return match["value"] != f"'{MARK}'" and is_secret_name(match["name"])


def _mask_query(match: re.Match[str]) -> str:
    secret = match["name"].lower() in _SIGNED or is_secret_name(match["name"])
    return f"{match['sign']}{match['name']}={MARK}" if secret else match[0]


def _mask_assignment(match: re.Match[str]) -> str:
    if not is_secret_name(match["name"]):
        return match[0]
    return f"{match['before']}{match['name']}{match['sign']}{MARK}"
