"""What a model needs to be loaded: requirements.txt, conda.yaml and python_env.yaml, as MLflow writes them.

What is needed is read from the saved files themselves (the modules that a pickle or a skops file names), so that nobody
waits for the model to be loaded in another process.
"""

from __future__ import annotations

import json
import platform
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from pathlib import Path

import yaml

from solvent.errors import InvalidInput
from solvent.models.pickle_names import modules_named

TXT, CONDA, PYTHON = "requirements.txt", "conda.yaml", "python_env.yaml"

_MOST_BYTES = 1 << 20
_PIN = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*===?\s*([^\s;,#\\]+)")
_NOT_NEEDED = sys.stdlib_module_names | {"solvent"}
"""Solvent's own class around a Python object is written with it."""

_DISTRIBUTIONS = {"sklearn": "scikit-learn", "PIL": "pillow", "cv2": "opencv-python", "yaml": "pyyaml"}


def inferred(requires: Iterable[str], folder: Path) -> list[str]:
    """The distributions of a saved model with the versions of this environment, sorted.

    Args:
        requires: what the flavour names, without versions.
        folder: where the model's files are.
    """
    names = {*requires, *(found for module in _modules(folder) if (found := _distribution(module)))}
    return sorted({_pinned(name) for name in names}, key=str.lower)


def given(requirements: Iterable[str]) -> list[str]:
    """Requirements that the user has written.

    Raises:
        InvalidInput: one of them is no single line.
    """
    if isinstance(requirements, str):
        raise InvalidInput(f"requirements are a list of lines, such as ['numpy>=2'], came the text {requirements!r}")
    lines = list(requirements)
    for line in lines:
        if not isinstance(line, str) or not line.strip() or "\n" in line:
            raise InvalidInput(f"a requirement is one line, such as 'numpy>=2', came {line!r}")
    return lines


def write_requirements(folder: Path, requirements: list[str]) -> None:
    """The three files, for pip, conda and virtual environments."""
    python, pip = platform.python_version(), _version("pip")
    packages: list[object] = [f"python={python}", f"pip<={pip}" if pip else "pip", {"pip": requirements}]
    conda = {"name": "mlflow-env", "channels": ["conda-forge"], "dependencies": packages}
    build = [_pinned(name) for name in ("pip", "setuptools", "wheel")]
    virtual = {"python": python, "build_dependencies": build, "dependencies": [f"-r {TXT}"]}
    (folder / TXT).write_text("".join(f"{line}\n" for line in requirements), encoding="utf-8")
    (folder / CONDA).write_text(yaml.safe_dump(conda, allow_unicode=True), encoding="utf-8")
    (folder / PYTHON).write_text(yaml.safe_dump(virtual, sort_keys=False), encoding="utf-8")


def pins(folder: Path) -> Mapping[str, str]:
    """The exact versions in a model's requirements.txt, by the name of the distribution in its normal form."""
    try:
        with (folder / TXT).open("rb") as file:
            lines = file.read(_MOST_BYTES).decode(errors="replace").splitlines()
    except OSError:
        return {}
    return {_normal(match[1]): match[2] for line in lines if (match := _PIN.match(line))}


def requirement_of(module: str, folder: Path) -> str:
    """What to install for a module that is missing, as the model's requirements say it."""
    top = module.partition(".")[0]
    name = _DISTRIBUTIONS.get(top, top)
    version = pins(folder).get(_normal(name))
    return f"{name}=={version}" if version else name


def _modules(folder: Path) -> set[str]:
    """The modules outside of the standard library that the files of a model name, by their first part."""
    found: set[str] = set()
    for file in folder.iterdir():
        if file.suffix == ".pkl":
            found.update(modules_named(file))
        elif file.suffix == ".skops":
            found.update(_of_skops(file))
    return {top for name in found if (top := name.partition(".")[0]) not in _NOT_NEEDED}


def _of_skops(file: Path) -> Iterator[str]:
    with zipfile.ZipFile(file) as archive:
        yield from re.findall(r'"__module__":\s*"([^"]+)"', json.dumps(json.loads(archive.read("schema.json"))))


def _distribution(module: str) -> str | None:
    """The distribution that an imported module is from; None if it was not installed."""
    name = _DISTRIBUTIONS.get(module, module)
    if _version(name) is not None:
        return name
    return next(iter(metadata.packages_distributions().get(module, ())), None)


def _pinned(name: str) -> str:
    version = _version(name)
    return name if version is None else f"{name}=={version.partition('+')[0]}"  # no index has local versions


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
