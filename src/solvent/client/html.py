"""A notebook's view of a thing that was logged: a title and tables. All of it is escaped."""

from __future__ import annotations

import time
from collections.abc import Mapping
from html import escape

MAX_ROWS = 100


def card(title: str, facts: dict[str, str], **tables: Mapping[str, str]) -> str:
    """A heading, the facts in their order, then the tables by their captions, sorted by key."""
    shown = [_table(caption, entries) for caption, entries in tables.items()]
    return f"<div><strong>{escape(title)}</strong>{_table('', facts)}{''.join(shown)}</div>"


def moment(milliseconds: int | None) -> str:
    """A time in milliseconds since 1970 (UTC), to the second; empty for none."""
    if not milliseconds:
        return ""
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(milliseconds / 1000))


def _table(caption: str, entries: Mapping[str, str]) -> str:
    if not entries:
        return ""
    rows = [
        f'<tr><th style="text-align:left">{escape(key)}</th><td style="text-align:left">{escape(value)}</td></tr>'
        for key, value in sorted(entries.items() if caption else [])[:MAX_ROWS] or list(entries.items())
    ]
    if caption and len(entries) > MAX_ROWS:
        rows.append(f'<tr><td colspan="2">and {len(entries) - MAX_ROWS} more</td></tr>')
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<table>{title}<tbody>{''.join(rows)}</tbody></table>"
