"""Addresses as they may be shown and kept: without what opens doors."""

from __future__ import annotations

from urllib.parse import urlsplit

from solvent.provenance.redact import redact_query


def shown(url: str) -> str:
    """The address without its password and what signs it, and over http without its user too, who may be a token.

    >>> shown("https://token@host/a.git"), shown("ssh://git:pw@host/a.git"), shown("git@host:a.git")
    ('https://host/a.git', 'ssh://git@host/a.git', 'git@host:a.git')
    """
    if "://" not in url:
        return url
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    kept = user.partition(":")[0] + at if at and parts.scheme == "ssh" else ""
    return redact_query(parts._replace(netloc=kept + host).geturl())
