"""Every command of alerting through a deck, as a person runs it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
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
from core.notify.delivery.rows import OutboxState, rows
from core.page import Page
from core.principal import Principal, Role
from core.render.text import render
from core.render.values import Formatter
from core.settings import SettingsBook
from core.units import Severity

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
