"""The health of one location."""

from __future__ import annotations

from collections import Counter

from core.area import Request
from core.areas.network.model import Location
from core.areas.network.pages.charts import rate_chart
from core.areas.network.pages.common import (
    NOT_REPORTED,
    count_or_absent,
    location_actions,
    named,
    since,
    text_or_absent,
)
from core.areas.network.pages.fleet import fleet_page_on
from core.areas.network.pages.nodes import pod_table
from core.areas.network.pages.spans import SPANS
from core.areas.network.pages.speed_tests import last_test_facts
from core.areas.network.rules.labels import service_state
from core.areas.network.store import reading
from core.areas.network.store.views import LocationView, chosen_location, location_view
from core.message import _
from core.page import (
    Action,
    Block,
    Fact,
    Facts,
    Light,
    Lights,
    Note,
    Page,
    Timeline,
    TimelineEntry,
)
from core.staleness import past_notes
from core.store import events
from core.units import Severity, State, Value

__all__ = ["status_page"]

_EVENTS_SHOWN = 12


async def status_page(request: Request) -> Page:
    """One location's health: pods, findings, line and last events; the fleet when none is chosen."""
    moment = request.moment
    async with request.services.store.reading() as connection:
        location = await chosen_location(connection, request)
        if location is None:
            return await fleet_page_on(request, connection)
        view = await location_view(connection, request, location)
        scores = await reading.pod_scores(connection, location.id, view.nodes, moment)
        day = SPANS["24h"].drawn(moment)
        slots = await reading.wan_slots(connection, location.id, day, moment)
        about = f"location:{location.id}"
        recent = await events.recent(connection, at=moment, subject=about, limit=_EVENTS_SHOWN)
    assessment = view.assessment
    blocks: list[Block] = [*past_notes(request, view.source), *_badges(view)]
    blocks.append(pod_table(view, scores, request))
    if assessment.findings:
        blocks.append(_findings(view))
    blocks += [_facts(view, request), last_test_facts(view.location.speed_test)]
    entries = tuple(TimelineEntry.of(each) for each in recent)
    blocks.append(Timeline("events", _("Lately"), entries, _("Nothing happened here yet.")))
    blocks.append(rate_chart("wan24", _("WAN, last 24 h"), slots, day))
    return Page(
        key=f"network.status:{location.id}",
        title=_("Network"),
        crumb=named(location),
        verdict=assessment.state,
        blocks=tuple(blocks),
        actions=location_actions(location, "status"),
        as_of=view.source.last_good,
        source_state=view.source,
    )


def _badges(view: LocationView) -> list[Note]:
    """What is to be said before all else, whatever the verdict."""
    notes: list[Note] = []
    if view.assessment.suspended:
        notes.append(Note("suspended", _("Service is suspended: Wi-Fi is off by order."), Severity.SERIOUS))
    if view.assessment.contradictory:
        text = _(
            "The data contradict each other: the gateway is said to be down, and a pod behind it is not."
        )
        notes.append(Note("contradictory", text, Severity.NOTICE))
    return notes


def _findings(view: LocationView) -> Lights:
    """What there is to say against the location, worst first; opening one opens its pod."""
    numbers: Counter[str] = Counter()
    lights: list[Light] = []
    for finding in view.assessment.findings:
        numbers[finding.subject] += 1
        about = (("location", view.location.id), ("node", finding.subject))
        lights.append(
            Light(
                f"{finding.subject or 'location'} {numbers[finding.subject]}",
                finding.text,
                State(finding.severity, finding.severity.word),
                None if finding.counted else _("not counted"),
                Action("nodes", _("Open"), about) if finding.subject else None,
            )
        )
    return Lights("findings", _("Findings"), tuple(lights))


def _facts(view: LocationView, request: Request) -> Facts:
    location, assessment = view.location, view.assessment
    pods: Value = NOT_REPORTED
    if assessment.pods_known:
        pods = _("{online} of {pods} online", online=assessment.pods_online, pods=assessment.pods)
    return Facts(
        "location",
        _("Location"),
        (
            Fact(_("Verdict"), assessment.headline),
            *(Fact(_("Also"), badge) for badge in assessment.badges if badge != assessment.state),
            Fact(_("Pods"), pods),
            Fact(_("Devices"), count_or_absent(assessment.devices)),
            Fact(_("Service"), _service(location)),
            Fact(_("Provider"), text_or_absent(location.provider)),
            Fact(_("Status"), text_or_absent(location.network_status)),
            Fact(_("Unchanged for"), since(location.network_status_since, request.moment)),
        ),
    )


def _service(location: Location) -> Value:
    return service_state(location.service_level) or NOT_REPORTED
