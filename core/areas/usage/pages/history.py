"""A plan's balance and use over a range of time, with what happened in it."""

from __future__ import annotations

from datetime import timedelta

from core.area import Request
from core.areas.usage.model import GIGABYTE
from core.areas.usage.pages.charts import Points, use_chart
from core.areas.usage.pages.common import account_actions, crumb, gigabytes, pace, view_or_nothing
from core.areas.usage.pages.measurements import balance, use_points, zone_of
from core.areas.usage.pages.spans import SPANS
from core.areas.usage.rules.days import CounterPoint, used_between
from core.areas.usage.store import reading
from core.areas.usage.store.views import chosen_plan
from core.message import _
from core.moment import Window, from_epoch
from core.page import Block, Fact, Facts, Note, Page, Timeline, TimelineEntry
from core.staleness import Keeping, data_state, empty, past_notes
from core.store import events
from core.units import Absent, Instant, Severity

__all__ = ["history_page"]

_TITLE = _("Usage history")
_EVENTS_SHOWN = 12
_DAY = timedelta(days=1)


async def history_page(request: Request) -> Page:
    """The balance line and the use in each stretch of the span asked for."""
    span = SPANS[request.text("span") or "7d"]
    moment, zone = request.moment, zone_of(request)
    edges = span.edges(moment, zone)
    window = span.window(moment, zone)
    async with request.services.store.reading() as connection:
        view = await view_or_nothing(request, connection, "history", _TITLE)
        if isinstance(view, Page):
            return view
        held, name = chosen_plan(view, request.text("plan")), view.account.name
        blocks: list[Block] = [*past_notes(request, view.source, Keeping.FOR_GOOD)]
        if held is None:
            none = empty(view.source, _("Taara lists no plan for this account."))
            blocks.append(Note("nothing", none, Severity.NOTICE))
        else:
            points = await reading.counter_at(connection, name, held.snapshot.lineage, edges, moment)
            line = await balance(
                connection, request, name, held, window.start, _("Balance"), with_forecast=False
            )
            used = use_points(points)
            step = int(span.stretch.total_seconds())
            blocks += [line, use_chart("used", span.title, used, window, step), _facts(points, used, window)]
        about = f"account:{name}"
        recent = await events.recent(connection, at=moment, subject=about, limit=_EVENTS_SHOWN)
    entries = tuple(TimelineEntry.of(each) for each in recent)
    blocks.append(Timeline("events", _("Lately"), entries, _("Nothing happened here yet.")))
    return Page(
        key=f"usage.history:{name}:{span.value}",
        title=_TITLE,
        crumb=_("{subject}, {span}", subject=crumb(view, held), span=span.label),
        verdict=data_state(view.source, held is not None),
        blocks=tuple(blocks),
        actions=account_actions(name, "usage history"),
        as_of=view.source.last_good,
        source_state=view.source,
    )


def _facts(edges: list[CounterPoint], used: Points, window: Window) -> Facts:
    """The use of the whole range, and its busiest stretch."""
    missing = Absent(_("no reading in this range"))
    total = None if edges[-1].before is None else used_between(edges[0], edges[-1])
    rate = None if total is None else _rate(total, edges[0], edges[-1])
    known = [(value, start) for start, value in used if value is not None]
    busiest = max(known, default=None)
    return Facts(
        "figures",
        _("Figures"),
        (
            Fact(_("Used"), gigabytes(total, missing)),
            Fact(_("A day"), pace(rate, missing)),
            Fact(_("Busiest stretch"), missing if busiest is None else gigabytes(busiest[0] * GIGABYTE)),
            Fact(_("Began"), missing if busiest is None else Instant(from_epoch(busiest[1]))),
            Fact(_("From"), Instant(window.start)),
            Fact(_("To"), Instant(window.end)),
        ),
    )


def _rate(total: float, start: CounterPoint, end: CounterPoint) -> float | None:
    """Bytes a day over the time that readings cover between the two."""
    begin = start.at if start.before is not None or start.after is None else start.after[0]
    if end.before is None or end.before[0] <= begin:
        return None
    return total / ((end.before[0] - begin) / _DAY)
