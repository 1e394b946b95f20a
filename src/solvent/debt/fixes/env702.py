"""An imported distribution is added to the manifest above the import."""

from __future__ import annotations

import re
from collections.abc import Sequence

from solvent.debt.findings import Finding
from solvent.debt.fixes.texts import Texts
from solvent.debt.fixes.tree import CannotFix, Refused, each_of
from solvent.debt.project.declaring import declaration, declaring
from solvent.debt.project.locked import fitting
from solvent.debt.project.manifests import manifests_of
from solvent.debt.project.requirements import Requirement

_MISSING = re.compile(r"\S+ is imported, but no manifest declares ([\w.-]+): add it to ")
_ADDS = {
    "uv.lock": "uv add",
    "poetry.lock": "poetry add",
    "pdm.lock": "pdm add",
    "pixi.lock": "pixi add --pypi",
    "Pipfile.lock": "pipenv install",
}


def fix_texts(texts: Texts, findings: Sequence[Finding]) -> Refused:
    def mend(finding: Finding) -> None:
        found = _MISSING.match(finding.message)
        if found is None:
            raise CannotFix("it is declared for development: move it by hand")
        name = found[1]
        manifest, *others = declaring(texts.project, finding.path)
        if others:
            raise CannotFix(f"{manifest.path} and {others[0].path} could both declare it: add it to the right one")
        if lock := manifests_of(texts.project).lock_of(manifest):
            command = _ADDS.get(lock.rpartition("/")[2])
            how = f"'{command} {name}' changes both" if command else "add it there, and lock again"
            raise CannotFix(f"{lock} would be out of date: {how}")
        texts.manifest(manifest.path)
        how_to = declaration(texts.project, manifest, name)
        version = how_to.version
        if how_to.fix == "unsafe":
            version = fitting(Requirement(name), texts.installed.get(name))
            if version is None:
                raise CannotFix(
                    f"a bare name would be the first in {manifest.path}, and no release of {name} is installed"
                )
        texts.add(manifest.path, name, version)

    return each_of(findings, mend)
