"""The demo's incidents: five weeks of them, made by the real commands on a clock that was set back.

What is recorded can only be followed by what is recorded later, so this part fills the store before every
other one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.areas.incidents.collection.watch import Watcher
from core.areas.incidents.store.reading import NEWEST, all_incidents
from core.command import Invocation
from core.deck import Deck
from core.demo.part import Tell
from core.event import Event
from core.message import Message, _
from core.moment import Clock, FrozenClock, from_epoch, to_epoch
from core.principal import Principal, Role
from core.simulators.plume import PlumeSimulator
from core.units import Severity

__all__ = ["IncidentsPart"]

_BACK = timedelta(days=36)
_LOOKS_AFTER = timedelta(minutes=6)
"""How long nothing must have happened for the engine to have a look: for a past it need not be every 30 s."""

_OUT = "Tide Gauge"
"""The location that the simulated network shows without a connection."""

_BUSY = "Harbour Office"
_AMINA = Principal("amina", Role.ADMIN, "demo")
_OMAR = Principal("omar", Role.OPERATOR, "demo")
_NIA = Principal("nia", Role.VIEWER, "demo")


@dataclass(frozen=True, slots=True)
class _Act:
    """What somebody does, or what happens, so many minutes after the beginning of a story.

    A command is about the story's first incident; its others are called #2, #3 …
    """

    minute: float
    does: Event | tuple[Principal, str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class IncidentsPart:
    """Incidents that were, and one that is."""

    clock: Clock
    seed: int
    scenario: str

    @classmethod
    def start(cls, clock: Clock, seed: int, scenario: str) -> IncidentsPart:
        """Nothing is served: the incidents come from opsdeck itself."""
        return cls(clock, seed, scenario)

    @property
    def settings(self) -> Mapping[str, str]:
        return {}

    async def fill(self, deck: Deck, person: Principal, tell: Tell) -> None:
        tell(_("Living through five weeks of incidents"))
        now = self.clock.now()
        network = PlumeSimulator(FrozenClock(now), seed=self.seed, scenario=self.scenario)
        locations = {name: location for _customer, location, name in network.locations}
        past = FrozenClock(now - _BACK)
        async with await Deck.open(deck.services.settings, past, areas=deck.areas) as then:
            for begins, acts in _stories(now, locations[_BUSY]):
                await _live(then, past, begins, acts, now)
            begins = _offline_since(network, locations[_OUT], now)
            if begins is not None:
                await _live(then, past, begins, _outage_now(locations[_OUT], begins), now)

    def stop(self) -> None:
        """There is nothing to stop."""


async def _live(
    deck: Deck, clock: FrozenClock, begins: datetime, acts: Sequence[_Act], now: datetime
) -> None:
    """Let a story happen, and the engine look after each step; what would lie in the future does not."""
    before = await _ids(deck)
    for act in acts:
        at = begins + timedelta(minutes=act.minute)
        if at >= now:
            return
        waited = at - clock.now()
        clock.advance(max(0.0, waited.total_seconds()))
        if waited > _LOOKS_AFTER:
            await Watcher(deck.services).look()
        if isinstance(act.does, Event):
            async with deck.services.store.writing() as transaction:
                await transaction.emit(act.does)
            continue
        who, command, arguments = act.does
        own = [id_ for id_ in await _ids(deck) if id_ not in before]
        names = {f"#{number}": id_ for number, id_ in enumerate(own, 1)}
        known = {} if command == "incident open" else {"id": "#1"}
        given = {name: names.get(value, value) for name, value in {**known, **arguments}.items()}
        await deck.run(Invocation(command, who, given))


async def _ids(deck: Deck) -> list[str]:
    """Every incident's id, in the order in which they were opened."""
    async with deck.services.store.reading() as connection:
        return [each.id for each in await all_incidents(connection, NEWEST)]


def _stories(now: datetime, busy: str) -> Sequence[tuple[datetime, Sequence[_Act]]]:
    """The incidents that are over, and a small one that waits for its day, oldest first."""
    outage, slow, alarm, flaw = (
        now - timedelta(days=days, hours=hours) for days, hours in ((34, 5), (20, 3), (9, 7), (3, 2))
    )
    return (
        (outage, _outage_then(busy, outage)),
        (slow, _saturation(busy, slow)),
        (alarm, _false_alarm()),
        (flaw, _flaw(now)),
    )


