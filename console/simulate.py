"""`opsdeck simulate`: a simulated upstream, over real HTTP on loopback, for any client."""

from __future__ import annotations

import argparse
import contextlib
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime

from starlette.types import ASGIApp

from console.exits import Exit
from console.flags import SEED, StillClock, read_moment
from console.served import SYSTEMS, Served
from console.world import narrate
from core.errors import InputError
from core.message import _
from core.moment import Clock, ShiftedClock, SystemClock
from core.simulators.server import LoopbackServer

__all__ = ["run_simulator"]


def run_simulator(options: argparse.Namespace) -> int:
    """Serve until interrupted; the settings for a client are printed, ready to be pasted into a shell."""
    scenario: str = getattr(options, "scenario", "contract")
    system = SYSTEMS[options.system]
    now = read_moment(getattr(options, "now", None), "--now")
    if now is None and scenario == "vectors":
        now = system.vectors_now
    served = system.make(_clock(scenario, now), getattr(options, "seed", SEED), scenario)
    with ExitStack() as stack:
        urls: list[str] = []
        for index, app in enumerate(served.apps):
            port = getattr(options, "port", 0) if index == 0 else 0
            urls.append(stack.enter_context(_server(app, port)).url)
        print("\n".join(_lines(served, urls, now)), flush=True)  # noqa: T201
        narrate(_("Serving until interrupted (ctrl+c)."))
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()
    return Exit.DONE


def _clock(scenario: str, now: datetime | None) -> Clock:
    """The clock that the world goes by; the vectors are of one moment, so that theirs stands still."""
    if now is None:
        return SystemClock()
    return StillClock(now) if scenario == "vectors" else ShiftedClock(now)


def _server(app: ASGIApp, port: int) -> LoopbackServer:
    try:
        return LoopbackServer(app, port=port)
    except (OSError, OverflowError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).rstrip(".")
        raise InputError(_("Port {port} can't be used: {reason}.", port=str(port), reason=reason)) from error


def _lines(served: Served, urls: list[str], now: datetime | None) -> Iterator[str]:
    """What a shell needs to know of the simulator; what it doesn't run stands behind a #."""
    begun = "" if now is None else f"--now {now:%Y-%m-%dT%H:%M:%SZ} "
    for name, value in served.settings(urls).items():
        yield f"export {name}={value}"
    for remark in served.remarks(f"opsdeck {begun}"):
        yield f"# {remark}"
    if now is not None:
        yield f"# its clock was set to {now:%Y-%m-%dT%H:%M:%SZ}: give opsdeck {begun.strip()} each time"
