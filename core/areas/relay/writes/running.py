"""Starting and stopping the relay: one on this machine, which outlives whoever started it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.area import Outcome, Request, settings_groups
from core.areas.relay.model import Worker
from core.areas.relay.pages.done import done_page
from core.areas.relay.pages.logs import last_line
from core.areas.relay.pages.words import DEMO_RELAY, HOW_TO_SET_UP, bot_words, process_words
from core.areas.relay.processes import MachineProcesses, Processes, identity_in
from core.areas.relay.rules.condition import is_silent
from core.areas.relay.store.reading import configured_channels
from core.areas.relay.store.workers import forget_silent, line_holders, read_workers
from core.engine.identity import Identity, this_process
from core.errors import InputError, RefusedError
from core.message import Message, _
from core.notify.settings import NotifySettings
from core.notify.telegram_settings import TelegramSettings
from core.notify.whatsapp_settings import WhatsAppSettings
from core.settings import CoreSettings
from core.store.store import Transaction
from core.units import Severity

__all__ = ["Started", "Stopped", "apply_start", "apply_stop", "prepare_start", "prepare_stop"]

_PATIENCE = 10.0
"""Seconds that a relay may take to report, and to end (reliability.md R31)."""

_LOOK_EVERY = 0.2


@dataclass(frozen=True, slots=True)
class Started:
    """A relay that was started; `worker` is what it said of itself within a few seconds, if anything."""

    identity: Identity
    worker: Worker | None


@dataclass(frozen=True, slots=True)
class Stopped:
    """The relays of this machine that have ended."""

    identities: tuple[Identity, ...]


async def prepare_start(request: Request, processes: Processes | None = None) -> Started:
    """Start a relay in the background, and wait until it reports or ends.

    Raises:
        InputError: no bot is set up.
        RefusedError: one runs already, which is named; or it ended at once, and why.
    """
    processes = processes or _machine(request)
    telegram = request.services.settings.of(TelegramSettings)
    if not configured_channels(request):
        raise InputError(request.services.settings.of(WhatsAppSettings).shortcoming or HOW_TO_SET_UP)
    other = processes.background()
    if other is None and telegram.configured and telegram.webhook is None:
        other = next(iter(await _known(request, processes, here_alone=False)), None)
    if other is not None:
        _refuse_own(other)
        raise RefusedError(
            _("A relay runs already: {process}. “relay stop” ends it.", process=process_words(other))
        )
    identity = await asyncio.to_thread(processes.start)
    clock = request.services.clock
    began = clock.monotonic()
    while clock.monotonic() - began < _PATIENCE:
        if not processes.runs_here(identity):
            said = last_line(request.services.settings.folders.relay_log)
            raise RefusedError(_("The relay ended at once: {said}", said=said))
        async with request.services.store.reading() as connection:
            workers = await read_workers(connection)
        own = (each for each in workers if _is_of(each, identity))
        if (worker := next(own, None)) is not None:
            return Started(identity, worker)
        await clock.sleep(_LOOK_EVERY)
    return Started(identity, None)


async def prepare_stop(request: Request, processes: Processes | None = None) -> Stopped:
    """Ask the relays of this machine to end, and wait until they have.

    Where none runs but one ended without a word, there is only that to be forgotten.

    Raises:
        InputError: none runs here.
        RefusedError: one didn't end in time, or is the very process that is asked.
    """
    processes = processes or _machine(request)
    background = processes.background()
    found = {each.pid: each for each in await _known(request, processes, here_alone=True)}
    if background is not None:
        found[background.pid] = background
    if not found:
        elsewhere = await _known(request, processes, here_alone=False)
        async with request.services.store.reading() as connection:
            left_behind = await read_workers(connection)
        if elsewhere or not left_behind:
            raise InputError(_nothing_to_stop(elsewhere))
    for identity in found.values():
        _refuse_own(identity)
    for identity in found.values():
        processes.terminate(identity)
    clock = request.services.clock
    began = clock.monotonic()
    left = list(found.values())
    while left := [each for each in left if processes.runs_here(each)]:
        if clock.monotonic() - began >= _PATIENCE:
            raise RefusedError(
                _("The relay ({process}) didn’t end within ten seconds.", process=process_words(left[0]))
            )
        await clock.sleep(_LOOK_EVERY)
    return Stopped(tuple(found.values()))


async def apply_start(started: Started, transaction: Transaction) -> Outcome:
    """What starting comes to; relays that ended without a word are forgotten."""
    await forget_silent(transaction, transaction.recorded_at)
    process = process_words(started.identity)
    if started.worker is None:
        text = _("The relay was started ({process}) and hasn’t reported yet; see “relay”.", process=process)
        page = done_page("relay.start", text, Severity.NOTICE)
    else:
        bot = bot_words(started.worker)
        text = _("The relay runs ({process}) and speaks for {bot}.", process=process, bot=bot)
        page = done_page("relay.start", text)
    return Outcome(page, "relay", {"running": False}, {"running": True, "process": started.identity.pid})


async def apply_stop(stopped: Stopped, transaction: Transaction) -> Outcome:
    """What stopping comes to; relays that ended without a word are forgotten."""
    await forget_silent(transaction, transaction.recorded_at)
    numbers = [each.pid for each in stopped.identities]
    text = _("The relay has ended. Notices wait until one runs again.")
    if not numbers:
        text = _("No relay runs; the one that ended without a word is forgotten.")
    outcome = Outcome(done_page("relay.stop", text), "relay", {"running": True, "processes": numbers})
    return replace(outcome, after={"running": False})


def _machine(request: Request) -> Processes:
    services = request.services
    platforms = (TelegramSettings, WhatsAppSettings)
    groups = [CoreSettings, NotifySettings, *platforms, *settings_groups(services.areas)]
    return MachineProcesses.of(services.settings, groups)


async def _known(request: Request, processes: Processes, *, here_alone: bool) -> list[Identity]:
    """The relays that reported lately or poll a line, those that are known to have ended left out."""
    services = request.services
    now = services.store.present()
    async with services.store.reading() as connection:
        workers = await read_workers(connection)
        holders = await line_holders(connection, {each.line for each in workers}, now)
    reported = (identity_in(each.worker) for each in workers if not is_silent(each, now))
    polling = (each.identity for each in holders.values())
    found = {each.pid: each for each in (*filter(None, reported), *polling)}
    return [each for each in found.values() if _may_run(each, processes, here_alone=here_alone)]


def _may_run(identity: Identity, processes: Processes, *, here_alone: bool) -> bool:
    return processes.runs_here(identity) or (not here_alone and not processes.is_of_here(identity))


def _refuse_own(identity: Identity) -> None:
    """See that a relay is another process than this one, which would have to end itself.

    Raises:
        RefusedError: it is this one: a console whose demo answers in chats.
    """
    here = this_process(identity.program)
    if (identity.pid, identity.process_start, identity.place) == (here.pid, here.process_start, here.place):
        raise RefusedError(DEMO_RELAY)


def _is_of(worker: Worker, identity: Identity) -> bool:
    found = identity_in(worker.worker)
    return found is not None and (found.pid, found.process_start) == (identity.pid, identity.process_start)


def _nothing_to_stop(elsewhere: Iterable[Identity]) -> Message:
    other = next(iter(elsewhere), None)
    if other is None:
        return _("No relay runs.")
    return _("No relay runs on this machine; stop it where it does: {process}.", process=process_words(other))
