"""Shifts: those that run, those to come, those that are over, and one of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from core.area import Request
from core.areas.plant.model.people import Shift
from core.areas.plant.rules.shifts import shift_state, to_come
from core.areas.plant.store.people import all_operators, all_shifts, shift_of
from core.message import Message, _, plural
from core.page import Action, Column, Fact, Facts, Kind, Note, Page, Place, Row
from core.tabulate import tabulate
from core.units import Absent, Instant, Severity, State

__all__ = ["shift_page", "shift_written", "shifts_page"]

_COLUMNS = (
    Column("shift", _("Shift"), Kind.TEXT, 1),
    Column("name", _("Name"), Kind.TEXT, 1),
    Column("state", _("State"), Kind.STATE, 1),
    Column("start", _("Begins"), Kind.MOMENT, 1),
    Column("end", _("Ends"), Kind.MOMENT, 1),
    Column("operators", _("Who"), Kind.TEXT, 2),
    Column("department", _("Department"), Kind.TEXT, 2),
    Column("machine", _("Machine"), Kind.TEXT, 3),
)
_WHO = (
    Column("number", _("Number"), Kind.TEXT, 1),
    Column("name", _("Name"), Kind.TEXT, 1),
)


async def shifts_page(request: Request) -> Page:
    """The shifts that were asked for."""
    show, now = request.text("show") or "next", request.moment
    async with request.services.store.reading() as connection:
        every = await all_shifts(connection, now)
        names = {each.number: each.name for each in await all_operators(connection, now)}
    listed = to_come(every, now) if show == "next" else list(reversed(every))
    running = sum(each.running(now) for each in every)
    table = tabulate(
        "shifts",
        _("Shifts that run or are to come") if show == "next" else _("All shifts, the newest first"),
        _COLUMNS,
        [_row(each, names, now) for each in listed],
        request.query,
        empty=_("No shift is planned; “shift add” plans one."),
        place=Place.WIDE,
    )
    word = plural("ONE RUNS", "{count} RUN", running) if running else _("NONE RUNS")
    other = (
        Action("shifts", _("All shifts"), (("show", "all"),))
        if show == "next"
        else Action("shifts", _("Shifts that run or are to come"))
    )
    return Page(
        key=f"plant.shifts.{show}",
        title=_("Shifts"),
        verdict=State(Severity.GOOD if running else Severity.IDLE, word),
        blocks=(table,),
        actions=(Action("shift add", _("Plan a shift")), other, Action("operators", _("Who works here"))),
        as_of=now,
    )


async def shift_page(request: Request) -> Page:
    """The shift that was asked for.

    Raises:
        NotFoundError: there is no such shift.
    """
    now = request.moment
    async with request.services.store.reading() as connection:
        shift = await shift_of(connection, request.text("shift") or "", now)
        names = {each.number: each.name for each in await all_operators(connection, now)}
    none = Absent(_("none"))
    facts = (
        Fact(_("State"), shift_state(shift, now)),
        Fact(_("Begins"), Instant(shift.start)),
        Fact(_("Ends"), Instant(shift.end)),
        Fact(_("Ended"), Absent(_("not by hand")) if shift.ended_at is None else Instant(shift.ended_at)),
        Fact(_("Department"), shift.department or none),
        Fact(_("Machine"), shift.machine or none),
    )
    rows = [Row(each, (each, names.get(each, Absent(_("not known"))))) for each in shift.operators]
    ends = () if shift.ended_at or shift.end <= now else (_ending(shift),)
    return Page(
        key=f"plant.shift.{shift.number}",
        title=_("Shift"),
        verdict=shift_state(shift, now),
        blocks=(
            Facts("shift", _("Shift"), facts),
            tabulate("operators", _("Who is on it"), _WHO, rows, request.query),
        ),
        actions=(*ends, Action("shifts", _("Shifts that run or are to come"))),
        as_of=now,
        crumb=_("{shift} · {name}", shift=shift.number, name=shift.name),
    )


def shift_written(shift: Shift, said: Message) -> Page:
    """One sentence about what was done to a shift."""
    return Page(
        key=f"plant.written.{shift.number}",
        title=_("Shifts"),
        verdict=State(Severity.GOOD, _("DONE")),
        blocks=(Note("done", said, Severity.GOOD),),
        actions=(_opening(shift), Action("shifts", _("Shifts that run or are to come"))),
        crumb=shift.number,
    )


def _row(shift: Shift, names: Mapping[str, str], now: datetime) -> Row:
    return Row(
        shift.number,
        (
            shift.number,
            shift.name,
            shift_state(shift, now),
            Instant(shift.start),
            Instant(shift.ended_at if shift.ended_at and not shift.called_off else shift.end),
            ", ".join(names.get(each, each) for each in shift.operators),
            shift.department or Absent(_("none")),
            shift.machine or Absent(_("none")),
        ),
        _opening(shift),
    )


def _opening(shift: Shift) -> Action:
    return Action("shift", _("Open the shift"), (("shift", shift.number),))


def _ending(shift: Shift) -> Action:
    return Action("shift end", _("End this shift"), (("shift", shift.number),))
