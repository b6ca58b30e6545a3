"""`opsdeck simulate`: a simulated upstream, over real HTTP on loopback, for any client."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from starlette.types import ASGIApp

from console.exits import Exit
from console.flags import SEED, StillClock, read_moment
from console.served import PROVIDERS, SYSTEMS, Served, ServedPhones, ServedWhatsApp, System
from console.world import narrate
from core.errors import InputError
from core.message import Message, _, plural
from core.moment import Clock, ShiftedClock, SystemClock
from core.simulators.phone import Script, ScriptError
from core.simulators.server import LoopbackServer
from core.text import clean, paragraph

__all__ = ["run_simulator"]

_WEBHOOK = "http://127.0.0.1:8766/api/whatsapp/webhook"
"""Where a relay on this machine takes messages, unless its settings say otherwise."""


def run_simulator(options: argparse.Namespace) -> int:
    """Serve until interrupted; the settings for a client are printed, ready to be pasted into a shell.

    With a script, a phone walks it as soon as a bot has come, and what was said is printed: the run ends with
    it, and fails if something wasn't as the script says.
    """
    scenario: str = getattr(options, "scenario", "contract")
    system = _system(options)
    now = read_moment(getattr(options, "now", None), "--now")
    if now is None and scenario == "vectors":
        now = system.vectors_now
    served = system.make(_clock(scenario, now), getattr(options, "seed", SEED), scenario)
    if isinstance(served, ServedWhatsApp):
        webhook = getattr(options, "webhook", None) or os.environ.get("WHATSAPP_WEBHOOK_URL")
        served.deliver_to(webhook or _WEBHOOK)
    script = _script(getattr(options, "script", None), served)
    with ExitStack() as stack:
        urls: list[str] = []
        for index, app in enumerate(served.apps):
            port = getattr(options, "port", 0) if index == 0 else 0
            urls.append(stack.enter_context(_server(app, port)).url)
        print("\n".join(_lines(served, urls, now)), flush=True)  # noqa: T201
        if script is not None and isinstance(served, ServedPhones):
            return _walked(script, served)
        narrate(_("Serving until interrupted (ctrl+c)."))
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()
    return Exit.DONE


def _system(options: argparse.Namespace) -> System:
    """What to stand in for."""
    provider: str | None = getattr(options, "provider", None)
    if options.system == "whatsapp":
        return PROVIDERS[provider or "twilio"]
    if provider is not None or getattr(options, "webhook", None) is not None:
        raise InputError(_("--provider and --webhook are for simulate whatsapp only."))
    return SYSTEMS[options.system]


def _script(name: str | None, served: Served) -> Script | None:
    """The script to walk: a file, or one that is shipped; `$NAME` in it is the environment's."""
    if name is None:
        return None
    if not isinstance(served, ServedPhones):
        raise InputError(_("Only simulate telegram and simulate whatsapp have phones that walk a script."))
    try:
        shipped = name in served.shipped
        text = served.shipped_script(name) if shipped else Path(name).read_text(encoding="utf-8")
        return Script.read(text, os.environ)
    except OSError as error:
        raise InputError(_unreadable(name, served, (error.strerror or "").rstrip("."))) from error
    except ScriptError as error:
        raise InputError(
            _("The script {name} can’t be walked. {reason}", name=clean(name), reason=clean(str(error)))
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(_("The script {name} is no text.", name=clean(name))) from error


def _unreadable(name: str, served: ServedPhones, reason: str) -> Message:
    if not served.shipped:
        return _("The script {name} can’t be read: {reason}.", name=clean(name), reason=reason)
    return _(
        "The script {name} can’t be read: {reason}. There are also {names}.",
        name=clean(name),
        reason=reason,
        names=", ".join(served.shipped),
    )


def _walked(script: Script, served: ServedPhones) -> int:
    """Let the phone walk, printing what is said as it is said."""
    if isinstance(served, ServedWhatsApp):
        narrate(_("Waiting for a bot at {webhook}.", webhook=clean(served.webhook)))
    else:
        narrate(_("Waiting for a bot with this token."))
    try:
        transcript = asyncio.run(served.walk(script, _print_line))
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    narrate(
        _("All was as the script says.")
        if transcript.passed
        else plural(
            "One thing wasn’t as the script says.",
            "{count} things weren’t as the script says.",
            len(transcript.failures),
        )
    )
    return Exit.DONE if transcript.passed else Exit.FAILED


def _print_line(line: str) -> None:
    print(paragraph(line), flush=True)  # noqa: T201


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
