"""The performance report: every key figure against its target (operations.md 8)."""

from __future__ import annotations

from datetime import timedelta

from core.area import Request
from core.areas.operations.configuration.contacts import load_contacts
from core.areas.operations.configuration.status_page import load_status_page
from core.areas.operations.rules.kpi import Goal, Kpi, judged, value_of
from core.areas.operations.settings import OperationsSettings
from core.areas.operations.store.kpis import Sources, kpis_of
from core.areas.operations.store.uptime import read_state_log
from core.message import Message, _
from core.page import Action, Column, Kind, Note, Page, Row
from core.tabulate import tabulate
from core.units import Absent, Quantity, Severity, Span, Unit, Value

__all__ = ["performance_page"]

_PERIODS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
_LOG = timedelta(days=180)
"""The longest window, twice: a trend compares with the window before."""


async def performance_page(request: Request) -> Page:
    """Key figures of a day, a week or 30 days; each with its target, its trend and its number of cases.

    Raises:
        SettingsError: a file of the config folder is wrong.
    """
    word = request.text("period") or "month"
    folder = request.services.settings.folders.config
    settings = request.services.settings.of(OperationsSettings)
    promised = frozenset(each.tier for each in load_contacts(folder) if each.first_response is not None)
    layout = load_status_page(folder)
    async with request.services.store.reading() as connection:
        log = await read_state_log(connection, layout, settings, request.moment, _LOG)
        sources = Sources(connection, log, settings.uptime_target, promised, request.moment)
        kpis = await kpis_of(sources, _PERIODS[word])
    columns = (
        Column("standing", _("Target"), Kind.STATE, 1),
        Column("name", _("Figure"), Kind.TEXT, 1),
        Column("window", _("Window"), Kind.NUMBER, 2),
        Column("value", _("Value"), Kind.NUMBER, 1),
        Column("target", _("Aim"), Kind.TEXT, 2),
        Column("trend", _("Trend"), Kind.TEXT, 2),
        Column("before", _("Before"), Kind.NUMBER, 3),
        Column("n", _("Cases"), Kind.NUMBER, 3),
    )
    rows = [_row(kpi) for kpi in kpis]
    caution = _(
        "Uptime is by time and the error rate by requests: two measures of the same service that are never "
        "the same number."
    )
    return Page(
        key="operations.performance",
        title=_("Performance report"),
        crumb=_("the last 30 days") if word == "month" else _("the last {period}", period=word),
        verdict=judged(kpis),
        blocks=(
            tabulate("kpis", _("Key figures"), columns, rows, request.query),
            Note("caution", caution, Severity.IDLE),
        ),
        actions=tuple(
            Action("ops performance", _("Over a {period}", period=each), (("period", each),))
            for each in _PERIODS
            if each != word
        ),
        as_of=request.moment,
    )


def _row(kpi: Kpi) -> Row:
    cells: tuple[Value, ...] = (
        kpi.standing.state,
        kpi.name,
        Absent(_("of this moment")) if kpi.window is None else Span(kpi.window),
        kpi.value,
        _target(kpi),
        kpi.trend.word,
        value_of(kpi.measured.before, kpi.kind, kpi.digits),
        Absent(_("not counted in cases"))
        if kpi.measured.n is None
        else Quantity(kpi.measured.n, Unit.COUNT, 0),
    )
    return Row(kpi.key, cells)


def _target(kpi: Kpi) -> Message | Absent:
    if kpi.target is None:
        return Absent(_("no target was set"))
    limit = value_of(kpi.target.limit, kpi.kind, kpi.digits)
    match kpi.target.goal:
        case Goal.AT_LEAST:
            return _("at least {limit}", limit=limit)
        case Goal.AT_MOST:
            return _("at most {limit}", limit=limit)
        case Goal.ABOVE:
            return _("above {limit}", limit=limit)
        case Goal.BELOW:
            return _("below {limit}", limit=limit)
