"""What ``make demo`` does: train twice with different settings, compare, and show the page.

Everything is kept in ``.solvent/`` of this checkout. ``--serve`` keeps the page up until Ctrl-C.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOLVENT = Path(sys.executable).with_name("solvent")
EXPERIMENT = "breast-cancer"


def solvent(*arguments: str) -> None:
    """Run a command, shown as one would type it; end here, with its code, if it fails."""
    print(f"\n$ solvent {' '.join(arguments)}", flush=True)
    code = subprocess.run([SOLVENT, *arguments], cwd=ROOT, env=environment()).returncode
    if code:
        sys.exit(code)


def environment() -> dict[str, str]:
    """The environment without another tracking server in it: the demo writes to this checkout alone."""
    return {key: value for key, value in os.environ.items() if not key.endswith("_TRACKING_URI")}


def free_port(wanted: int = 5000) -> int:
    """``wanted`` if nobody listens there, else any free port."""
    for port in (wanted, 0):
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(listener.getsockname()[1])
    sys.exit("no free port on 127.0.0.1")


@contextmanager
def page(port: int) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The address of the page and its server, which has answered when this yields and ends with it."""
    url = f"http://127.0.0.1:{port}"
    server = subprocess.Popen([SOLVENT, "ui", "--port", str(port)], cwd=ROOT, env=environment(), stdout=sys.stderr)
    try:
        for _ in range(300):
            if server.poll() is not None:
                sys.exit(f"the page's server ended with code {server.returncode}")
            try:
                with urllib.request.urlopen(url, timeout=5):
                    break
            except urllib.error.URLError:
                time.sleep(0.1)
        else:
            sys.exit(f"nothing answers at {url} after 30 seconds")
        yield url, server
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the example twice, compare the runs, show the page.")
    parser.add_argument("--serve", action="store_true", help="keep the page up until Ctrl-C")
    serve = parser.parse_args().serve

    for alpha in ("0.001", "0.5"):
        solvent("run", "examples/breast-cancer", "--experiment-name", EXPERIMENT, "-P", f"alpha={alpha}")
    solvent("runs", "compare", "--experiment-name", EXPERIMENT)
    with page(free_port()) as (url, server):
        print(f"\nThe page: {url}", flush=True)
        if serve:
            print("Ctrl-C ends it.", flush=True)
            with suppress(KeyboardInterrupt):
                server.wait()
        else:
            print("It answered, and is down again. Keep it up: make demo SERVE=1, or solvent ui", flush=True)


if __name__ == "__main__":
    main()