def _outage_then(location: str, begins: datetime) -> Sequence[_Act]:
    """A line was down for an hour; the alert opened the incident, and its post-mortem is closed."""
    key = f"network.outage:{location}:{to_epoch(begins)}"
    began = _outage(location, _BUSY, begins, key)
    back = begins + timedelta(minutes=58)
    ended = _event(
        "network.outage.ended",
        "network",
        f"location:{location}",
        Severity.GOOD,
        _("{location} is connected again", location=_BUSY),
        back,
        key=f"{key}:end",
    )
    return (
        _Act(0, began),
        _Act(4, _upload("failed", "youtube", begins + timedelta(minutes=4))),
        _Act(6, (_OMAR, "incident ack", {})),
        _Act(11, (_OMAR, "incident note", {"text": "No light on the fibre; the operator was called."})),
        _Act(
            20,
            (
                _AMINA,
                "incident publish",
                {
                    "title": "Uploads are delayed",
                    "text": "Uploads wait until a line is repaired. Nothing is lost.",
                    "status": "identified",
                },
            ),
        ),
        _Act(34, (_OMAR, "incident note", {"text": "A digger cut the cable at the quay; splicing began."})),
        _Act(58, ended),
        _Act(61, _upload("completed", "youtube", begins + timedelta(minutes=61))),
        _Act(75, (_OMAR, "incident resolve", {"note": "The fibre is spliced; all uploads went out."})),
        *_written_up(),
    )


def _written_up() -> Sequence[_Act]:
    """Its post-mortem, from the first draft to the end."""
    day = 24 * 60
    sections = {
        "summary": "A digger cut the only fibre to the office. It was offline for 58 minutes.",
        "root-causes": "There is one line into the building, and no second way out.",
        "trigger": "Works at the quay, of which we had not been told.",
        "went-well": "The alert came within a minute, and the operator was on site in half an hour.",
        "went-wrong": "Two people called the operator without knowing of each other.",
        "got-lucky": "It was before the morning’s uploads.",
    }
    written = [
        _Act(day + 5 * n, (_OMAR, "incident postmortem write", {"section": section, "text": text}))
        for n, (section, text) in enumerate(sections.items())
    ]
    action = {"text": "Order a second line by another way", "owner": "amina", "kind": "prevent"}
    return (
        *written,
        _Act(day + 40, (_OMAR, "incident postmortem action", action)),
        _Act(day + 45, (_OMAR, "incident postmortem status", {"status": "in_review"})),
        _Act(2 * day, (_AMINA, "incident postmortem status", {"status": "reviewed"})),
        _Act(2 * day + 5, (_AMINA, "incident postmortem close", {})),
        _Act(2 * day + 6, (_OMAR, "incident close", {})),
    )


def _saturation(location: str, begins: datetime) -> Sequence[_Act]:
    """Uploads began to fail four minutes after the line was full; it was answered too late."""
    full = begins - timedelta(minutes=4)
    where = f"location:{location}"
    saturated = _("The line at {location} is saturated: {percent} in use", location=_BUSY, percent="96 %")
    recovered = _("The line at {location} has room again", location=_BUSY)
    end = begins + timedelta(minutes=143)
    report = {
        "title": "Uploads fail at Harbour Office",
        "description": "Every upload to YouTube and TikTok ends with a time-out.",
        "impact": "high",
        "urgency": "medium",
        "components": "uploads",
        "detected": begins.isoformat(),
    }
    return (
        _Act(-4, _event("network.wan.saturated", "network", where, Severity.WARNING, saturated, full)),
        _Act(0, _upload("failed", "youtube", begins)),
        _Act(3, _upload("failed", "tiktok", begins + timedelta(minutes=3))),
        _Act(9, (_NIA, "incident open", report)),
        _Act(82, (_OMAR, "incident ack", {})),
        _Act(88, (_AMINA, "incident merge", {"id": "#2", "into": "#1"})),
        _Act(95, (_OMAR, "incident note", {"text": "A backup of the archive fills the line since 08:40."})),
        _Act(104, (_OMAR, "incident mitigate", {"note": "The backup is stopped until tonight."})),
        _Act(143, _event("network.wan.recovered", "network", where, Severity.GOOD, recovered, end)),
        _Act(150, _upload("completed", "youtube", end + timedelta(minutes=7))),
        _Act(151, _upload("completed", "tiktok", end + timedelta(minutes=8))),
        _Act(160, (_OMAR, "incident resolve", {"note": "Backups run at night and at half the speed."})),
        _Act(
            24 * 60,
            (
                _OMAR,
                "incident postmortem write",
                {"section": "summary", "text": "A backup by day left no room for uploads."},
            ),
        ),
    )


