"""What the status page tells of uptime, and live figures for those who may see them (operations.md 7.3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from core.areas.operations.model import CheckResult
from core.areas.operations.model_components import PageComponent, StatusPageLayout
from core.areas.operations.rules.uptime import (
    MEASURED_LEAST,
    UNMEASURED_GREYED,
    Uptime,
    too_little_measured,
)
from core.areas.operations.store.uptime import StateLog
from core.message import _
from core.moment import Window
from core.page import Column, Kind, Note, Place, Row, Table
from core.units import Absent, Instant, Quantity, Severity, Share, State, Unit, Value

__all__ = ["LONG", "live_table", "uptime_table", "uptime_value", "weight_note"]

LONG = timedelta(days=90)
"""The longest window that uptime is shown of."""

_SHORT, _LIVE = timedelta(days=30), timedelta(hours=24)


def live_table(
    layout: StatusPageLayout, log: StateLog, checks: Mapping[str, CheckResult], now: datetime
) -> Table:
    """Live figures: the uptime of the last day, how long the last look took, and how old it is."""
    columns = (
        Column("name", _("Component"), priority=1),
        Column("uptime", _("Uptime, 24 h"), Kind.NUMBER, 1),
        Column("unmeasured", _("Unmeasured"), Kind.NUMBER, 2),
        Column("latency", _("Response time"), Kind.NUMBER, 1),
        Column("age", _("Looked at"), Kind.MOMENT, 2),
    )
    day = Window.last(_LIVE, now)
    rows = tuple(
        Row(
            each.id,
            (
                each.name,
                uptime_value(log.of(each, day)),
                _unmeasured(log.of(each, day)),
                _latency(each, checks),
                _age(each, checks),
            ),
        )
        for each in layout.components
    )
    return Table("live", _("Live"), columns, rows, len(rows), len(rows), place=Place.WIDE)


def uptime_table(layout: StatusPageLayout, log: StateLog, now: datetime) -> Table:
    """The uptime of every component, of each group and of the page, over 90 and 30 days."""
    columns = (
        Column("name", _("Component"), priority=1),
        Column("long", _("90 days"), Kind.NUMBER, 1),
        Column("short", _("30 days"), Kind.NUMBER, 1),
        Column("long_unmeasured", _("Unmeasured, 90 d"), Kind.NUMBER, 2),
        Column("short_unmeasured", _("Unmeasured, 30 d"), Kind.NUMBER, 2),
    )
    long, short = Window.last(LONG, now), Window.last(_SHORT, now)
    rows: list[Row] = []
    for group in layout.groups:
        for each in group.components:
            of_long = log.of(each, long)
            rows.append(_uptime_row(each.id, each.name, of_long, log.of(each, short)))
        if len(group.components) > 1:
            means = log.of_group(group.components, long), log.of_group(group.components, short)
            rows.append(_uptime_row(group.id, group.name, *means))
    rows.append(_uptime_row("page", str(layout.title), log.of_page(long), log.of_page(short)))
    return Table("uptime", _("Uptime"), columns, tuple(rows), len(rows), len(rows), place=Place.WIDE)


def uptime_value(uptime: Uptime | None) -> Value:
    """An uptime as a page shows it: cut to two decimals, greyed or absent where too little was measured."""
    if uptime is None or uptime.percent is None:
        return Absent(too_little_measured(uptime))
    shown = Quantity(uptime.percent, Unit.PERCENT, 2)
    return State(Severity.IDLE, _("{uptime}", uptime=shown)) if uptime.greyed else shown


def weight_note(weight: float) -> Note:
    """How uptime is reckoned, in a sentence."""
    text = _(
        "A major outage counts in full, a partial one by {weight}; degraded performance and maintenance do "
        "not count. Groups are the mean of their components. All of it is of the measured time: a figure is "
        "greyed (○) where more than {greyed} was not measured, and n/a where less than {least} was.",
        weight=Share(weight, 0),
        greyed=Share(float(UNMEASURED_GREYED), 0),
        least=Share(float(MEASURED_LEAST), 0),
    )
    return Note("weight", text, Severity.IDLE)


def _uptime_row(key: str, name: str, long: Uptime | None, short: Uptime | None) -> Row:
    cells = (name, uptime_value(long), uptime_value(short), _unmeasured(long), _unmeasured(short))
    return Row(f"uptime.{key}", cells)


def _unmeasured(uptime: Uptime | None) -> Value:
    return Absent(too_little_measured(uptime)) if uptime is None else Share(float(uptime.unmeasured), 1)


def _latency(component: PageComponent, checks: Mapping[str, CheckResult]) -> Value:
    found = [checks[name].latency_ms for name in component.checks if name in checks]
    slowest = max((each for each in found if each is not None), default=None)
    if slowest is None:
        return Absent(_("no answer was timed"))
    return Quantity(slowest, Unit.MILLISECOND, 0)


def _age(component: PageComponent, checks: Mapping[str, CheckResult]) -> Value:
    found = [checks[name].at for name in component.checks if name in checks]
    oldest = min((each for each in found if each is not None), default=None)
    return Absent(_("never looked at")) if oldest is None else Instant(oldest, relative=True)
