"""Measuring this machine by psutil."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import psutil

from core.areas.operations.model import Disk, Finding, HostReading
from core.areas.operations.rules.answers import process_finding
from core.areas.operations.rules.check_targets import ProcessTarget
from core.moment import Clock
from core.text import clean

__all__ = ["LEAST_APART", "Host", "look_at_processes"]

LEAST_APART = 0.1
"""Seconds between two looks at the processor below which the second says nothing."""


@dataclass(frozen=True, slots=True)
class _Counted:
    """The network's counters at a monotonic moment."""

    at: float
    received: int
    sent: int


class Host:
    """This machine. Figures that are made of two looks are there from the second look on."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._before: _Counted | None = None

    async def read(self) -> HostReading:
        """How the machine is now; whatever may wait for a disk does so in a thread."""
        disks = await asyncio.to_thread(_disks)
        memory = psutil.virtual_memory()
        network = psutil.net_io_counters()
        now, before = self._clock.monotonic(), self._before
        seconds = 0.0 if before is None else now - before.at
        if before is not None and seconds < LEAST_APART:
            return HostReading(memory.percent, memory.available, disks)
        cpu = psutil.cpu_percent(interval=None)  # of the time since the last call; the first is meaningless
        self._before = _Counted(now, network.bytes_recv, network.bytes_sent)
        if before is None:
            return HostReading(memory.percent, memory.available, disks)
        return HostReading(
            memory=memory.percent,
            memory_available=memory.available,
            disks=disks,
            cpu=cpu,
            net_in=_rate(network.bytes_recv - before.received, seconds),
            net_out=_rate(network.bytes_sent - before.sent, seconds),
        )

    async def close(self) -> None:
        """Nothing is held open between looks."""


async def look_at_processes(target: ProcessTarget) -> Finding:
    """Whether as many processes of the name run as should."""
    return process_finding(
        await asyncio.to_thread(_running, target.process), target.least, clean(target.process, 60)
    )


def _running(name: str) -> int:
    return sum(1 for process in psutil.process_iter(["name"]) if process.info["name"] == name)


def _disks() -> tuple[Disk, ...]:
    """Every mounted folder that is on a disk of its own, fullest first."""
    found: dict[str, Disk] = {}
    for partition in psutil.disk_partitions(all=False):
        if partition.device in found or not Path(partition.mountpoint).is_dir() or "loop" in partition.device:
            continue
        try:
            usage = psutil.disk_usage(partition.mountpoint)
        except OSError:
            continue  # unmounted meanwhile, or not ours to look at
        found[partition.device] = Disk(clean(partition.mountpoint, 120), usage.percent, usage.free)
    if not found:  # a container may hide its devices
        usage = psutil.disk_usage("/")
        found["/"] = Disk("/", usage.percent, usage.free)
    return tuple(sorted(found.values(), key=lambda disk: (-disk.percent, disk.mount)))


def _rate(grown: int, seconds: float) -> float | None:
    """Bytes a second; nothing where the counter was reset."""
    return grown / seconds if grown >= 0 and seconds > 0 else None
