"""What people and the clock do to maintenance windows, with what is told of it (operations.md 7.4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from core.area import Outcome, Request
from core.areas.operations.configuration.status_page import load_status_page
from core.areas.operations.model_components import PageComponent, StatusPageLayout
from core.areas.operations.model_maintenance import MaintenanceStatus, MaintenanceWindow
from core.areas.operations.pages.done import done_page
from core.areas.operations.rules import maintenance as rules
from core.areas.operations.rules.maintenance import Announcement, Step
from core.areas.operations.store.maintenance import new_id, record_window, windows
from core.areas.operations.writes.components import reckon
from core.errors import NotFoundError
from core.event import Event
from core.message import Message, _
from core.notify.delivery.turn import take_turn
from core.page import Action, Page
from core.store.store import Transaction
from core.store.versions import NEWEST
from core.text import clean
from core.units import Instant, Severity

__all__ = ["advance_windows", "apply_add", "apply_cancel", "apply_end", "apply_extend", "apply_start", "take"]

_KINDS = {
    Announcement.CREATED: "maintenance.announced",
    Announcement.DAY_BEFORE: "maintenance.announced",
    Announcement.EXTENDED: "maintenance.announced",
    Announcement.STARTED: "maintenance.started",
    Announcement.ENDING: "maintenance.ending",
    Announcement.OVERDUE: "maintenance.overdue",
    Announcement.ENDED: "maintenance.ended",
    Announcement.CANCELLED: "maintenance.cancelled",
}


async def apply_add(request: Request, transaction: Transaction) -> Outcome:
    """Plan a window and announce it.

    Raises:
        InputError: its times won't do.
        NotFoundError: the status page has no such component.
    """
    layout = _layout(request)
    starts_at, ends_at = _moment(request, "starts"), _moment(request, "ends")
    rules.check_times(starts_at, ends_at, request.now)
    await take_turn(transaction)
    window = MaintenanceWindow(
        id=await new_id(transaction, request.now),
        title=clean(request.text("title") or ""),
        text=clean(request.text("text") or ""),
        components=tuple(each.id for each in _components(request.text("components") or "", layout)),
        starts_at=starts_at,
        ends_at=ends_at,
        automatic=request.text("transition") != "hand",
        status=MaintenanceStatus.SCHEDULED,
        created_at=request.now,
        by=request.principal.name,
    )
    await take(transaction, Step(window, ((Announcement.CREATED, request.now),)), layout, request.now)
    note = _(
        "{id} is planned from {start} to {end}, and announced.",
        id=window.id,
        start=Instant(starts_at),
        end=Instant(ends_at),
    )
    return Outcome(_done(note), f"maintenance:{window.id}", {}, _audited(window))


async def apply_start(request: Request, transaction: Transaction) -> Outcome:
    """Begin a window now."""
    note = _("The maintenance has begun; its components are under maintenance.")
    return await _changed(request, transaction, lambda window: rules.start(window, request.now), note)


async def apply_extend(request: Request, transaction: Transaction) -> Outcome:
    """Give a window another end."""
    ends_at = _moment(request, "ends")
    note = _("The maintenance now ends at {end}.", end=Instant(ends_at))
    return await _changed(
        request, transaction, lambda window: rules.extend(window, ends_at, request.now), note
    )


async def apply_end(request: Request, transaction: Transaction) -> Outcome:
    """End the work of a window: to verify it, or for good."""
    verify = request.text("as") == "verifying"
    note = _("The work is done and is being verified.") if verify else _("The maintenance is completed.")
    return await _changed(
        request, transaction, lambda window: rules.end(window, request.now, verify=verify), note
    )


async def apply_cancel(request: Request, transaction: Transaction) -> Outcome:
    """Call a window off."""
    reason = clean(request.text("reason") or "")
    note = _("The maintenance is cancelled.")
    return await _changed(
        request, transaction, lambda window: rules.cancel(window, reason, request.now), note
    )


async def advance_windows(transaction: Transaction, layout: StatusPageLayout, now: datetime) -> None:
    """Let the clock start, end and announce what is its to."""
    for window in await windows(transaction.connection, NEWEST):
        if not window.status.over:
            await take(transaction, rules.advance(window, now), layout, None)


async def take(transaction: Transaction, step: Step, layout: StatusPageLayout, at: datetime | None) -> None:
    """Write down what follows for a window: as it is now, its events, and its components' states.

    Without `at` the states follow from the moment of the last announcement.
    """
    await record_window(transaction, step.window)
    await transaction.emit(*(_event(step.window, what, when, layout) for what, when in step.announcements))
    moments = [when for what, when in step.announcements if what is not Announcement.DAY_BEFORE]
    if at is not None:
        await reckon(transaction, layout, at)
    elif moments:
        await reckon(transaction, layout, moments[-1])


async def _changed(
    request: Request,
    transaction: Transaction,
    change: Callable[[MaintenanceWindow], Step],
    note: Message,
) -> Outcome:
    await take_turn(transaction)
    window = await _window(request, transaction)
    step = change(window)
    await take(transaction, step, _layout(request), request.now)
    return Outcome(_done(note), f"maintenance:{window.id}", _audited(window), _audited(step.window))


async def _window(request: Request, transaction: Transaction) -> MaintenanceWindow:
    wanted = (request.text("id") or "").strip().casefold()
    known = await windows(transaction.connection, NEWEST)
    found = next((window for window in known if window.id.casefold() == wanted), None)
    if found is None:
        raise NotFoundError(_("There is no maintenance “{id}”; “window” lists them.", id=wanted[:60]))
    return found


def _components(text: str, layout: StatusPageLayout) -> list[PageComponent]:
    """The components that a list with commas names; whole groups by their name or id.

    Raises:
        NotFoundError: one of the words names none.
    """
    found: dict[str, PageComponent] = {}
    for word in filter(None, (part.strip().casefold() for part in text.split(","))):
        members = [
            component
            for group in layout.groups
            for component in group.components
            if word in (group.id.casefold(), group.name.casefold(), component.id, component.name.casefold())
        ]
        if not members:
            known = ", ".join(each.id for each in layout.components)
            raise NotFoundError(
                _("The status page has no component “{word}”; it has {known}.", word=word[:60], known=known)
            )
        found |= {each.id: each for each in members}
    return list(found.values())


def _event(window: MaintenanceWindow, what: Announcement, when: datetime, layout: StatusPageLayout) -> Event:
    known = {each.id: each.name for each in layout.components}
    names = ", ".join(known.get(each, each) for each in window.components)
    plan = f"{window.starts_at.isoformat()}:{window.ends_at.isoformat()}"
    return Event(
        kind=_KINDS[what],
        area="operations",
        subject=f"maintenance:{window.id}",
        severity=Severity.WARNING if what is Announcement.OVERDUE else Severity.NOTICE,
        title=_title(window, what, names),
        at=when,
        facts={
            "id": window.id,
            "components": ",".join(window.components),
            "checks": ",".join(_checks(window, layout)),
            "starts_at": window.starts_at.isoformat(),
            "ends_at": window.ends_at.isoformat(),
            "what": what.value,
        },
        key=f"maintenance:{window.id}:{what.value}:{plan}",
    )


def _checks(window: MaintenanceWindow, layout: StatusPageLayout) -> list[str]:
    """The health checks that speak for a window's components: what alerts about these are named by."""
    found = (layout.component(each) for each in window.components)
    return list(dict.fromkeys(check for each in found if each is not None for check in each.checks))


