"""The figures of support: each with its target, how it was before, and from how many it was made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_
from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Request
from core.areas.tickets.caller import part_in, settings_of
from core.areas.tickets.model import Case, ClockKind
from core.areas.tickets.rules.access import Act, require
from core.areas.tickets.rules.deflection import Deflection, deflection
from core.areas.tickets.rules.figures import Attainment, SupportFigures, attainment, support_figures
from core.areas.tickets.rules.tiers import tier_label
from core.areas.tickets.store.faq import faq_entries, views_in
from core.areas.tickets.store.reading import cases
from core.areas.tickets.store.tables import tickets
from core.message import Message, _
from core.moment import Window
from core.page import Action, Column, Fact, Facts, Kind, Page, Place, Row, Table
from core.store.metadata import to_microseconds
from core.units import Absent, Instant, Quantity, Severity, Share, Span, State, Unit, Value

__all__ = ["SPANS", "figures_page"]

SPANS = {"7d": timedelta(days=7), "30d": timedelta(days=30), "90d": timedelta(days=90)}

_TARGET_FIRST_CONTACT = 0.95
_TARGET_SATISFACTION = 0.95
_TARGET_AVERAGE = 4.8
_SMALL = 30
"""Below so many, a share says little."""

_NONE = Absent(_("nothing to measure"))


@dataclass(frozen=True, slots=True)
class _Measured:
    """A figure as its row shows it; higher is better in all of them."""

    key: str
    name: Message
    value: float | None
    before: float | None
    target: float | None
    count: int
    stars: bool = False


async def figures_page(request: Request) -> Page:
    """The figures of the window that ends at the moment asked for, beside those of the one before."""
    require(part_in(request), Act.READ_ALL)
    length = SPANS[request.text("span") or "30d"]
    window = Window.last(length, request.moment)
    earlier = Window.last(length, window.start)
    async with request.services.store.reading() as connection:
        found = await _cases(connection, request, earlier)
        spared = await _deflection(connection, found, window)
        spared_before = await _deflection(connection, found, earlier)
        votes = await faq_entries(connection, request.moment)
    present, past = support_figures(found, window), support_figures(found, earlier)
    measured = (*_measured(present, past), _spared(spared, spared_before))
    helpful = sum(each.helpful for each in votes)
    asked = helpful + sum(each.not_helpful for each in votes)
    faq = Fact(
        _("FAQ found helpful"), Share(helpful / asked) if asked else _NONE, _("{count} votes", count=asked)
    )
    return Page(
        key="tickets.figures",
        title=_("Support figures"),
        verdict=_verdict(measured),
        blocks=(
            _kpi_table(measured),
            _tier_table(found, window, request),
            _times(present),
            _flow(present, faq),
        ),
        actions=(Action("tickets", _("The queue")), Action("faq", _("The FAQ"))),
        as_of=request.moment,
        crumb=_SPAN_NAMES[request.text("span") or "30d"],
    )


_SPAN_NAMES = {"7d": _("last 7 days"), "30d": _("last 30 days"), "90d": _("last 90 days")}


async def _cases(connection: AsyncConnection, request: Request, earlier: Window) -> list[Case]:
    """Every ticket that anything in either window can be about."""
    closed = tickets.c.closed_at
    condition = or_(closed.is_(None), closed > to_microseconds(earlier.start))
    return await cases(connection, request.moment, condition)


async def _deflection(connection: AsyncConnection, found: Sequence[Case], window: Window) -> Deflection:
    opened: dict[str, list[datetime]] = defaultdict(list)
    for case in found:
        opened[case.ticket.requester].append(case.ticket.created_at)
    return deflection(await views_in(connection, window), opened, window)


def _measured(present: SupportFigures, past: SupportFigures) -> tuple[_Measured, ...]:
    now, before = present.satisfaction, past.satisfaction
    return (
        _of_clock(
            "first_response",
            _("First response within its target"),
            present.first_response,
            past.first_response,
        ),
        _of_clock("next_reply", _("Next reply within its target"), present.next_reply, past.next_reply),
        _of_clock("resolution", _("Resolution within its target"), present.resolution, past.resolution),
        _Measured(
            "first_contact",
            _("Solved at first contact"),
            present.first_contact_share,
            past.first_contact_share,
            _TARGET_FIRST_CONTACT,
            present.solves,
        ),
        _Measured(
            "csat", _("Satisfied (4 or 5 of 5)"), now.share, before.share, _TARGET_SATISFACTION, now.answered
        ),
        _Measured(
            "average",
            _("Average rating"),
            now.average,
            before.average,
            _TARGET_AVERAGE,
            now.answered,
            stars=True,
        ),
        _Measured(
            "response_rate",
            _("Rated, of those asked"),
            now.response_rate,
            before.response_rate,
            None,
            now.asked,
        ),
    )


def _of_clock(key: str, name: Message, present: Attainment, past: Attainment) -> _Measured:
    return _Measured(key, name, present.share, past.share, 1.0, present.decided)


def _spared(present: Deflection, past: Deflection) -> _Measured:
    return _Measured(
        "deflection",
        _("FAQ searches that spared a ticket"),
        present.share,
        past.share,
        None,
        present.searched,
    )


def _verdict(measured: Sequence[_Measured]) -> State:
    """Whether what was promised was kept: the clocks' figures alone decide that."""
    promised = [each for each in measured if each.target == 1.0 and each.value is not None]
    if not promised:
        return State(Severity.IDLE, _("NO DATA"))
    if all(each.value == each.target for each in promised):
        return State(Severity.GOOD, _("KEPT"))
    return State(Severity.NOTICE, _("NOT ALL KEPT"))


