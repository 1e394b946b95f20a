"""An environment as a requirements file that makes it again: exact versions, where they came from, known hashes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from solvent.provenance.host import Host
from solvent.provenance.packages import Package

_OURS = "solvent"
_PINNED = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*==\s*([^\s;\\,]+)")
_FILES = re.compile(r"#   ([A-Za-z0-9._-]+==\S+) sha256:([0-9a-f]{64})")
_HASH = re.compile(r"--hash[= ]([a-z0-9]+:[0-9a-f]{32,128})")

Hashes = Mapping[str, Sequence[str]]
"""By ``name==version``, name in its normal form."""


def lock_text(packages: Iterable[Package], host: Host, hashes: Hashes) -> str:
    """What ``uv pip install -r`` reads. Solvent itself, if it came from no index, is a comment: it is put in by
    whatever Solvent runs the project."""
    head = [
        "# All packages of the run's environment: uv pip install -r environment.lock",
        f"# python {host['python']} {host['implementation']}; {host['system'].partition(' ')[0]} {host['machine']}"
        + (f"; {host['libc']}" if host["libc"] else ""),
    ]
    packages = list(packages)
    files = [f"#   {package.name}=={package.version} sha256:{package.files}" for package in packages if package.files]
    if files:
        files.insert(0, "# What was installed, by the digest of each package's list of files:")
    return "".join(f"{line}\n" for line in [*head, *(_requirement(package, hashes) for package in packages), *files])


def files_in(text: str) -> dict[str, str]:
    """The digests of what was installed, by ``name==version``, as ``lock_text`` has written them.

    >>> files_in("a==1.0\\n#   a==1.0 sha256:" + 64 * "0") == {"a==1.0": 64 * "0"}
    True
    """
    found = (_FILES.fullmatch(line.rstrip()) for line in text.splitlines())
    return {each[1]: each[2] for each in found if each}


def hashes_in(texts: Iterable[str]) -> dict[str, list[str]]:
    """The hashes that requirement files give for exact versions.

    >>> hashes_in(["a_b==1.0 ; python_version > '3' \\\\\\n  --hash=md5:" + 32 * "0"])
    {'a-b==1.0': ['md5:00000000000000000000000000000000']}
    """
    found: dict[str, list[str]] = {}
    for text in texts:
        for line in re.sub(r"\\\r?\n", " ", text).splitlines():
            if (match := _PINNED.match(line)) and (given := _HASH.findall(line)):
                key = f"{re.sub(r'[-_.]+', '-', match[1]).lower()}=={match[2]}"
                found.setdefault(key, []).extend(one for one in given if one not in found.get(key, ()))
    return found


def _requirement(package: Package, hashes: Hashes) -> str:
    exact = f"{package.name}=={package.version}"
    if package.name == _OURS and package.url:
        return f"# {exact}"
    if package.editable:
        return f"-e {package.url}  # {exact}"
    if package.url:
        return f"{package.name} @ {package.url}"
    return "".join([exact, *(f" \\\n    --hash={one}" for one in hashes.get(exact, ()))])