def _title(window: MaintenanceWindow, what: Announcement, names: str) -> Message:
    said = {
        "title": window.title,
        "components": names,
        "start": Instant(window.starts_at),
        "end": Instant(window.ends_at),
    }
    match what:
        case Announcement.CREATED:
            return _("Maintenance is planned: {title} ({components}), {start} to {end}", **said)
        case Announcement.DAY_BEFORE:
            return _("Maintenance within 24 hours: {title} ({components}), {start} to {end}", **said)
        case Announcement.STARTED:
            return _("Maintenance has begun: {title} ({components}), until {end}", **said)
        case Announcement.EXTENDED:
            return _("Maintenance now ends at {end}: {title} ({components})", **said)
        case Announcement.ENDING:
            return _("Maintenance is being verified: {title} ({components})", **said)
        case Announcement.OVERDUE:
            return _("Maintenance runs over: {title} ({components}) should have ended at {end}", **said)
        case Announcement.ENDED:
            return _("Maintenance is over: {title} ({components})", **said)
        case Announcement.CANCELLED:
            return _("Maintenance is cancelled: {title} ({components})", **said)


def _moment(request: Request, name: str) -> datetime:
    value = request.arguments[name]
    assert isinstance(value, datetime)
    return value


def _layout(request: Request) -> StatusPageLayout:
    return load_status_page(request.services.settings.folders.config)


def _audited(window: MaintenanceWindow) -> dict[str, object]:
    return {
        "title": window.title,
        "status": window.status.value,
        "components": list(window.components),
        "starts_at": window.starts_at.isoformat(),
        "ends_at": window.ends_at.isoformat(),
        "reason": window.reason,
    }


def _done(note: Message) -> Page:
    actions = (Action("window", _("All maintenance")), Action("status-page", _("The status page")))
    return done_page("operations.maintenance.done", note, actions)
