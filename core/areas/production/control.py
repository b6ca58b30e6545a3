"""Pausing, resuming and restarting production (production.md 6): asked once, and shown as read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from core.area import Outcome, Request
from core.areas.production.client import connections
from core.areas.production.client.answers import ControlAnswer, ControlVerb, Status
from core.areas.production.client.production_client import ProductionClient
from core.areas.production.collection.evaluation import PollResult, evaluate
from core.areas.production.model import Operation, SystemState
from core.areas.production.pages.common import actions
from core.areas.production.rules.budgets import stops_work
from core.areas.production.rules.verdict import system_state
from core.areas.production.settings import ProductionSettings
from core.areas.production.sources import SYSTEM, part
from core.areas.production.store.recording import record_status
from core.areas.production.store.snapshot import read_snapshot
from core.errors import InputError, NotFoundError, RefusedError, UnreachableError, UpstreamError
from core.event import Event
from core.message import Message, _
from core.page import Fact, Facts, Note, Page, Place
from core.store.polls import Poll, record_poll
from core.store.store import Transaction
from core.text import clean
from core.units import Severity, State

__all__ = ["DRAIN_TIMEOUT", "ControlRequest", "Controlled", "ask", "keep"]

_SHORTEST_REASON, _LONGEST_REASON = 3, 200
DRAIN_TIMEOUT = timedelta(minutes=10)
"""How long a restart waits for what is in flight, unless told otherwise."""

_PATIENCE = timedelta(seconds=20)
"""How long a restart is watched before the page says that it is still under way."""

_NOT_CONFIRMED = _("requested, not confirmed")
_TITLES = {
    "pause": _("Pause production"),
    "resume": _("Resume production"),
    "restart": _("Restart production"),
}
_REACHED = {
    "pause": frozenset({SystemState.PAUSING, SystemState.PAUSED}),
    "resume": frozenset({SystemState.RUNNING}),
    "restart": frozenset({SystemState.RESTARTING}),
}


@dataclass(frozen=True, slots=True)
class ControlRequest:
    """What a person wants of the system. `override` belongs to resume, the last three to restart."""

    verb: ControlVerb
    reason: str
    until: datetime | None = None
    override: bool = False
    drain: bool = True
    drain_timeout: timedelta = DRAIN_TIMEOUT
    force: bool = False


@dataclass(frozen=True, slots=True)
class Controlled:
    """What became of a request: the state before and as read back, `None` where it could not be read.

    `answer` is `None` where none came, so that nobody knows whether it was done.
    """

    wanted: ControlRequest
    key: str
    before: Status | None
    answer: ControlAnswer | None
    operation: Operation | None
    after: Status | None
    read_at: datetime

    @property
    def confirmed(self) -> bool:
        """Whether the state read back is the one that was asked for."""
        if self.after is None:
            return False
        if self.wanted.verb == "restart" and self.operation is not None and self.operation.state == "done":
            return True
        return self.after.system.state in _REACHED[self.wanted.verb]


async def ask(request: Request, wanted: ControlRequest) -> Controlled:
    """Ask the system, once, and read its state back.

    Raises:
        InputError: the reason is too short or too long.
        NotFoundError: there is no system to ask.
        RefusedError: the system won't, or resuming is held back for the sake of credits or a budget.
        UpstreamError: it can't be asked at all.
    """
    if not _SHORTEST_REASON <= len(wanted.reason) <= _LONGEST_REASON:
        raise InputError(
            _(
                "Give a reason of {least} to {most} characters; it is kept with the request.",
                least=_SHORTEST_REASON,
                most=_LONGEST_REASON,
            )
        )
    client = await connections.production_client(request.services)
    if client is None:
        raise NotFoundError(
            _("No production system is set up: set PRODUCTION_URL and PRODUCTION_TOKEN first.")
        )
    if wanted.verb == "resume" and not wanted.override:
        await _guard(request)
    key = str(uuid4())
    before = await _read(client)
    answer: ControlAnswer | None = None
    try:
        answer = await client.control(
            wanted.verb,
            reason=wanted.reason,
            actor=request.principal,
            key=key,
            until=wanted.until,
            override=wanted.override,
            drain=wanted.drain,
            drain_timeout=wanted.drain_timeout,
            force=wanted.force,
        )
    except UnreachableError:
        if before is None:
            raise  # it could not be reached before either, so nothing was done
    operation = await _settled(client, answer.operation if answer is not None else None)
    read_at = request.services.store.present()
    return Controlled(wanted, key, before, answer, operation, await _read(client), read_at)


async def keep(request: Request, prepared: object, transaction: Transaction) -> Outcome:
    """Keep the state that was read back, and say who asked for what."""
    assert isinstance(prepared, Controlled)
    wanted, after = prepared.wanted, prepared.after
    settings = request.services.settings.of(ProductionSettings)
    if after is not None:
        await record_status(transaction, after)
        planned = prepared.read_at + part("status").interval
        await record_poll(transaction, Poll(SYSTEM, "status", prepared.read_at, True, None, planned))
        await evaluate(transaction, settings, PollResult(missed_polls=0), transaction.recorded_at)
    kind = f"production.control.{wanted.verb}"
    facts = {"confirmed": prepared.confirmed, "key": prepared.key}
    await transaction.emit(
        Event(
            kind,
            "production",
            "system:production",
            Severity.NOTICE,
            _asked(request, wanted),
            request.now,
            facts,
        )
    )
    return Outcome(_page(prepared), "system:production", _audited(prepared.before), _after(prepared))


def _asked(request: Request, wanted: ControlRequest) -> Message:
    """Who asked for what, and why."""
    person, reason = request.principal.name, clean(wanted.reason, _LONGEST_REASON)
    if wanted.verb == "pause":
        return _("{person} asked production to pause: {reason}", person=person, reason=reason)
    if wanted.verb == "resume":
        return _("{person} asked production to resume: {reason}", person=person, reason=reason)
    return _("{person} asked production to restart: {reason}", person=person, reason=reason)


async def _guard(request: Request) -> None:
    """Hold resuming back while there is nothing left to work with, unless an admin insists."""
    services = request.services
    settings = services.settings.of(ProductionSettings)
    async with services.store.reading() as connection:
        snapshot = await read_snapshot(connection, settings, services.store.present())
    live, stopped = snapshot.credits.balance_live, stops_work(snapshot.budgets)
    left = snapshot.credits.total_available if live is None else live
    if left is not None and left <= 0:
        raise RefusedError(_("There are no credits left, so production isn't resumed. Override to insist."))
    if stopped is not None:
        raise RefusedError(
            _(
                "The {period} budget is exceeded and stops work, so production isn't resumed. Override to"
                " insist.",
                period=stopped.budget.period.value,
            )
        )


async def _read(client: ProductionClient) -> Status | None:
    try:
        return await client.status()
    except UpstreamError:
        return None


async def _settled(client: ProductionClient, operation: Operation | None) -> Operation | None:
    """The operation once it is over, or as it stood when patience or the line came to its end."""
    if operation is None:
        return None
    try:
        return await client.settled(operation, patience=_PATIENCE)
    except UpstreamError:
        return operation


def _audited(status: Status | None) -> dict[str, object]:
    if status is None:
        return {"state": "unknown"}
    system = status.system
    return {
        "state": system.state.value,
        "desired_state": system.desired_state.value,
        "in_flight": system.in_flight,
    }


def _after(done: Controlled) -> Mapping[str, object]:
    """What the audit log keeps: what was asked, under which key, and what came of it."""
    wanted = done.wanted
    return {
        **_audited(done.after),
        "verb": wanted.verb,
        "reason": clean(wanted.reason, _LONGEST_REASON),
        "override": wanted.override,
        "key": done.key,
        "changed": None if done.answer is None else done.answer.changed,
        "operation": "" if done.operation is None else f"{done.operation.id}: {done.operation.state}",
        "confirmed": done.confirmed,
    }


def _page(done: Controlled) -> Page:
    after = done.after
    known = None if after is None else after.system
    state = State(Severity.WARNING, _NOT_CONFIRMED)
    if done.confirmed or (done.operation is not None and done.operation.state == "failed"):
        state = system_state(known)
    facts = [
        Fact(_("State read back"), system_state(known)),
        Fact(_("Wanted"), "" if known is None else known.desired_state.value),
        Fact(_("Reason"), clean(done.wanted.reason, _LONGEST_REASON)),
        Fact(_("Request"), done.key),
    ]
    if known is not None and known.in_flight is not None:
        facts.insert(2, Fact(_("Jobs in flight"), known.in_flight))
    if done.operation is not None:
        facts.append(Fact(_("Operation"), f"{done.operation.id} · {done.operation.state}"))
    return Page(
        key=f"production.{done.wanted.verb}",
        title=_TITLES[done.wanted.verb],
        verdict=state,
        blocks=(
            Note("outcome", _said(done), Severity.GOOD if done.confirmed else Severity.WARNING),
            Facts("system", _("Production"), tuple(facts), Place.WIDE),
        ),
        actions=actions(),
        as_of=done.read_at,
    )


def _said(done: Controlled) -> Message:
    """What came of the request, in a sentence; never more than was read back."""
    if done.operation is not None and done.operation.state == "failed":
        why = clean(done.operation.error) or _("it gave no reason")
        return _("Production could not do it: {reason}.", reason=why)
    if done.after is None:
        return _("It was asked for, but the state could not be read back. Look again before you repeat it.")
    if not done.confirmed:
        return _("It was asked for, but production has not confirmed it yet.")
    if done.answer is not None and done.answer.changed is False:
        return _("Nothing changed: production was in that state already.")
    return _("Production confirms it.")
