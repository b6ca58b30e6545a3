"""What is said on WhatsApp: its figures, and the log of it (whatsapp.md A9)."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from core.area import Request
from core.areas.relay.store.messages import Analytics, LoggedMessage, read_analytics, read_messages
from core.message import _, plural
from core.page import Action, Column, Fact, Facts, Kind, Page, Place, Row
from core.tabulate import tabulate
from core.units import Absent, Instant, Quantity, Severity, Span, State, Unit, Value

__all__ = ["whatsapp_page"]

_MOST = 2_000
_HOUR = timedelta(hours=1)
_LENGTHS = (timedelta(hours=1), timedelta(days=1), timedelta(days=7))
"""The lengths of time that the page offers."""
_COLUMNS = (
    Column("at", _("When"), Kind.MOMENT, 1),
    Column("phone", _("Phone"), Kind.TEXT, 1),
    Column("type", _("What"), Kind.STATE, 1),
    Column("content", _("Content"), Kind.TEXT, 1),
    Column("error", _("Error"), Kind.TEXT, 3),
    Column("before", _("State before"), Kind.TEXT, 3),
    Column("after", _("State after"), Kind.TEXT, 2),
)
_TYPES = {
    "incoming": State(Severity.GOOD, _("IN")),
    "outgoing": State(Severity.IDLE, _("OUT")),
    "error": State(Severity.WARNING, _("ERROR")),
}


async def whatsapp_page(request: Request) -> Page:
    """The figures of some hours up to the page's moment, and what was said last."""
    hours = cast("int", request.arguments["hours"])
    since = request.moment - timedelta(hours=hours)
    async with request.services.store.reading() as connection:
        found = await read_analytics(connection, since, request.moment)
        messages = await read_messages(connection, _MOST, request.moment)
    log = tabulate(
        "log",
        _("The log"),
        _COLUMNS,
        [_row(each) for each in messages],
        request.query,
        empty=_("Nothing was said on WhatsApp."),
        place=Place.WIDE,
    )
    return Page(
        key="whatsapp",
        title=_("WhatsApp"),
        verdict=_verdict(found),
        blocks=(_figures(found, hours), log),
        actions=_actions(hours),
        as_of=request.moment,
    )


def _verdict(found: Analytics) -> State:
    """Whether it is used, and whether that goes well."""
    if found.errors_occurred:
        count = plural("{count} ERROR", "{count} ERRORS", found.errors_occurred)
        return State(Severity.WARNING, count)
    if found.messages_received:
        return State(Severity.GOOD, _("IN USE"))
    return State(Severity.IDLE, _("QUIET"))


def _actions(shown: int) -> tuple[Action, ...]:
    """Other lengths of time, and where the rest stands."""
    lengths = (
        Action("whatsapp", _("The last {length}", length=Span(each)), (("hours", str(each // _HOUR)),))
        for each in _LENGTHS
        if each // _HOUR != shown
    )
    return (*lengths, Action("relay", _("The relay")), Action("outbox", _("The outbox")))


def _figures(found: Analytics, hours: int) -> Facts:
    took = found.average_session_duration
    duration: Value = Absent(_("no workflow was completed"))
    if took is not None:
        duration = Span(timedelta(seconds=took))
    ratio: Value = Absent(_("none was received"))
    if found.messages_received:
        ratio = Quantity(found.message_ratio, Unit.COUNT, 2)
    errors: Value = 0
    if found.errors_occurred:
        errors = State(Severity.WARNING, str(found.errors_occurred))
    facts = (
        Fact(_("Messages received"), found.messages_received),
        Fact(_("Messages sent"), found.messages_sent),
        Fact(_("Sent for each received"), ratio),
        Fact(_("Workflows completed"), found.workflows_completed),
        Fact(_("Mean length of a workflow"), duration),
        Fact(_("Errors"), errors),
        Fact(_("Active users"), found.active_users),
    )
    return Facts("figures", _("The last {length}", length=Span(timedelta(hours=hours))), facts, Place.WIDE)


def _row(message: LoggedMessage) -> Row:
    cells: tuple[Value, ...] = (
        Instant(message.at),
        message.phone,
        _TYPES[message.message_type],
        message.content or Absent(_("not kept")),
        message.error or Absent(_("none")),
        message.state_before or Absent(_("not known")),
        message.state_after or Absent(_("not known")),
    )
    return Row(str(message.number), cells)
