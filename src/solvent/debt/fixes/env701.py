"""A manifest's loose requirements are pinned, to versions that a lock file names or that are installed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from solvent.debt.findings import REPOSITORY, Finding
from solvent.debt.fixes.texts import Texts
from solvent.debt.fixes.tree import CannotFix, Refused, each_of
from solvent.debt.project.declaring import loose_requirements
from solvent.debt.project.locked import fitting, locked_versions

_NAMED = 4


def fix_texts(texts: Texts, findings: Sequence[Finding]) -> Refused:
    def mend(finding: Finding) -> None:
        if finding.path == REPOSITORY:
            raise CannotFix("there is no file to pin them in: write one, and lock it")
        manifest = texts.manifest(finding.path)
        loose = loose_requirements(manifest)
        times = Counter(each.name for each in manifest.requirements)
        locked = locked_versions(texts.project, finding.path.rpartition("/")[0])
        known = locked if finding.fix == "safe" else {**texts.installed, **locked}
        versions = {each.name: fit for each in loose if (fit := fitting(each, known.get(each.name)))}
        left = list(dict.fromkeys(each.name for each in loose if each.name not in versions or times[each.name] > 1))
        if left:
            names = ", ".join(left[:_NAMED]) + (", ..." if len(left) > _NAMED else "")
            raise CannotFix(f"no lock file and no environment names one release that fits for {names}")
        texts.pin(finding.path, versions)

    return each_of(findings, mend)
