"""Two probes of different systems, asked only whether they answer: whether we are cut off (R11)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from core.errors import SettingsError
from core.message import _
from core.notify.alerting.blind import REACHABILITY
from core.store.polls import Poll, record_poll
from core.store.store import Store

__all__ = ["Probe", "ReachabilityProbes", "read_probes"]

_TIME_LIMIT = 5.0


@dataclass(frozen=True, slots=True)
class Probe:
    """A host and port that accepts connections whenever it can be reached."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def read_probes(text: str) -> tuple[Probe, ...]:
    """What the settings name: `host:port` with commas between.

    Raises:
        SettingsError: one isn't of that form, or there is just one, which could tell nothing.
    """
    probes: list[Probe] = []
    for word in filter(None, (each.strip() for each in text.split(","))):
        host, colon, port = word.rpartition(":")
        if not colon or not host or not port.isdecimal() or not 0 < int(port) < 65_536:
            raise SettingsError(
                _("“{word}” isn’t host:port; write two, with a comma between.", word=word[:80])
            )
        probes.append(Probe(host.strip("[]"), int(port)))
    if len(probes) == 1:
        raise SettingsError(
            _("One reachability probe can’t tell whose outage it is; name two of different networks.")
        )
    return tuple(probes)


class ReachabilityProbes:
    """The job that opens a connection to each probe and hangs up."""

    def __init__(self, store: Store, probes: Sequence[Probe]) -> None:
        self._store = store
        self._probes = tuple(probes)

    async def run(self) -> None:
        """Ask all at once, and add how it went to the log of polls."""
        started_at = self._store.clock.now()
        answers = await asyncio.gather(*(_answers(probe) for probe in self._probes))
        async with self._store.writing() as transaction:
            for probe, good in zip(self._probes, answers, strict=True):
                reason = None if good else _("{probe} took no connection.", probe=str(probe))
                await record_poll(transaction, Poll(REACHABILITY, str(probe), started_at, good, reason))


async def _answers(probe: Probe) -> bool:
    try:
        async with asyncio.timeout(_TIME_LIMIT):
            _reader, writer = await asyncio.open_connection(probe.host, probe.port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return True
