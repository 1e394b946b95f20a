"""Samples of the machine under MLflow's names: processor, memory, disk, network, NVIDIA cards."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import psutil

_GPU_FIELDS = "utilization.gpu,memory.used,memory.total,power.draw"
_GPU_TIMEOUT_SECONDS = 5.0
_MEGABYTE = 1e6


class Sampler:
    """Takes samples; the first one sees the processor since the sampler was made.

    Args:
        folder: the disk that holds it is looked at.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._gpu_tool = shutil.which("nvidia-smi")
        self._network = psutil.net_io_counters()
        psutil.cpu_percent(None)

    def sample(self) -> dict[str, float]:
        """Values by metric name, in percent, megabytes (10^6) and watts; network since the sampler was made."""
        memory = psutil.virtual_memory()
        disk = psutil.disk_usage(self._folder)
        values = {
            "system/cpu_utilization_percentage": psutil.cpu_percent(None),
            "system/system_memory_usage_megabytes": memory.used / _MEGABYTE,
            "system/system_memory_usage_percentage": memory.percent,
            "system/disk_usage_percentage": disk.percent,
            "system/disk_usage_megabytes": disk.used / _MEGABYTE,
            "system/disk_available_megabytes": disk.free / _MEGABYTE,
        }
        network = psutil.net_io_counters()
        if network is not None and self._network is not None:
            received, sent = (
                network.bytes_recv - self._network.bytes_recv,
                network.bytes_sent - self._network.bytes_sent,
            )
            values["system/network_receive_megabytes"] = received / _MEGABYTE
            values["system/network_transmit_megabytes"] = sent / _MEGABYTE
        return values | self._cards()

    def _cards(self) -> dict[str, float]:
        if self._gpu_tool is None:
            return {}
        command = [self._gpu_tool, f"--query-gpu={_GPU_FIELDS}", "--format=csv,noheader,nounits"]
        try:
            done = subprocess.run(  # noqa: S603 - our own words, no shell
                command, capture_output=True, timeout=_GPU_TIMEOUT_SECONDS, check=True, stdin=subprocess.DEVNULL
            )
        except (OSError, subprocess.SubprocessError):
            self._gpu_tool = None  # it does not work here: do not ask again
            return {}
        return parse_cards(done.stdout.decode("utf-8", "replace"))


def parse_cards(listing: str) -> dict[str, float]:
    """Metrics from nvidia-smi's CSV of utilisation (%), memory used and total (MiB) and power (W).

    What a card does not report ("[N/A]") is left out.

    >>> parse_cards("37, 1000, 4000, [N/A]")["system/gpu_0_memory_usage_percentage"]
    25.0
    """
    values: dict[str, float] = {}
    for number, line in enumerate(listing.splitlines()):
        fields = [_number(field) for field in line.split(",")]
        if len(fields) != 4:
            continue
        utilisation, used, total, power = fields
        found = {
            "utilization_percentage": utilisation,
            "memory_usage_megabytes": None if used is None else used * 2**20 / _MEGABYTE,
            "memory_usage_percentage": 100 * used / total if used is not None and total else None,
            "power_usage_watts": power,
        }
        values |= {f"system/gpu_{number}_{name}": value for name, value in found.items() if value is not None}
    return values


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
