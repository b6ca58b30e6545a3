"""The overview's pages, made from what the areas hand out."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import Pane, PaneLight, Request
from core.message import _, plural
from core.page import (
    Action,
    Block,
    Column,
    Kind,
    Light,
    Lights,
    Note,
    Page,
    Place,
    Row,
    Timeline,
    TimelineEntry,
)
from core.store import events
from core.store.polls import SourceHealth, sources
from core.tabulate import tabulate
from core.units import Absent, Instant, Severity, State, Value

__all__ = ["events_page", "overview_light", "overview_page", "refreshed_page", "sources_page"]


async def _lights(request: Request) -> list[tuple[Pane, PaneLight]]:
    """Every other pane with its light."""
    panes = [pane for area in request.services.areas if area.name != "overview" for pane in area.panes]
    return [
        (pane, await pane.light(request))
        for pane in sorted(panes, key=lambda p: p.order)
        if pane.light is not None
    ]


def _worst(lights: Sequence[tuple[Pane, PaneLight]]) -> State:
    """What the whole deck amounts to: its worst pane."""
    worst = max((light.state.severity for _pane, light in lights), default=Severity.IDLE)
    words = {
        Severity.IDLE: _("NOTHING YET"),
        Severity.GOOD: _("ALL WELL"),
        Severity.UNKNOWN: _("UNKNOWN"),
    }
    troubled = sum(light.state.severity > Severity.UNKNOWN for _pane, light in lights)
    return State(worst, words.get(worst) or plural("{count} AREA", "{count} AREAS", troubled))


async def overview_light(request: Request) -> PaneLight:
    """The worst of all panes."""
    lights = await _lights(request)
    open_count = sum(light.open for _pane, light in lights)
    return PaneLight(_worst(lights), _("Everything at a glance"), open_count)


async def overview_page(request: Request) -> Page:
    """Lights for all areas, the blocks they put here, and the last events."""
    lights = await _lights(request)
    async with request.services.store.reading() as connection:
        recent = await events.recent(connection, at=request.moment, limit=12)
        known = await sources(connection, request.moment)
    blocks: list[Block] = [
        Lights(
            "areas",
            _("Areas"),
            tuple(
                Light(pane.key, pane.title, light.state, light.headline, Action(pane.command, pane.title))
                for pane, light in lights
            ),
            Place.WIDE,
        )
    ]
    for area in request.services.areas:
        if area.overview is not None:
            blocks += await area.overview(request)
    blocks.append(
        Timeline(
            "events",
            _("Lately"),
            tuple(TimelineEntry.of(each) for each in recent),
            _("Nothing happened yet."),
            Place.WIDE,
        )
    )
    seen = [each.last_good for each in known if each.last_good is not None]
    return Page(
        key="overview",
        title=_("Overview"),
        verdict=_worst(lights),
        blocks=tuple(blocks),
        actions=(
            Action("sources", _("How each source is doing")),
            Action("events", _("What happened")),
            Action("refresh", _("Ask the sources right now")),
        ),
        as_of=max(seen, default=None),
    )


async def events_page(request: Request) -> Page:
    """The newest events of all areas."""
    async with request.services.store.reading() as connection:
        recent = await events.recent(connection, at=request.moment, limit=500)
    columns = (
        Column("at", _("When"), Kind.MOMENT, 1),
        Column("severity", _("State"), Kind.STATE, 1),
        Column("what", _("What"), Kind.TEXT, 1),
        Column("area", _("Area"), Kind.TEXT, 2),
        Column("kind", _("Kind"), Kind.TEXT, 3),
    )
    rows = [
        Row(
            str(each.number),
            (
                Instant(each.event.at),
                State(each.event.severity, each.event.severity.word),
                each.event.title,
                each.event.area,
                each.event.kind,
            ),
        )
        for each in recent
    ]
    empty = _("Nothing happened yet.")
    table = tabulate("events", _("Events"), columns, rows, request.query, empty=empty, place=Place.WIDE)
    worst = State(Severity.GOOD, _("RECORDED")) if rows else State(Severity.IDLE, _("EMPTY"))
    return Page("events", _("Events"), worst, (table,), as_of=recent[0].recorded_at if recent else None)


async def sources_page(request: Request) -> Page:
    """Every source for every subject: last good poll, last error, next try."""
    async with request.services.store.reading() as connection:
        known = await sources(connection, request.moment)
    columns = (
        Column("state", _("State"), Kind.STATE, 1),
        Column("source", _("Source"), Kind.TEXT, 1),
        Column("subject", _("Of"), Kind.TEXT, 1),
        Column("good", _("Last good"), Kind.MOMENT, 1),
        Column("reason", _("Last error"), Kind.TEXT, 2),
        Column("failed", _("Failed"), Kind.MOMENT, 3),
        Column("next", _("Next try"), Kind.MOMENT, 2),
    )
    never = Absent(_("never"))
    rows = [
        Row(
            f"{each.source} {each.subject}",
            (
                _source_state(each),
                each.source,
                each.subject or _("everything"),
                never if each.last_good is None else Instant(each.last_good, True),
                each.reason if each.reason is not None else Absent(_("none")),
                Absent(_("never")) if each.last_bad is None else Instant(each.last_bad, True),
                _next_try(each),
            ),
        )
        for each in sorted(known, key=lambda each: (each.good, each.source, each.subject))
    ]
    empty = _("No source has been asked yet.")
    table = tabulate("sources", _("Sources"), columns, rows, request.query, empty=empty, place=Place.WIDE)
    failing = sum(not each.good for each in known)
    verdict = State(Severity.GOOD, _("ANSWERING")) if known else State(Severity.IDLE, _("NOT ASKED"))
    if failing:
        verdict = State(Severity.WARNING, plural("{count} FAILING", "{count} FAILING", failing))
    seen = [each.last_good for each in known if each.last_good is not None]
    return Page("sources", _("Sources"), verdict, (table,), as_of=max(seen, default=None))


def refreshed_page(request: Request) -> Page:
    """What to say when the sources were asked."""
    note = Note("done", _("The sources were asked; every page shows what they said."), Severity.GOOD)
    return Page(
        "refresh",
        _("Refreshed"),
        State(Severity.GOOD, _("DONE")),
        (note,),
        as_of=request.services.clock.now(),
    )


def _source_state(source: SourceHealth) -> State:
    return State(Severity.GOOD, _("answering")) if source.good else State(Severity.WARNING, _("failing"))


def _next_try(source: SourceHealth) -> Value:
    return Absent(_("with its next turn")) if source.next_try is None else Instant(source.next_try)
