"""The health of one location, and of the whole fleet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from core.area import Request
from core.areas.network import reading
from core.areas.network.model import Location, ServiceLevel, SpeedTest
from core.areas.network.pages.common import (
    NOT_REPORTED,
    actions,
    choose_page,
    health_value,
    named,
    since,
    site_actions,
    site_columns,
    site_row,
    text_or_absent,
)
from core.areas.network.pages.wan import rate_chart
from core.areas.network.reading import SiteView
from core.areas.network.verdict import backhaul_label, node_state
from core.message import _, plural
from core.moment import Window
from core.page import (
    Action,
    Block,
    Column,
    Fact,
    Facts,
    Freshness,
    Kind,
    Light,
    Lights,
    Note,
    Page,
    Place,
    Row,
    SourceState,
    Table,
    Timeline,
    TimelineEntry,
)
from core.store import events
from core.tabulate import tabulate
from core.units import Absent, Instant, Quantity, Severity, State, Unit, Value

__all__ = ["fleet_page", "speed_test_facts", "status_page"]

_TITLE = _("Network")


async def status_page(request: Request) -> Page:
    """One location's health: pods, findings, line and last events; the fleet when none is chosen."""
    moment = request.moment
    async with request.services.store.reading() as connection:
        location = await reading.chosen_location(connection, request)
        if location is None:
            return _fleet(request, await reading.fleet(connection, request))
        view = await reading.site(connection, request, location)
        scores = await reading.pod_scores(connection, location.id, view.nodes, moment)
        day = Window.last(timedelta(days=1), moment)
        slots = await reading.wan_slots(connection, location.id, day, moment)
        recent = await events.recent(connection, at=moment, subject=f"location:{location.id}", limit=12)
    assessment = view.assessment
    blocks: list[Block] = []
    if assessment.suspended:
        blocks.append(Note("suspended", _("Service is suspended: Wi-Fi is off by order."), Severity.SERIOUS))
    blocks.append(_pods(view, scores, request))
    if assessment.findings:
        blocks.append(_findings(view))
    blocks.append(_facts(view, request))
    blocks.append(speed_test_facts(view.location.speed_test))
    chart = rate_chart("wan24", _("WAN, last 24 h"), slots, day, place=Place.SIDE)
    blocks.append(chart)
    entries = tuple(TimelineEntry.of(each) for each in recent)
    blocks.append(Timeline("events", _("Lately"), entries, _("Nothing happened here yet.")))
    return Page(
        key=f"network.status:{location.id}",
        title=_TITLE,
        crumb=named(location),
        verdict=assessment.state,
        blocks=tuple(blocks),
        actions=site_actions(location, "status"),
        as_of=view.source.last_good,
        source_state=view.source,
    )


async def fleet_page(request: Request) -> Page:
    """Every location, worst first."""
    async with request.services.store.reading() as connection:
        views = await reading.fleet(connection, request)
    return _fleet(request, views)


def _fleet(request: Request, views: Sequence[SiteView]) -> Page:
    if not views:
        return choose_page("fleet", _TITLE, views, request.query)
    worst = views[0]
    seen = [view.source.last_good for view in views if view.source.last_good is not None]
    table = tabulate(
        "locations",
        _("Locations, worst first"),
        site_columns(),
        [site_row(view, "status") for view in views],
        request.query,
        place=Place.WIDE,
    )
    return Page(
        key="network.fleet",
        title=_TITLE,
        crumb=plural("{count} location", "{count} locations", len(views)),
        verdict=worst.assessment.state,
        blocks=(_summary(views), table),
        actions=actions(),
        as_of=max(seen, default=None),
        source_state=_fleet_source(views),
    )


def _fleet_source(views: Sequence[SiteView]) -> SourceState:
    """A fleet is as fresh as its freshest location: each row says its own age."""
    order = list(Freshness)
    return min((view.source for view in views), key=lambda source: order.index(source.freshness))


def _summary(views: Sequence[SiteView]) -> Lights:
    """How many locations are in each state, worst first."""
    counts: dict[State, list[SiteView]] = {}
    for view in views:
        counts.setdefault(view.assessment.state, []).append(view)
    lights = tuple(
        Light(
            str(state.word),
            plural("{count} location", "{count} locations", len(found)),
            state,
            ", ".join(named(view.location) for view in found[:4]) + (" …" if len(found) > 4 else ""),
        )
        for state, found in counts.items()
    )
    return Lights("summary", _("At a glance"), lights, Place.WIDE)


