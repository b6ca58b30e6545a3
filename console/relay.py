"""`opsdeck relay run`: the relay in the foreground, as a service manager runs it."""

from __future__ import annotations

import argparse
from contextlib import closing
from typing import TYPE_CHECKING

from console.configuration import check_settings, read_settings
from console.exits import Exit
from console.flags import SEED, read_clock, read_flags
from console.world import local_person, narrate
from core.errors import InputError
from core.logs import start_log
from core.message import Message, _, plural
from core.moment import Clock
from core.relay.service import relay_runner, run_relay
from core.settings import CoreSettings, SettingsBook
from core.text import paragraph

if TYPE_CHECKING:
    from logging import Handler

    from core.deck import Deck

__all__ = ["run_relay_verb"]


def run_relay_verb(options: argparse.Namespace) -> int:
    """Run the relay until it is told to end; what it says goes to standard error, and to its log.

    In the demo, a scripted phone walks each shipped session, or with --whatsapp five of them walk the plant's
    workflows, each in a language; the transcript is printed, and the relay ends.

    Raises:
        SettingsError: no bot is set up, or a setting is wrong.
        RefusedError: another process polls the bot already.
        StoreError: the database can't be used.
    """
    clock = read_clock(options)
    if getattr(options, "demo", False):
        return _run_demo(options, clock)
    if getattr(options, "whatsapp", False) or hasattr(options, "provider"):
        raise InputError(_("--whatsapp and --provider are for --demo: elsewhere the settings say it."))
    book = read_settings(options)
    book.folders.make()
    with closing(_log_of(book)), relay_runner() as runner:
        return runner.run(run_relay(book, clock, narrate))


def _run_demo(options: argparse.Namespace, clock: Clock) -> int:
    from core.demo import Demo
    from core.demo.sessions import walk_plant, walk_sessions
    from core.demo.whatsapp import with_whatsapp

    flags = read_flags(options)
    on_whatsapp = bool(getattr(options, "whatsapp", False))
    more = (with_whatsapp(getattr(options, "provider", "twilio")),) if on_whatsapp else ()
    demo = Demo.start(clock, seed=getattr(options, "seed", SEED), flags=flags, more=more)
    failures: list[str] = []
    try:
        check_settings(demo.book, flags)
        demo.book.folders.make()
        person = local_person(demo.book.of(CoreSettings), "command line", demo=True)

        async def fill(deck: Deck) -> None:
            await demo.fill(deck, person, narrate)

        async def walk(_deck: Deck) -> None:
            if on_whatsapp:
                narrate(
                    _("Five people write at the same time; what each of them read is printed at its end.")
                )
            walking = walk_plant if on_whatsapp else walk_sessions
            failures.extend(await walking(demo, _print_line))
            narrate(_said(failures))

        with closing(_log_of(demo.book)), relay_runner() as runner:
            code = runner.run(run_relay(demo.book, clock, narrate, prepare=fill, during=walk))
    finally:
        demo.stop()
    return Exit.FAILED if failures else code


def _said(failures: list[str]) -> Message:
    if not failures:
        return _("All was as the scripts say.")
    return plural(
        "One thing wasn’t as the scripts say.",
        "{count} things weren’t as the scripts say.",
        len(failures),
    )


def _print_line(line: str) -> None:
    print(paragraph(line), flush=True)  # noqa: T201


def _log_of(book: SettingsBook) -> Handler:
    settings = book.of(CoreSettings)
    return start_log(book.folders.relay_log, "DEBUG" if settings.debug else settings.log_level)
