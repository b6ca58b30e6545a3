"""Keeping the status page's state log: after health, after maintenance, and by hand (operations.md 7.1)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from core.area import Outcome, Request, Services
from core.areas.operations.configuration.status_page import chosen_component, load_status_page
from core.areas.operations.model import HealthStatus
from core.areas.operations.model_components import ComponentState, PageComponent, StatusPageLayout
from core.areas.operations.pages.done import done_page
from core.areas.operations.rules.components import standings
from core.areas.operations.store import components as stored
from core.areas.operations.store.components import ByHand, Reported
from core.areas.operations.store.maintenance import windows
from core.errors import InputError, SettingsError
from core.event import Event, RecordedEvent
from core.message import _
from core.notify.delivery.turn import take_turn
from core.page import Action
from core.store.store import Reaction, Transaction
from core.store.versions import NEWEST
from core.text import clean

__all__ = ["apply_clear", "apply_set", "hear_health", "heed_checks", "reaction", "reckon"]

_log = logging.getLogger("opsdeck.operations")

HEALTH_CHANGED = "health.changed"
"""The kind of event that says, after flap damping, how a check's component is now."""

COMPONENT_CHANGED = "component.changed"
"""The kind of event that says that a component of the status page has another state."""


def reaction(services: Services) -> Reaction:
    """What follows from changes of health: the state log, in the same transaction."""
    folder = services.settings.folders.config

    async def react(transaction: Transaction, events: Sequence[RecordedEvent]) -> None:
        changes = [each.event for each in events if each.event.kind == HEALTH_CHANGED]
        if changes:
            await hear_health(transaction, folder, changes)

    return react


async def hear_health(transaction: Transaction, folder: Path, changes: Sequence[Event]) -> None:
    """Keep what the events say of their checks, and what each makes of the components.

    A layout that can't be read must not undo a health check: the states are left as they are then, and
    whoever opens the page is told what is wrong.
    """
    try:
        layout = load_status_page(folder)
    except SettingsError as error:
        _log.error("the status page's states are not kept: %s", error)
        layout = None
    for event in sorted(changes, key=lambda each: each.at):
        status = _status(event.facts.get("status"))
        name = clean(str(event.facts.get("component") or ""), 128)
        if status is None or not name:
            _log.warning("a change of health names no component or no status: %s", event.subject)
            continue
        await stored.record_reported(transaction, name, Reported(status, event.at))
        if layout is not None:
            await reckon(transaction, layout, event.at)


async def heed_checks(transaction: Transaction, now: datetime) -> None:
    """Take over how the checks stand where no change of health told it: the first results, and skipped ones.

    Before the first round of checks there is nothing to take over.
    """
    settled = await stored.settled_checks(transaction.connection, NEWEST)
    if not settled:
        return
    done = {name: status for name, status in settled.items() if status is not HealthStatus.SKIPPED}
    known = await stored.reported(transaction.connection, NEWEST)
    for name, status in done.items():
        if name not in known or known[name].status is not status:
            await stored.record_reported(transaction, name, Reported(status, now))
    for name in known:
        if name not in done:
            await stored.forget_reported(transaction, name)


async def reckon(transaction: Transaction, layout: StatusPageLayout, at: datetime) -> None:
    """Continue the state log with what health, hand and maintenance come to since `at`."""
    connection = transaction.connection
    reported = await stored.reported(connection, NEWEST)
    by_hand = await stored.by_hand(connection, NEWEST)
    before = await stored.newest_spans(connection, NEWEST)
    in_maintenance = {
        component
        for window in await windows(connection, NEWEST)
        if window.status.active
        for component in window.components
    }
    found = standings(
        layout,
        {name: said.status for name, said in reported.items()},
        {component: said.state for component, said in by_hand.items()},
        in_maintenance,
        {component: span.standing for component, span in before.items()},
    )
    changed = await stored.record_standings(transaction, found, at)
    for component in layout.components:
        state = found[component.id].state
        earlier = before.get(component.id)
        known = None if earlier is None else earlier.standing.state
        if component.id in changed and state is not None and state is not known:
            await transaction.emit(_changed(component, state, known, at))


async def apply_set(request: Request, transaction: Transaction) -> Outcome:
    """Say by hand how a component is, until it is taken back.

    Raises:
        NotFoundError: the page has no such component.
    """
    component = chosen_component(_layout(request), request.text("component") or "")
    state = ComponentState(str(request.arguments["state"]))
    reason = clean(request.text("reason") or "")
    await take_turn(transaction)
    before = (await stored.by_hand(transaction.connection, NEWEST)).get(component.id)
    said = ByHand(state, request.now, request.principal.name, reason)
    await stored.record_by_hand(transaction, component.id, said)
    await reckon(transaction, _layout(request), request.now)
    note = _(
        "{component} is set to “{state}” until “component clear” takes it back.",
        component=component.name,
        state=state.state.word,
    )
    return Outcome(
        done_page("operations.component.set", note, _back()),
        f"component:{component.id}",
        {} if before is None else {"state": before.state.value},
        {"state": state.value, "reason": reason},
    )


async def apply_clear(request: Request, transaction: Transaction) -> Outcome:
    """Take back what was set by hand.

    Raises:
        NotFoundError: the page has no such component.
        InputError: nothing was set for it.
    """
    component = chosen_component(_layout(request), request.text("component") or "")
    await take_turn(transaction)
    before = (await stored.by_hand(transaction.connection, NEWEST)).get(component.id)
    if before is None:
        raise InputError(_("{component} isn’t set by hand.", component=component.name))
    await stored.record_by_hand(transaction, component.id, None)
    await reckon(transaction, _layout(request), request.now)
    note = _("{component} follows its health again.", component=component.name)
    page = done_page("operations.component.clear", note, _back())
    return Outcome(page, f"component:{component.id}", {"state": before.state.value}, {})


def _layout(request: Request) -> StatusPageLayout:
    return load_status_page(request.services.settings.folders.config)


def _back() -> tuple[Action, ...]:
    return (Action("component", _("The components")), Action("status-page", _("The status page")))


def _changed(
    component: PageComponent, state: ComponentState, before: ComponentState | None, at: datetime
) -> Event:
    title = _("{component}: {state}", component=component.name, state=state.state.word)
    facts = {
        "component": component.id,
        "state": state.value,
        "before": None if before is None else before.value,
    }
    severity = state.state.severity
    return Event(COMPONENT_CHANGED, "operations", f"component:{component.id}", severity, title, at, facts)


def _status(word: object) -> HealthStatus | None:
    return next((each for each in HealthStatus if each.value == word), None)
