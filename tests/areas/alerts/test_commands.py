"""Every command of alerting through a deck, as a person runs it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from core.areas.alerts import AREA
from core.command import Invocation
from core.deck import Deck
from core.errors import InputError, NotFoundError, RefusedError
from core.event import Event
from core.folders import Folders
from core.message import ENGLISH, _
from core.moment import FrozenClock
from core.notify.delivery.queue import TOO_MANY
from core.notify.delivery.rows import OutboxRow, OutboxState, rows
from core.notify.delivery.sender import Sender
from core.notify.notice import Notice, NoticeClass
from core.notify.outbox import enqueue
from core.page import Page, Table
from core.principal import Principal, Role
from core.render.text import render
from core.render.values import Formatter
from core.settings import SettingsBook
from core.units import Severity, State
from tests.reliability.delivery.kit import HERE, ManualPulse

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ADMIN = Principal("amina", Role.ADMIN, "console", "tty1")
VIEWER = replace(ADMIN, name="ben", role=Role.VIEWER)

READS = ("alerts", "alert", "alerts rules", "alerts replay", "silence", "outbox", "notify", "people")
OPERATORS = (
    *("alert ack", "alert mute", "alert resolve", "silence add", "silence end", "outbox", "outbox resend"),
    *(
        "notify",
        "notify test",
        "notify selftest",
        "why",
        "people",
        "people quiet",
        "subscribe",
        "unsubscribe",
    ),
    "alerts replay",
)
ADMINS = ("people add", "people remove", "people address")


class Desk:
    """A deck with alerting alone, and somebody in front of it."""

    def __init__(self, deck: Deck, clock: FrozenClock) -> None:
        self.deck = deck
        self.clock = clock

    async def run(
        self, command: str, who: Principal = ADMIN, at: datetime | None = None, **given: str
    ) -> str:
        page = await self.deck.run(Invocation(command, who, given, at=at))
        return self.text(page)

    def text(self, page: Page) -> str:
        return render(page, Formatter(ENGLISH, ZoneInfo("UTC"), self.clock.now()), width=300)

    async def outage(self, kind: str = "network.outage.began") -> None:
        title = _("Harbour has no connection")
        event = Event(kind, "network", "location:harbour", Severity.CRITICAL, title, self.clock.now())
        async with self.deck.services.store.writing() as transaction:
            await transaction.emit(event)

    async def states(self, person: str) -> list[OutboxState]:
        async with self.deck.services.store.reading() as connection:
            return [row.state for row in reversed(await rows(connection, person=person))]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    clock = FrozenClock(NOON)
    book = SettingsBook(Folders.below(tmp_path), environment={}, dotenv=tmp_path / "none")
    async with await Deck.open(book, clock, areas=(AREA,)) as deck:
        yield Desk(deck, clock)


async def on_call(desk: Desk) -> None:
    await desk.run("people add", person="Ann", groups="on call", zone="Africa/Nairobi")
    await desk.run("people address", person="ann", channel="email", address="ann@example.org")


@pytest.mark.parametrize("command", READS)
async def test_every_page_can_be_shown_while_there_is_nothing(desk: Desk, command: str) -> None:
    assert await desk.run(command)


@pytest.mark.parametrize("command", OPERATORS)
async def test_viewers_may_not(desk: Desk, command: str) -> None:
    with pytest.raises(RefusedError, match="operator"):
        await desk.run(command, VIEWER)


@pytest.mark.parametrize("command", ADMINS)
async def test_who_is_told_is_for_admins_to_say(desk: Desk, command: str) -> None:
    with pytest.raises(RefusedError, match="admin"):
        await desk.run(command, replace(VIEWER, role=Role.OPERATOR))


async def test_an_outage_is_shown_paged_seen_to_and_explained(desk: Desk) -> None:
    await on_call(desk)
    await desk.outage()
    assert "Harbour has no connection" in await desk.run("alerts")
    assert await desk.states("Ann") == [OutboxState.PENDING]
    said = await desk.run("alert ack", alert="1")
    assert "nobody is paged about it until" in said
    assert await desk.states("Ann") == [OutboxState.WITHDRAWN]
    assert "amina sees to it" in await desk.run("alert", alert="1")
    why = await desk.run("why", about="location:harbour")
    assert "In the group on call." in why
    assert "amina acknowledged it." in why
    assert "STOPPED" in why


async def test_why_looks_back_to_when_it_was_not_stopped_yet(desk: Desk) -> None:
    await on_call(desk)
    await desk.outage()
    desk.clock.advance(60)
    await desk.run("alert ack", alert="1")
    then = await desk.run("why", at=NOON + timedelta(seconds=30), about="1")
    assert "WAITING" in then
    assert "acknowledged" not in then


async def test_why_of_what_nobody_knows_says_where_to_look(desk: Desk) -> None:
    with pytest.raises(NotFoundError, match="“alerts” and “outbox” list"):
        await desk.run("why", about="moon")


async def test_a_muted_alert_is_quiet_until_the_silence_is_ended(desk: Desk) -> None:
    await on_call(desk)
    await desk.outage()
    await desk.run("alert mute", alert="1", reason="we know", **{"for": "2h"})
    shown = await desk.run("silence")
    assert "we know" in shown
    assert "IN FORCE" in shown
    desk.clock.advance(60)
    await desk.outage("network.outage.ended")
    assert await desk.states("Ann") == [OutboxState.PENDING]  # no word of its end
    await desk.run("silence end", silence="1")
    assert "OVER" in await desk.run("silence")


async def test_a_silence_needs_something_to_match(desk: Desk) -> None:
    for what in ("everything", "rule=*", "colour=red"):
        with pytest.raises(InputError):
            await desk.run("silence add", what=what, reason="x")
    await desk.run("silence add", what="subject=location:*", reason="moving", **{"for": "1d"})
    await desk.outage()
    assert await desk.states("console") == []


async def test_an_alert_is_declared_over(desk: Desk) -> None:
    await desk.outage()
    await desk.run("alert resolve", alert="1")
    assert "Nothing is alerted." in await desk.run("alerts")
    assert "RESOLVED" in await desk.run("alerts", which="all")


async def test_the_past_is_replayed(desk: Desk) -> None:
    await desk.outage()
    desk.clock.advance(3_600)
    shown = await desk.run("alerts replay", since="1d")
    assert "Harbour has no connection" in shown
    assert "network.outage" in shown
    with pytest.raises(NotFoundError, match="did you mean “network"):
        await desk.run("alerts replay", rule="network.outag")


async def test_people_and_what_they_want_to_hear(desk: Desk) -> None:
    await on_call(desk)
    await desk.run("people quiet", person="ann", hours="22:00-06:00")
    await desk.run("subscribe", person="ann", kind="production", severity="serious")
    await desk.run("unsubscribe", person="ann", area="usage")
    shown = await desk.run("people")
    for word in ("Ann", "ann@example.org", "22:00-06:00", "Africa/Nairobi", "production", "nothing at all"):
        assert word in shown
    await desk.run("people remove", person="Ann")
    assert "Nobody was set up" in await desk.run("people")


@pytest.mark.parametrize(
    ("command", "given"),
    [
        ("people add", {"person": "x", "groups": "cooks"}),
        ("people add", {"person": "x", "zone": "Moon/Base"}),
        ("people quiet", {"person": "ann", "hours": "night"}),
        ("people address", {"person": "nobody", "channel": "email"}),
        ("notify test", {"channel": "pigeon"}),
        ("outbox resend", {"row": "17"}),
        ("alert ack", {"alert": "17"}),
        ("silence end", {"silence": "17"}),
        ("alert mute", {"alert": "1", "reason": "x", "for": "100d"}),
        ("alert mute", {"alert": "1", "reason": "x", "for": "9" * 400 + "d"}),
    ],
)
async def test_what_cannot_be_used_is_refused_in_a_sentence(
    desk: Desk, command: str, given: dict[str, str]
) -> None:
    await on_call(desk)
    with pytest.raises(InputError):
        await desk.run(command, **given)


async def test_a_test_notice_goes_to_a_person_by_their_channel(desk: Desk) -> None:
    await on_call(desk)
    with pytest.raises(NotFoundError, match="no address for console"):
        await desk.run("notify test", channel="console", person="ann")
    await desk.run("notify selftest")
    assert "console" in await desk.run("notify")


async def test_open_alerts_people_and_silences_are_offered(desk: Desk) -> None:
    await on_call(desk)
    await desk.outage()
    await desk.run("silence add", what="rule=usage.burst", reason="x")
    assert [each.value for each in await desk.deck.choices("alert ack", "alert", ADMIN)] == ["1"]
    assert [each.value for each in await desk.deck.choices("silence end", "silence", ADMIN)] == ["1"]
    assert [each.value for each in await desk.deck.choices("people quiet", "person", ADMIN)] == ["Ann"]


async def happen(desk: Desk, kind: str, severity: Severity, title: str, **facts: str) -> None:
    event = Event(
        kind, "network", "location:harbour", severity, _("{words}", words=title), desk.clock.now(), facts
    )
    async with desk.deck.services.store.writing() as transaction:
        await transaction.emit(event)


async def page_of(desk: Desk, command: str, **given: str) -> Page:
    return await desk.deck.run(Invocation(command, ADMIN, given))


def table_of(page: Page, key: str) -> Table:
    return next(each for each in page.blocks if isinstance(each, Table) and each.key == key)


async def test_what_waits_for_somebody_comes_first_and_what_has_not_lasted_last(desk: Desk) -> None:
    await happen(desk, "notify.line.down", Severity.CRITICAL, "Line")  # it must last for three minutes
    await happen(desk, "network.outage.began", Severity.CRITICAL, "Seen to")
    await desk.run("alert ack", alert="2")
    await happen(desk, "network.wan.saturated", Severity.WARNING, "Slow")
    await happen(desk, "usage.login_refused", Severity.SERIOUS, "Refused")
    page = await page_of(desk, "alerts")
    states = [
        str(row.cells[1].word) for row in table_of(page, "alerts").rows if isinstance(row.cells[1], State)
    ]
    assert states == ["ACTIVE", "ACKNOWLEDGED", "UNKNOWN", "PENDING"]
    assert "1 alert waits for somebody: Refused" in desk.text(page)


async def test_the_alerts_page_says_how_things_stand_when_there_are_none(desk: Desk) -> None:
    assert "Nothing is alerted, and nothing ever was." in await desk.run("alerts")
    await desk.outage()
    await desk.outage("network.outage.ended")
    assert "The last alert ended at 12:00" in await desk.run("alerts")


async def test_what_is_muted_is_marked_and_its_silence_is_on_the_page(desk: Desk) -> None:
    await desk.outage()
    await desk.run("alert mute", alert="1", reason="we know", **{"for": "2h"})
    page = await page_of(desk, "alerts")
    shown = desk.text(page)
    assert "SILENCED" in shown
    assert "Nothing waits for anybody" in shown
    assert str(page.verdict.word) == "KEPT QUIET"
    (silence,) = table_of(page, "silences").rows
    assert silence.action is not None
    assert silence.action.command == "silence end"


async def test_every_row_of_the_outbox_opens_what_is_known_of_it(desk: Desk) -> None:
    await on_call(desk)
    await desk.outage()
    await desk.run("notify selftest")
    async with desk.deck.services.store.writing() as transaction:
        first = (await rows(transaction.connection, person="Ann"))[0]
        recipient = first.recipient
        for number in range(TOO_MANY + 1):
            notice = Notice(
                key=f"n{number}",
                cls=NoticeClass.NORMAL,
                kind="toy.happened",
                area="toy",
                subject=f"toy:{number}",
                severity=Severity.WARNING,
                title=_("Thing {number}", number=number),
                lines=(),
                reason=_("x"),
                created=NOON,
            )
            await enqueue(transaction, notice, [recipient])
    sender = Sender(
        desk.deck.services.store, [], desk.clock, jitter=Random(1), identity=HERE, pulse=ManualPulse()
    )
    await sender.turn()
    page = await page_of(desk, "outbox")
    assert "notify.digest" in {each.kind for each in await everything(desk)}
    for row in table_of(page, "outbox").rows:
        assert row.action is not None
        assert await desk.run(row.action.command, **dict(row.action.arguments))
    digest = next(each for each in await everything(desk) if each.kind == "notify.digest")
    shown = await desk.run("why", about=digest.notice)
    assert "Thing 0" in shown
    assert "What it carries along" in shown


async def everything(desk: Desk) -> list[OutboxRow]:
    async with desk.deck.services.store.reading() as connection:
        return await rows(connection)


async def test_why_of_an_event_says_what_each_rule_makes_of_it(desk: Desk) -> None:
    await happen(desk, "network.verdict.changed", Severity.NOTICE, "Fair")
    told = await desk.run("why", about="event:1")
    assert "the rule network.verdict (A location's verdict changed) tells it as news" in told
    assert "those who subscribed to it" in told
    await happen(desk, "toy.strange", Severity.NOTICE, "Strange")
    assert "no rule is about “toy.strange”, so nobody is told of it" in await desk.run("why", about="event:2")
    await desk.outage()
    raised = await desk.run("why", about="event:3")
    assert "raises an alert" in raised
    assert "ACTIVE" in raised


async def test_whoever_names_a_kind_hears_of_it_however_quiet_it_is(desk: Desk) -> None:
    await on_call(desk)
    assert "every network.verdict" in await desk.run("subscribe", person="ann", kind="network.verdict")
    await happen(desk, "network.verdict.changed", Severity.NOTICE, "Fair")
    assert await desk.states("Ann") == [OutboxState.PENDING]
    await desk.run("subscribe", person="ann", area="network")
    shown = await desk.run("people")
    assert "warning" in shown