def _kpi_table(measured: Sequence[_Measured]) -> Table:
    columns = (
        Column("figure", _("Figure"), Kind.TEXT, 1),
        Column("value", _("Value"), Kind.NUMBER, 1),
        Column("target", _("Target"), Kind.NUMBER, 2),
        Column("state", _("State"), Kind.STATE, 1),
        Column("before", _("Window before"), Kind.NUMBER, 2),
        Column("trend", _("Trend"), Kind.TEXT, 3),
        Column("count", _("Out of"), Kind.NUMBER, 1),
    )
    rows = tuple(_kpi_row(each) for each in measured)
    return Table("figures", _("Figures"), columns, rows, len(rows), len(rows), place=Place.WIDE)


def _kpi_row(each: _Measured) -> Row:
    def shown(value: float | None) -> Value:
        if value is None:
            return _NONE
        return Quantity(value, Unit.SCORE, 2) if each.stars else Share(value)

    target: Value = Absent(_("none")) if each.target is None else shown(each.target)
    cells: tuple[Value, ...] = (
        each.name,
        shown(each.value),
        target,
        _state(each),
        shown(each.before),
        _trend(each),
        each.count,
    )
    return Row(each.key, cells)


def _state(each: _Measured) -> State:
    if each.value is None:
        return State(Severity.UNKNOWN, _("no data"))
    if each.target is None:
        return State(Severity.IDLE, _("no target"))
    if each.value < each.target:
        return State(Severity.NOTICE, _("missed"))
    return State(Severity.GOOD, _("met, small sample") if each.count < _SMALL else _("met"))


def _trend(each: _Measured) -> Value:
    if each.value is None or each.before is None:
        return Absent(_("nothing to compare with"))
    if each.value == each.before:
        return _("same")
    return _("better") if each.value > each.before else _("worse")


def _tier_table(found: Sequence[Case], window: Window, request: Request) -> Table:
    """First response by tier: what was promised, and how it went."""
    targets = settings_of(request).policy.response
    columns = (
        Column("tier", _("Tier"), Kind.TEXT, 1),
        Column("target", _("Target"), Kind.NUMBER, 1),
        Column("share", _("Within it"), Kind.NUMBER, 1),
        Column("median", _("Median"), Kind.NUMBER, 1),
        Column("count", _("Out of"), Kind.NUMBER, 1),
    )
    rows: list[Row] = []
    for tier in sorted({*targets, *(case.ticket.tier for case in found)}):
        own = [case for case in found if case.ticket.tier == tier]
        figure = attainment(own, ClockKind.FIRST_RESPONSE, window)
        target = targets.get(tier)
        cells: tuple[Value, ...] = (
            tier_label(tier),
            Span(target) if target else Absent(_("no time was promised")),
            _NONE if figure.share is None else Share(figure.share),
            _NONE if figure.median is None else Span(figure.median),
            figure.decided,
        )
        rows.append(Row(tier, cells))
    title = _("First response by tier")
    return Table("tiers", title, columns, tuple(rows), len(rows), len(rows), place=Place.MAIN)


def _times(figures: SupportFigures) -> Facts:
    def median_of(of: Attainment) -> Value:
        return _NONE if of.median is None else Span(of.median)

    facts = (
        Fact(_("First response"), median_of(figures.first_response)),
        Fact(_("Next reply"), median_of(figures.next_reply)),
        Fact(_("Resolution"), median_of(figures.resolution), _("without the time we waited for requesters")),
    )
    return Facts("medians", _("Median times"), facts)


def _flow(figures: SupportFigures, faq: Fact) -> Facts:
    oldest: Value = (
        Absent(_("none is open"))
        if figures.oldest_open is None
        else Instant(figures.oldest_open, relative=True)
    )
    facts = (
        Fact(_("Opened, last day"), figures.created_day),
        Fact(_("Solved, last day"), figures.solved_day),
        Fact(_("Opened, last week"), figures.created_week),
        Fact(_("Solved, last week"), figures.solved_week),
        Fact(_("Backlog"), figures.backlog, _("{count} wait for us", count=figures.waiting_for_us)),
        Fact(_("Oldest open"), oldest),
        faq,
    )
    return Facts("flow", _("Flow"), facts)
