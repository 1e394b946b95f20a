"""What a file is by its name: code, a small text beside it, something that may hold secrets, or data."""

from __future__ import annotations

import os
import re
from enum import Enum


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CODE = _words(
    """
    .py .pyi .pyx .ipynb .r .rmd .jl .sh .bash .zsh .sql .c .cc .cpp .cu .cuh .h .hpp .rs .go .java .scala .js .ts
    .lua .pl .rb .swift .kt .proto .j2 .jinja .jinja2 .tmpl .toml .yaml .yml .cfg .ini .conf .properties .gin .md .rst
    .tf .mk .cmake .lock .patch .diff
    """
)
_CODE_NAMES = _words(
    """
    mlproject makefile dockerfile containerfile justfile pipfile snakefile jenkinsfile procfile .gitignore
    .gitattributes .dockerignore .python-version
    """
)
_TEXT = _words(".json .jsonl .json5 .txt .csv .tsv .xml .html .htm .css .svg .tex .bib")
_SETTINGS = _words(".json .json5 .yaml .yml .toml .cfg .ini .conf .properties .xml .txt")
_SECRET = _words(
    """
    .pem .key .p12 .pfx .jks .keystore .kdbx .asc .gpg .pgp .age .ppk .env .tfvars .tfstate .p8 .ovpn .keytab
    """
)
_SECRET_NAMES = _words(
    """
    .netrc _netrc .npmrc .pypirc .pgpass .htpasswd .boto .s3cfg .dockercfg .dockerconfigjson kaggle.json kubeconfig
    auth.json
    """
)
_SECRET_WORD = re.compile(
    r"(^|[._-])(secrets?|credentials?|passwords?|passwd|tokens?|id_(rsa|dsa|ecdsa|ed25519)(_sk)?|netrc|pypirc"
    r"|(private|api)[._-]?keys?|service[._-]?account)([._-]|$)",
    re.IGNORECASE,
)
_SECRET_FOLDERS = _words(".ssh .aws .gnupg .kube .docker .azure secrets .secrets credentials")


class Kind(Enum):
    """``BARE`` files have no suffix: only their first line can tell whether they are scripts."""

    CODE = "code or configuration"
    TEXT = "a text"
    BARE = "a file without suffix"
    SECRET = "of a name that usually means secrets"  # noqa: S105 - a reason, no password
    OTHER = "neither code nor a kind of text that is kept"


def kind_of(path: str) -> Kind:
    """The kind of a file by its relative path with ``/``.

    >>> kind_of("conf/model.json").name, kind_of(".env.local").name, kind_of("a/weights.pt").name
    ('TEXT', 'SECRET', 'OTHER')
    """
    *folders, name = path.lower().split("/")
    suffix = os.path.splitext(name)[1]  # noqa: PTH122 - a relative text path
    if _may_hold_secrets(folders, name, suffix):
        return Kind.SECRET
    if suffix in _CODE or name in _CODE_NAMES or (name.startswith("requirements") and suffix == ".txt"):
        return Kind.CODE
    if suffix in _TEXT:
        return Kind.TEXT
    return Kind.OTHER if suffix else Kind.BARE


def holds_settings(path: str) -> bool:
    """Whether a file of this name usually holds names and values, among which there may be passwords."""
    return os.path.splitext(path.lower())[1] in _SETTINGS  # noqa: PTH122 - a relative text path


def _may_hold_secrets(folders: list[str], name: str, suffix: str) -> bool:
    return (
        suffix in _SECRET
        or name in _SECRET_NAMES
        or name.startswith(".env")
        or _SECRET_WORD.search(name) is not None
        or not _SECRET_FOLDERS.isdisjoint(folders)
    )
