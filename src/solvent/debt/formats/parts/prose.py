"""A rule's documentation as HTML: headings, paragraphs, lists, code blocks and code spans; all else is text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

_BLOCK = re.compile(r"^```\w*\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"`([^`\n]+)`")


def html_of(markdown: str) -> str:
    """
    >>> html_of("Use `isna()`.")
    '<p>Use <code>isna()</code>.</p>'
    """
    parts = _BLOCK.split(markdown)
    return "\n".join(
        f"<pre><code>{escape(part)}</code></pre>" if number % 2 else "\n".join(_paragraphs(part))
        for number, part in enumerate(parts)
        if part.strip()
    )


def _paragraphs(text: str) -> Iterator[str]:
    for block in re.split(r"\n\s*\n", text.strip()):
        heading, _, rest = block.partition("\n")
        if heading.startswith("#"):
            yield f"<h3>{_inline(heading.lstrip('#').strip())}</h3>"
            block = rest
        if block.startswith("- "):
            items = re.split(r"^- ", block, flags=re.MULTILINE)[1:]
            yield "<ul>" + "".join(f"<li>{_inline(item)}</li>" for item in items) + "</ul>"
        elif block.strip():
            yield f"<p>{_inline(block)}</p>"


def _inline(text: str) -> str:
    return _SPAN.sub(r"<code>\1</code>", escape(" ".join(text.split())))
