"""The status page: what everybody may know of how the service is (operations.md 7).

Everything here is public. It takes the names and texts that were written for the page and nothing else:
no checks, no addresses, no people, no ids of ours, nothing out of tickets, no money.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Request
from core.areas.operations.configuration.status_page import load_status_page
from core.areas.operations.model import CheckResult
from core.areas.operations.model_components import (
    ComponentGroup,
    PageComponent,
    StateSpan,
    StatusPageLayout,
)
from core.areas.operations.model_maintenance import MaintenanceWindow
from core.areas.operations.pages.status_page_incidents import active_incidents, history, planned_maintenance
from core.areas.operations.pages.status_page_uptime import LONG, live_table, uptime_table, weight_note
from core.areas.operations.rules.status_page import (
    INCIDENT_KINDS,
    PublicIncident,
    headline,
    public_incidents,
    shown_incidents,
)
from core.areas.operations.rules.tiers import tier_id
from core.areas.operations.settings import OperationsSettings
from core.areas.operations.store.components import present_spans, states
from core.areas.operations.store.maintenance import windows
from core.areas.operations.store.reading import health_report
from core.areas.operations.store.uptime import StateLog, read_state_log
from core.message import _
from core.moment import Window
from core.page import Action, Block, Light, Lights, Note, Page, Place
from core.store.events import recent
from core.units import Instant, Severity, State

__all__ = ["status_page"]

LIVE_TIER = "ultra_premium"
"""The tier whose people see live figures beside the states (operations.md 9)."""

_INCIDENTS_READ = timedelta(days=200)
_MOST_EVENTS = 5_000


@dataclass(frozen=True, slots=True)
class _Known:
    """What the page is made of."""

    layout: StatusPageLayout
    newest: Mapping[str, StateSpan]
    log: StateLog
    incidents: tuple[PublicIncident, ...]
    maintenance: Sequence[MaintenanceWindow]
    checks: Mapping[str, CheckResult]


async def status_page(request: Request) -> Page:
    """How the service is: the headline, incidents, components, uptime, maintenance, the last 14 days.

    Raises:
        SettingsError: the status page's own file is wrong.
    """
    layout = load_status_page(request.services.settings.folders.config)
    live = tier_id(request.principal.tier) == LIVE_TIER
    async with request.services.store.reading() as connection:
        known = await _read(connection, request, layout, live=live)
    now = request.moment
    active, ended = shown_incidents(known.incidents, now)
    blocks: list[Block] = [*_unmeasured(known), *active_incidents(active)]
    blocks += [_group(group, known) for group in layout.groups]
    if live:
        blocks.append(live_table(layout, known.log, known.checks, now))
    weight = request.services.settings.of(OperationsSettings).partial_weight
    blocks += [uptime_table(layout, known.log, now), weight_note(weight)]
    blocks += planned_maintenance(known.maintenance, layout, now)
    blocks.append(history(ended, known.maintenance, layout, now))
    return Page(
        key="status-page",
        title=_("{title}", title=layout.title),
        verdict=headline(list(states(known.newest, (each.id for each in layout.components)).values())),
        blocks=tuple(blocks),
        actions=(Action("ops contact", _("Contact us")),),
        as_of=now,
    )


async def _read(
    connection: AsyncConnection, request: Request, layout: StatusPageLayout, *, live: bool
) -> _Known:
    now = request.moment
    newest = await present_spans(connection, now)
    log = await read_state_log(
        connection, layout, request.services.settings.of(OperationsSettings), now, LONG
    )
    told = await recent(
        connection,
        at=now,
        window=Window(now - _INCIDENTS_READ, now + timedelta(seconds=1)),
        area="incidents",
        kinds=INCIDENT_KINDS,
        limit=_MOST_EVENTS,
    )
    incidents = public_incidents(told, layout, states(newest, (each.id for each in layout.components)))
    report = await health_report(connection, now) if live else None
    checks = {} if report is None else {each.check.name: each for each in report.results}
    return _Known(layout, newest, log, incidents, await windows(connection, now), checks)


def _unmeasured(known: _Known) -> list[Block]:
    """That some components are not measured at all, so that nobody takes their silence for health."""
    missing = [
        each.name
        for each in known.layout.components
        if each.id not in known.newest or known.newest[each.id].standing.state is None
    ]
    if not missing:
        return []
    text = _("Not measured, and so not part of this verdict: {names}.", names=", ".join(missing))
    return [Note("unmeasured", text, Severity.UNKNOWN)]


def _group(group: ComponentGroup, known: _Known) -> Lights:
    lights = tuple(_light(each, known) for each in group.components)
    return Lights(group.id, _("{name}", name=group.name), lights, Place.SIDE)


def _light(component: PageComponent, known: _Known) -> Light:
    span = known.newest.get(component.id)
    if span is None or span.standing.state is None:
        return Light(component.id, component.name, State(Severity.UNKNOWN, _("not measured")))
    note = None if span.standing.verified else _("not verified since {moment}", moment=Instant(span.start))
    return Light(component.id, component.name, span.standing.state.state, note)
