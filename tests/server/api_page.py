"""The table of all endpoints in docs/api.md, written from the OpenAPI document."""

from __future__ import annotations

import re
from pathlib import Path

from solvent.server.openapi import document

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
MARK = "<!-- written by python -m tests.server.api_page; do not edit below -->\n"
TITLES = {"/api/solvent/": "Ours", "/api/2.0/": "MLflow's", "/": "Others"}


def written(page: str) -> str:
    """The page with its tables as they should be."""
    head, mark, _ = page.partition(MARK)
    assert mark, f"{PAGE} has lost its mark"
    rows: dict[str, list[str]] = {title: [] for title in TITLES.values()}
    for path, methods in sorted(document()["paths"].items()):
        for method, operation in methods.items():
            start = next(start for start in TITLES if path.startswith(start))
            more = re.split(r"(?<=[.!?])\s", operation.get("description", ""), maxsplit=1)[0]
            summary = f"{operation['summary']} {more}".strip().replace("|", "\\|")
            rows[TITLES[start]].append(f"| {method.upper()} | `{path}` | {summary} |")
    tables = [
        f"\n### {title}\n\n| method | path | what it does |\n|---|---|---|\n" + "\n".join(lines) + "\n"
        for title, lines in rows.items()
    ]
    return head + MARK + "".join(tables)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
