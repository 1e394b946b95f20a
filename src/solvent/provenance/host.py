"""The machine a run ran on: name, system, C library, processors, memory, accelerators, and who ran it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TypedDict

_NVIDIA_QUERY = ("--query-gpu=name,memory.total,driver_version", "--format=csv,noheader,nounits")
_TIMEOUT_SECONDS = 5.0
_MAX_ACCELERATORS = 64


class Accelerator(TypedDict):
    """``memory_mb`` in MiB as the driver reports it; None if it does not."""

    name: str
    memory_mb: int | None
    driver: str


class Host(TypedDict):
    """``libc`` is such as ``glibc 2.36``, '' if it can't be told. ``cpus`` counts the processors this process may use; ``memory_mb`` the machine's memory in MiB."""

    name: str
    system: str
    machine: str
    libc: str
    cpus: int
    memory_mb: int | None
    user: str
    python: str
    implementation: str
    executable: str
    accelerators: list[Accelerator]


def read_host() -> Host:
    """What is known of this machine and interpreter. Never raises."""
    return Host(
        name=host_name(),
        system=_system(),
        machine=os.uname().machine if hasattr(os, "uname") else "",
        libc=_libc(),
        cpus=_cpus(),
        memory_mb=_memory_mb(),
        user=user_name(),
        python=".".join(str(part) for part in sys.version_info[:3]),
        implementation=sys.implementation.name,
        executable=sys.executable or "",
        accelerators=_accelerators(),
    )


def host_name() -> str:
    """The machine's own name."""
    if hasattr(os, "uname"):
        return os.uname().nodename
    import socket

    return socket.gethostname()


def user_name() -> str:
    """The login name, or the number of a user without a name."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return str(os.getuid()) if hasattr(os, "getuid") else "unknown"


def _system() -> str:
    if hasattr(os, "uname"):
        uname = os.uname()
        return f"{uname.sysname} {uname.release}"
    return sys.platform


def _libc() -> str:
    try:
        return os.confstr("CS_GNU_LIBC_VERSION") or ""
    except (AttributeError, ValueError, OSError):  # musl, macOS, Windows
        return ""


def _cpus() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _memory_mb() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    except (AttributeError, ValueError, OSError):
        return None


def _accelerators() -> list[Accelerator]:
    """NVIDIA's cards by their own tool; none where it is not installed or does not answer."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return []
    try:
        done = subprocess.run(  # noqa: S603 - our own words, no shell
            [tool, *_NVIDIA_QUERY], capture_output=True, timeout=_TIMEOUT_SECONDS, check=True, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.SubprocessError):
        return []
    return parse_accelerators(done.stdout.decode("utf-8", "replace"))


def parse_accelerators(listing: str) -> list[Accelerator]:
    """The cards in nvidia-smi's CSV; lines of another shape are skipped.

    >>> parse_accelerators("NVIDIA L4, 23034, 550.54.15")
    [{'name': 'NVIDIA L4', 'memory_mb': 23034, 'driver': '550.54.15'}]
    """
    cards: list[Accelerator] = []
    for line in listing.splitlines()[:_MAX_ACCELERATORS]:
        fields = [field.strip() for field in line.split(",")]
        if len(fields) == 3:
            memory = int(fields[1]) if fields[1].isdigit() else None
            cards.append(Accelerator(name=fields[0], memory_mb=memory, driver=fields[2]))
    return cards
