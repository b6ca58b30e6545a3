"""The summaries of the day and of the week: for those who subscribed, once, until the next one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from core.area import Area, AtLocalTime, Pane, PaneLight, Request
from core.areas.relay import AREA
from core.areas.relay.collection.jobs import jobs
from core.areas.relay.collection.summaries import send_summary
from core.areas.relay.rules.summary import Glance, Period, light_lines, production_line, summary_title
from core.event import Event
from core.message import _
from core.notify.delivery.rows import OutboxRow, rows
from core.notify.notice import NoticeClass
from core.notify.people.person import Address, Person, Subscription
from core.notify.people.rows import save_person
from core.units import Severity, State

from .world import BOT, World, opened

DAILY = AtLocalTime(time(20, 5))
WEEKLY = AtLocalTime(time(20, 5), 0)


async def _harbour(_request: Request) -> PaneLight:
    return PaneLight(State(Severity.WARNING, _("SATURATED")), _("The line is full."), 2)


async def _idle(_request: Request) -> PaneLight:
    return PaneLight(State(Severity.IDLE, _("NOT SET UP")), _("Nothing here."))


HARBOUR = Area(
    "harbour",
    _("Harbour"),
    (
        Pane("harbour", _("Harbour"), "relay", "2", 20, _harbour),
        Pane("empty", _("Empty"), "relay", "3", 30, _idle),
    ),
)


@pytest.fixture
async def evening(tmp_path: Path) -> AsyncIterator[World]:
    """The evening of 2 March, five past eight in Nairobi."""
    async with opened(tmp_path, BOT, (AREA, HARBOUR)) as world:
        world.clock.advance((5 * 60 + 5) * 60)
        yield world


async def add(world: World, name: str, *subscriptions: Subscription) -> None:
    person = Person(name, addresses=(Address("e-mail", f"{name}@example.com"),), subscriptions=subscriptions)
    async with world.deck.services.store.writing() as transaction:
        await save_person(transaction, person)


async def outbox(world: World) -> list[OutboxRow]:
    async with world.deck.services.store.reading() as connection:
        return list(await rows(connection))


async def test_who_subscribed_has_the_day_in_lights(evening: World) -> None:
    await add(evening, "ana", Subscription(kind="summary.daily", severity=Severity.GOOD))
    await add(evening, "ben", Subscription(severity=Severity.WARNING))
    await add(evening, "cleo", Subscription(kind="summary.weekly", severity=Severity.GOOD))
    await send_summary(evening.deck.services, Period.DAY, DAILY)

    (row,) = await outbox(evening)
    assert (row.recipient.person, row.kind, row.cls) == ("ana", "summary.daily", NoticeClass.INFO)
    lines = [str(line) for line in row.wording.lines]
    assert lines[0] == "▲ Harbour: SATURATED. The line is full."
    assert "2 things are open." in lines
    assert not any("Empty" in line for line in lines), "what isn’t in use isn’t summed up"
    assert "2026-03-02" in str(row.wording.title)


async def test_the_word_summary_stands_for_both(evening: World) -> None:
    await add(evening, "ana", Subscription(kind="summary", severity=Severity.GOOD))
    await send_summary(evening.deck.services, Period.DAY, DAILY)
    await send_summary(evening.deck.services, Period.WEEK, WEEKLY)
    assert {row.kind for row in await outbox(evening)} == {"summary.daily", "summary.weekly"}


async def test_it_is_worth_reading_until_the_next_one(evening: World) -> None:
    await add(evening, "ana", Subscription(kind="summary", severity=Severity.GOOD))
    await send_summary(evening.deck.services, Period.DAY, DAILY)
    (row,) = await outbox(evening)
    assert row.expires == datetime(2026, 3, 3, 17, 5, tzinfo=UTC)


async def test_one_that_was_missed_comes_once_and_for_its_day(evening: World) -> None:
    await add(evening, "ana", Subscription(kind="summary", severity=Severity.GOOD))
    evening.clock.advance(8 * 3_600)  # four in the morning
    await send_summary(evening.deck.services, Period.DAY, DAILY)
    await send_summary(evening.deck.services, Period.DAY, DAILY)
    (row,) = await outbox(evening)
    assert "2026-03-02" in str(row.wording.title)


async def test_productions_figures_are_those_of_its_own_summary(evening: World) -> None:
    await add(evening, "ana", Subscription(kind="summary", severity=Severity.GOOD))
    facts = {"date": "2026-03-02", "successful": 3, "failed": 1, "success_rate": 75.0, "target": 4}
    now = evening.clock.now()
    told = Event(
        "production.daily_summary", "production", "day:2026-03-02", Severity.NOTICE, _("It"), now, facts
    )
    async with evening.deck.services.store.writing() as transaction:
        await transaction.emit(told)
    evening.clock.advance(60)
    await send_summary(evening.deck.services, Period.DAY, DAILY)
    (row,) = [each for each in await outbox(evening) if each.kind == "summary.daily"]
    assert "Production of 2026-03-02: 3 made, 1 failed, of 4 aimed at" in str(row.wording.lines[-1])


def test_a_figure_that_isnt_known_isnt_made_up() -> None:
    text = str(production_line(Period.DAY, {"date": "2026-03-02", "successful": 0, "failed": 0}))
    assert text == "Production of 2026-03-02: 0 made, 0 failed."


def test_what_wants_a_look_comes_first_and_the_title_says_how_bad() -> None:
    good = Glance(_("A"), State(Severity.GOOD, _("GOOD")), _("Well."))
    bad = Glance(_("B"), State(Severity.CRITICAL, _("DOWN")), _("Bad."), 1)
    first, second, count = map(str, light_lines([good, bad]))
    assert "DOWN" in first
    assert "GOOD" in second
    assert count == "1 thing is open."
    assert "all well" in str(summary_title(Period.DAY, date(2026, 3, 2), Severity.GOOD))
    assert "critical" in str(summary_title(Period.WEEK, date(2026, 3, 2), Severity.CRITICAL))


async def test_the_jobs_are_at_the_times_of_the_settings(tmp_path: Path) -> None:
    settings = {
        **BOT,
        "OPSDECK_DAILY_SUMMARY_TIME": "07:30",
        "OPSDECK_WEEKLY_SUMMARY_DAY": "friday",
        "OPSDECK_WEEKLY_SUMMARY_TIME": "16:00",
    }
    async with opened(tmp_path, settings) as world:
        found = {job.name: job.schedule for job in jobs(world.deck.services)}
    assert found["summary.daily"] == AtLocalTime(time(7, 30))
    assert found["summary.weekly"] == AtLocalTime(time(16, 0), weekday=4)
    assert found["relay.watch"].interval <= timedelta(seconds=30)  # type: ignore[union-attr]


async def test_summaries_can_be_switched_off(tmp_path: Path) -> None:
    settings = {"OPSDECK_DAILY_SUMMARY": "false", "OPSDECK_WEEKLY_SUMMARY": "false"}
    async with opened(tmp_path, settings) as world:
        assert list(jobs(world.deck.services)) == []


async def test_a_relay_on_whatsapp_alone_is_looked_after_too(tmp_path: Path) -> None:
    settings = {
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "fake-token-000",
        "TWILIO_WHATSAPP_NUMBER": "whatsapp:+15550100000",
        "OPSDECK_DAILY_SUMMARY": "false",
        "OPSDECK_WEEKLY_SUMMARY": "false",
    }
    async with opened(tmp_path, settings) as world:
        assert [job.name for job in jobs(world.deck.services)] == ["relay.watch"]
