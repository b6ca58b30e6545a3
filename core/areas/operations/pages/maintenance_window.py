"""One maintenance window: what it is, how far it is, and what can be done to it now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.area import Request
from core.areas.operations.model_components import StatusPageLayout
from core.areas.operations.model_maintenance import MaintenanceStatus, MaintenanceWindow
from core.errors import NotFoundError
from core.message import Message, _
from core.page import Action, Document, Fact, Facts, Page, Timeline, TimelineEntry
from core.store import events
from core.units import Absent, Instant, Severity, Span, State, Value

__all__ = ["component_names", "shown_status", "window_page"]

_EVENTS_SHOWN = 12


async def window_page(
    request: Request, known: Sequence[MaintenanceWindow], layout: StatusPageLayout, wanted: str
) -> Page:
    """The window of that id.

    Raises:
        NotFoundError: there is none.
    """
    window = next((each for each in known if each.id.casefold() == wanted.strip().casefold()), None)
    if window is None:
        raise NotFoundError(_("There is no maintenance “{id}”; “window” lists them.", id=wanted[:60]))
    about = f"maintenance:{window.id}"
    async with request.services.store.reading() as connection:
        told = await events.recent(connection, at=request.moment, subject=about, limit=_EVENTS_SHOWN)
    status = shown_status(window, request.moment)
    text = window.text or _("Nothing was written for users.")
    return Page(
        key=f"operations.maintenance.{window.id}",
        title=_("Maintenance"),
        crumb=window.id,
        verdict=State(status.severity, _VERDICTS[window.status]),
        blocks=(
            Document("said", _("What users read"), (window.title, text)),
            Facts("window", _("Window"), _facts(window, layout)),
            Timeline(
                "told",
                _("What was told"),
                tuple(TimelineEntry.of(each) for each in told),
                _("Nothing that is still on record."),
            ),
        ),
        actions=(*_changes(window), Action("window", _("All maintenance"))),
        as_of=request.moment,
    )


def shown_status(window: MaintenanceWindow, now: datetime) -> State:
    """How far a window is, or that it runs over."""
    return State(Severity.WARNING, _("runs over")) if window.overdue(now) else window.status.state


def component_names(window: MaintenanceWindow, layout: StatusPageLayout) -> str:
    """The names of a window's components, as far as the status page still has them."""
    names = (layout.component(each) for each in window.components)
    return ", ".join(each.name for each in names if each is not None)


_VERDICTS: dict[MaintenanceStatus, Message] = {
    MaintenanceStatus.SCHEDULED: _("SCHEDULED"),
    MaintenanceStatus.IN_PROGRESS: _("IN PROGRESS"),
    MaintenanceStatus.VERIFYING: _("VERIFYING"),
    MaintenanceStatus.COMPLETED: _("COMPLETED"),
    MaintenanceStatus.CANCELLED: _("CANCELLED"),
}


def _facts(window: MaintenanceWindow, layout: StatusPageLayout) -> tuple[Fact, ...]:
    by_clock, by_hand = _("by the clock"), _("by hand")
    facts = [
        Fact(_("From"), Instant(window.starts_at)),
        Fact(_("To"), Instant(window.ends_at)),
        Fact(_("Length"), Span(window.ends_at - window.starts_at)),
        Fact(_("Components"), component_names(window, layout) or Absent(_("the page has none of them"))),
        Fact(_("Starts and ends"), by_clock if window.automatic else by_hand),
        Fact(_("Planned by"), window.by),
        Fact(_("Planned at"), Instant(window.created_at)),
        Fact(_("Began"), _moment(window.started_at, _("it has not begun"))),
        Fact(_("Ended"), _moment(window.ended_at, _("it has not ended"))),
    ]
    if window.reason:
        facts.append(Fact(_("Called off because"), window.reason))
    return tuple(facts)


def _moment(at: datetime | None, missing: Message) -> Value:
    return Absent(missing) if at is None else Instant(at)


def _changes(window: MaintenanceWindow) -> tuple[Action, ...]:
    """What its status allows."""
    if window.status.over:
        return ()
    which = (("id", window.id),)
    start = Action("window start", _("Begin it now"), which)
    verify = Action("window end", _("The work is done: verify it"), (*which, ("as", "verifying")))
    end = Action("window end", _("Complete it"), (*which, ("as", "completed")))
    first = {
        MaintenanceStatus.SCHEDULED: (start,),
        MaintenanceStatus.IN_PROGRESS: (verify, end),
        MaintenanceStatus.VERIFYING: (end,),
    }[window.status]
    return (
        *first,
        Action("window extend", _("Give it another end"), which),
        Action("window cancel", _("Call it off"), which),
    )