def _pods(view: SiteView, scores: dict[str, float], request: Request) -> Table:
    columns = (
        Column("state", _("State"), Kind.STATE, 1),
        Column("name", _("Pod"), Kind.TEXT, 1),
        Column("health", _("Health"), Kind.STATE, 2),
        Column("backhaul", _("Backhaul"), Kind.TEXT, 2),
        Column("devices", _("Devices"), Kind.NUMBER, 2),
        Column("qoe", _("QoE"), Kind.NUMBER, 3),
    )
    rows = [
        Row(
            node.id,
            (
                node_state(node),
                node.name,
                health_value(node),
                backhaul_label(node) or NOT_REPORTED,
                NOT_REPORTED if node.connected_devices is None else node.connected_devices,
                _score(scores.get(node.id)),
            ),
            Action("nodes", _("Open"), (("location", view.location.id), ("node", node.id))),
        )
        for node in view.nodes
    ]
    return tabulate(
        "pods", _("Pods"), columns, rows, request.query, empty=_("No pod is known at this location.")
    )


def _score(score: float | None) -> Value:
    return Absent(_("not offered lately")) if score is None else Quantity(score, Unit.SCORE, 1)


def _findings(view: SiteView) -> Lights:
    names = {node.id: node.name for node in view.nodes}
    lights = tuple(
        Light(
            f"{index}",
            names.get(finding.subject, named(view.location)),
            State(finding.severity, finding.severity.word),
            finding.text if finding.counted else _("{finding} (not counted)", finding=finding.text),
        )
        for index, finding in enumerate(view.assessment.findings)
    )
    return Lights("findings", _("Findings"), lights)


def _facts(view: SiteView, request: Request) -> Facts:
    location, assessment = view.location, view.assessment
    devices: Value = NOT_REPORTED if assessment.devices is None else assessment.devices
    online = _("{online} of {pods} online", online=assessment.pods_online, pods=assessment.pods)
    return Facts(
        "location",
        _("Location"),
        (
            Fact(_("Verdict"), assessment.state, assessment.headline),
            Fact(_("Pods"), online if assessment.pods_known else NOT_REPORTED),
            Fact(_("Devices"), devices),
            Fact(_("Service"), _service(location)),
            Fact(_("Provider"), text_or_absent(location.provider)),
            Fact(_("Network"), text_or_absent(location.network_status)),
            Fact(_("For"), since(location.network_status_since, request.moment)),
        ),
    )


def _service(location: Location) -> Value:
    words = {
        ServiceLevel.FULL: State(Severity.GOOD, _("full service")),
        ServiceLevel.BASIC: State(Severity.WARNING, _("basic service")),
        ServiceLevel.NONE: State(Severity.SERIOUS, _("suspended")),
    }
    return words.get(location.service_level, NOT_REPORTED)


def speed_test_facts(test: SpeedTest | None) -> Facts:
    """The newest speed test, or that there is none."""
    title = _("Last speed test")
    if test is None:
        return Facts("speedtest", title, (Fact(_("Result"), Absent(_("no speed test is known"))),))
    if not test.succeeded:
        result = State(Severity.NOTICE, test.status or _("failed"))
        when: Value = NOT_REPORTED if test.ended_at is None else Instant(test.ended_at)
        return Facts("speedtest", title, (Fact(_("Result"), result), Fact(_("When"), when)))
    return Facts(
        "speedtest",
        title,
        (
            Fact(_("Download"), _rate(test.download)),
            Fact(_("Upload"), _rate(test.upload)),
            Fact(
                _("Latency"),
                NOT_REPORTED if test.latency is None else Quantity(test.latency, Unit.MILLISECOND, 2),
            ),
            Fact(_("When"), NOT_REPORTED if test.ended_at is None else Instant(test.ended_at)),
        ),
    )


def _rate(value: float | None) -> Value:
    return NOT_REPORTED if value is None else Quantity(value, Unit.MEGABIT_PER_SECOND, 2)
