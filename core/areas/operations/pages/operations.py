"""The pane: the overall verdict, every component, this machine, and what is due."""

from __future__ import annotations

from collections.abc import Mapping

from core.area import Request
from core.areas.operations.pages.checklists import present_runs
from core.areas.operations.pages.common import (
    complaints,
    component_lights,
    opening_entry,
    overall_state,
    round_state,
    trouble_notes,
)
from core.areas.operations.pages.monitor import crossed_notes
from core.areas.operations.pages.routine import ROUTINE_ACTIONS, overdue_notes, routine_blocks
from core.areas.operations.rules.thresholds import Threshold as Limit
from core.areas.operations.rules.thresholds import thresholds_of
from core.areas.operations.store.checklists import runs
from core.areas.operations.store.keys import AREA, HOST
from core.areas.operations.store.monitoring import Measured, latest_figures
from core.areas.operations.store.reading import health_report
from core.areas.operations.store.watches import crossed_lines
from core.message import Message, _
from core.notify.rules import load_rules
from core.page import Action, Block, Meter, Note, Page, Place, Threshold, Timeline
from core.staleness import past_notes
from core.store import events
from core.units import Absent, Instant, Quantity, Severity, Unit

__all__ = ["host_meters", "operations_page"]

_EVENTS_SHOWN = 8
_METERED = ("cpu_percent", "memory_percent", "disk_percent")
_WHOLE = Quantity(100.0, Unit.PERCENT, 0)
_NOT_LATELY = Absent(_("not measured lately"))


async def operations_page(request: Request) -> Page:
    """Operations at a glance, what matters most first."""
    moment = request.moment
    limits = thresholds_of(load_rules(request.services.settings.folders))
    async with request.services.store.reading() as connection:
        report = await health_report(connection, moment)
        figures = await latest_figures(connection, moment, _METERED)
        crossed = await crossed_lines(connection, limits, moment)
        present = present_runs(await runs(connection, moment), moment)
        routine = await routine_blocks(connection, request, present)
        recent = await events.recent(connection, at=moment, area=AREA, limit=_EVENTS_SHOWN)
    source = round_state(request, report)
    blocks: list[Block] = [
        *past_notes(request, source),
        *complaints(request),
        *trouble_notes(report),
        *crossed_notes(crossed),
        *overdue_notes(present, moment),
    ]
    if report.results:
        blocks.append(component_lights(_("Components"), report, brief=True))
    else:
        blocks.append(Note("none", _("No component was probed yet."), Severity.NOTICE))
    blocks += [*host_meters(figures, limits, request), *routine]
    entries = tuple(opening_entry(each) for each in recent)
    blocks.append(Timeline("events", _("Lately"), entries, place=Place.WIDE))
    return Page(
        key="operations",
        title=_("Operations"),
        verdict=overall_state(report),
        blocks=tuple(blocks),
        actions=(Action("health", _("Health")), Action("monitor", _("Monitor")), *ROUTINE_ACTIONS),
        as_of=report.probed_at,
        source_state=source,
    )


def host_meters(
    figures: Mapping[str, Mapping[str, Measured]], limits: Mapping[str, Limit], request: Request
) -> list[Block]:
    """This machine's processor and memory, and its fullest disk."""
    found: list[Block] = [
        _meter("cpu_percent", _("Processor"), figures["cpu_percent"].get(HOST), limits, request),
        _meter("memory_percent", _("Memory"), figures["memory_percent"].get(HOST), limits, request),
    ]
    disks = {
        mount: measured
        for mount, measured in figures["disk_percent"].items()
        if not measured.stale(request.moment)
    }
    if disks:
        mount = max(disks, key=lambda each: disks[each].value)
        found.append(_meter("disk_percent", _("Disk {mount}", mount=mount), disks[mount], limits, request))
    return found


def _meter(
    name: str, title: Message, found: Measured | None, limits: Mapping[str, Limit], request: Request
) -> Meter:
    current = found is not None and not found.stale(request.moment)
    limit = limits.get(name)
    return Meter(
        key=name,
        title=title,
        value=Quantity(found.value, Unit.PERCENT, 0) if found is not None and current else _NOT_LATELY,
        limit=_WHOLE,
        thresholds=tuple(
            Threshold(each.value, each.severity.word, each.severity)
            for each in (limit.lines if limit else ())
        ),
        note=None if found is None else _("measured {age}", age=Instant(found.at, True)),
    )