def _false_alarm() -> Sequence[_Act]:
    """Somebody meant well."""
    title = "The archive looks corrupted: possible data loss"
    return (
        _Act(0, (_NIA, "incident open", {"title": title})),
        _Act(7, (_AMINA, "incident ack", {})),
        _Act(31, (_AMINA, "incident cancel", {"reason": "The checksums are right; the viewer was too old."})),
    )


def _flaw(now: datetime) -> Sequence[_Act]:
    """Something small that has its day."""
    day = (now + timedelta(days=4)).replace(hour=9, minute=0, second=0, microsecond=0).isoformat()
    title = "Misleading wording on the page of plans"
    return (
        _Act(0, (_NIA, "incident open", {"title": title})),
        _Act(95, (_OMAR, "incident ack", {})),
        _Act(97, (_OMAR, "incident schedule", {"moment": day})),
    )


def _outage_now(location: str, begins: datetime) -> Sequence[_Act]:
    """The location that the network shows offline right now."""
    began = _outage(location, _OUT, begins, f"network.outage:{location}:{to_epoch(begins)}")
    return (
        _Act(0, began),
        _Act(7, (_OMAR, "incident ack", {})),
        _Act(
            15, (_OMAR, "incident note", {"text": "All pods are dark; the harbour master checks the power."})
        ),
        _Act(
            24,
            (_AMINA, "incident severity", {"severity": "high", "reason": "One small site, nobody is hurt."}),
        ),
        _Act(
            45,
            (
                _AMINA,
                "incident publish",
                {
                    "title": "No tide readings",
                    "text": "The tide gauge does not report at present. Use the printed tables meanwhile.",
                    "status": "identified",
                },
            ),
        ),
        _Act(80, (_OMAR, "incident note", {"text": "The mast has no power; an electrician is on the way."})),
        _Act(
            100,
            (
                _OMAR,
                "incident publish",
                {"text": "The gauge has no power. It is being repaired.", "status": "identified"},
            ),
        ),
    )


def _offline_since(network: PlumeSimulator, location: str, now: datetime) -> datetime | None:
    """When the network last began to show the location offline; nothing where it is online."""
    rows = network.online_rows(location, now - timedelta(hours=12), now)
    since: datetime | None = None
    for time, word in rows:
        offline = word == "offline"
        since = (since or from_epoch(time)) if offline else None
    return since


def _outage(location: str, name: str, at: datetime, key: str) -> Event:
    title = _("{location} lost its connection", location=name)
    return _event(
        "network.outage.began", "network", f"location:{location}", Severity.CRITICAL, title, at, key=key
    )


def _upload(what: str, platform: str, at: datetime) -> Event:
    failed = what == "failed"
    severity = Severity.WARNING if failed else Severity.GOOD
    title = (
        _("The upload to {platform} failed: it timed out", platform=platform)
        if failed
        else _("The upload to {platform} is published", platform=platform)
    )
    return _event(
        f"production.upload_{what}",
        "production",
        f"upload:demo-{platform}",
        severity,
        title,
        at,
        facts={"platform": platform},
    )


def _event(
    kind: str,
    area: str,
    subject: str,
    severity: Severity,
    title: Message,
    at: datetime,
    *,
    facts: Mapping[str, str] | None = None,
    key: str | None = None,
) -> Event:
    return Event(kind, area, subject, severity, title, at, facts or {}, key)
