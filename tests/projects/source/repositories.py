"""Small git repositories and zips to fetch projects from, and a web server that gives them."""

from __future__ import annotations

import os
import subprocess
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

MLPROJECT = """
name: fetched
entry_points:
  main:
    parameters:
      alpha: {type: float, default: 0.5}
      data: {type: path, default: data.csv}
    command: "python train.py {alpha} {data}"
"""
FILES = {
    "MLproject": MLPROJECT,
    "train.py": "import sys\nprint('here', sys.argv[1:])\nopen('left_behind.txt', 'w').close()\n",
    "data.csv": "a,b\n1,2\n",
}


def git(folder: Path, *arguments: str) -> str:
    """git as its user runs it, away from the settings of whoever runs the tests."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    names = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"]
    done = subprocess.run(
        ["git", *names, "-C", folder, *arguments], check=True, capture_output=True, text=True, env=environment
    )
    return done.stdout.strip()


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def commit(folder: Path, message: str = "a change") -> str:
    """Commit all that lies in a working tree; the commit."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)
    return git(folder, "rev-parse", "HEAD")


def make_tree(folder: Path) -> tuple[str, str]:
    """A repository of two commits: ``old`` is tagged v1 (and v1-signed, with a message), main is at the second.

    The project lies at the root and, another one, in models/.
    """
    folder.mkdir()
    git(folder, "init", "--quiet")
    write(folder, FILES)
    write(folder / "models", {**FILES, "train.py": "import sys\nprint('models', sys.argv[1:])\n"})
    first = commit(folder, "first")
    git(folder, "tag", "v1")
    git(folder, "tag", "--annotate", "--message", "first", "v1-signed")
    git(folder, "branch", "old")
    write(folder, {"train.py": "import sys\nprint('newer', sys.argv[1:])\n"})
    return first, commit(folder, "second")


def make_bare(tree: Path, bare: Path) -> Path:
    """A bare repository with all of the tree's branches and tags."""
    git(tree, "clone", "--quiet", "--bare", ".", str(bare))
    return bare


def make_zip(path: Path, files: Mapping[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """The tests say enough."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A folder's files over HTTP on this machine; the address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
