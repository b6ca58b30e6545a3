"""`opsdeck simulate`: a simulated upstream, over real HTTP on loopback, for any client."""

from __future__ import annotations

import argparse
import sys
import threading

from console.exits import Exit
from console.flags import SEED, read_moment
from core.errors import InputError
from core.message import _
from core.moment import ShiftedClock, SystemClock, parse_moment
from core.simulators.plume import SCENARIOS, PlumeSimulator
from core.simulators.server import LoopbackServer

__all__ = ["run_simulator"]

_VECTORS_NOW = parse_moment("2026-01-15T00:00:00Z")
"""The moment right after the day that the vectors of plume.md 8.3 are of."""


def run_simulator(options: argparse.Namespace) -> int:
    """Serve until interrupted; the settings for a client are printed, ready to be pasted into a shell."""
    if options.scenario not in SCENARIOS:
        known = ", ".join(SCENARIOS)
        raise InputError(
            _("There is no scenario “{name}”: choose one of {known}.", name=options.scenario, known=known)
        )
    now = read_moment(getattr(options, "now", None), "--now")
    if now is None and options.scenario == "vectors":
        now = _VECTORS_NOW
    clock = SystemClock() if now is None else ShiftedClock(now)
    simulator = PlumeSimulator(clock, seed=getattr(options, "seed", SEED), scenario=options.scenario)
    try:
        server = LoopbackServer(simulator.app, port=options.port)
    except (OSError, OverflowError) as error:
        raise InputError(
            _("Port {port} can't be used: {reason}.", port=options.port, reason=str(error))
        ) from error
    with server:
        lines = [
            f"export PLUME_API_BASE={server.url}/api/",
            f"export PLUME_REPORTS_BASE={server.url}/reports/",
            f"export PLUME_TOKEN_URL={server.url}/oauth2/simulated/v1/token",
            f"# sign in with: opsdeck setup {simulator.partner_id}",
            f"# authorization: {simulator.authorization}",
            f"# customers: {' '.join(simulator.customer_ids)}",
        ]
        if now is not None:
            lines.append(
                f"# its clock began at {now.isoformat()}: give opsdeck --now {now:%Y-%m-%dT%H:%M:%SZ}"
            )
        print("\n".join(lines), flush=True)  # noqa: T201
        print("Serving until interrupted (ctrl+c).", file=sys.stderr, flush=True)  # noqa: T201
        threading.Event().wait()
    return Exit.DONE
