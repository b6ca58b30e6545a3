"""`opsdeck simulate`: a simulated upstream, over real HTTP on loopback, for any client."""

from __future__ import annotations

import argparse
import contextlib
import threading
from collections.abc import Iterator
from datetime import datetime

from console.exits import Exit
from console.flags import SEED, StillClock, read_moment
from console.world import narrate
from core.errors import InputError
from core.message import _
from core.moment import Clock, ShiftedClock, SystemClock, parse_moment
from core.simulators.plume import PlumeSimulator
from core.simulators.server import LoopbackServer

__all__ = ["run_simulator"]

_VECTORS_NOW = parse_moment("2026-01-15T00:00:00Z")
"""The moment right after the day that the vectors of plume.md 8.3 are of."""


def run_simulator(options: argparse.Namespace) -> int:
    """Serve until interrupted; the settings for a client are printed, ready to be pasted into a shell."""
    scenario: str = getattr(options, "scenario", "contract")
    now = read_moment(getattr(options, "now", None), "--now")
    if now is None and scenario == "vectors":
        now = _VECTORS_NOW
    clock = _clock(scenario, now)
    simulator = PlumeSimulator(clock, seed=getattr(options, "seed", SEED), scenario=scenario)
    with _server(simulator, getattr(options, "port", 0)) as server:
        print("\n".join(_lines(simulator, server.url, now)), flush=True)  # noqa: T201
        narrate(_("Serving until interrupted (ctrl+c)."))
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()
    return Exit.DONE


def _clock(scenario: str, now: datetime | None) -> Clock:
    """The clock that the world goes by; the vectors are of one moment, so that theirs stands still."""
    if now is None:
        return SystemClock()
    return StillClock(now) if scenario == "vectors" else ShiftedClock(now)


def _server(simulator: PlumeSimulator, port: int) -> LoopbackServer:
    try:
        return LoopbackServer(simulator.app, port=port)
    except (OSError, OverflowError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).rstrip(".")
        raise InputError(_("Port {port} can't be used: {reason}.", port=str(port), reason=reason)) from error


def _lines(simulator: PlumeSimulator, url: str, now: datetime | None) -> Iterator[str]:
    """What a shell needs to know of the simulator; what it doesn't run stands behind a #."""
    begun = "" if now is None else f"--now {now:%Y-%m-%dT%H:%M:%SZ} "
    yield f"export PLUME_API_BASE={url}/api/"
    yield f"export PLUME_REPORTS_BASE={url}/reports/"
    yield f"export PLUME_TOKEN_URL={url}/oauth2/simulated/v1/token"
    yield f"# sign in with: opsdeck {begun}setup {simulator.partner_id}"
    yield f"# authorization: {simulator.authorization}"
    yield f"# customers: {' '.join(simulator.customer_ids)}"
    if now is not None:
        yield f"# its clock was set to {now:%Y-%m-%dT%H:%M:%SZ}: give opsdeck {begun.strip()} each time"
