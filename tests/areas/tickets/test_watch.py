"""The watch over the clocks: nothing lost and nothing told twice, whatever stops and starts meanwhile."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from core.area import Every
from core.areas.tickets import AREA
from core.areas.tickets.model import ClockKind
from core.event import Event
from core.message import _
from core.notify.delivery.rows import rows
from core.units import Severity
from tests.areas.tickets.world import AGENT, ELITE, PREMIUM, World, at, opened


async def kinds(world: World) -> list[str]:
    found = await world.events("ticket.warned", "ticket.breached")
    return [each.event.kind for each in found]


async def test_it_looks_every_half_minute(world: World) -> None:
    assert AREA.jobs is not None
    (job,) = AREA.jobs(world.deck.services)
    assert job.schedule == Every(timedelta(seconds=30))


async def test_a_quarter_left_is_told_once_and_a_breach_once(world: World) -> None:
    ticket = await world.open(PREMIUM)
    for moment in ("10:44", "10:45", "10:46", "11:00", "11:01", "12:00"):
        world.go(moment)
        await world.watch()
    assert await kinds(world) == ["ticket.warned", "ticket.breached"]
    first = (await world.case(ticket)).running(ClockKind.FIRST_RESPONSE)
    assert first is not None
    assert (first.clock.warned_at, first.clock.breached_at) == (at("10:45"), at("11:00"))


async def test_a_restart_between_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        await world.open(PREMIUM)
        world.go("10:50")
        await world.watch()
    async with opened(tmp_path) as world:
        world.go("10:55")
        await world.watch()
        assert await kinds(world) == ["ticket.warned"]
    async with opened(tmp_path) as world:
        world.go("14:00")
        await world.watch()
        await world.watch()
        assert await kinds(world) == ["ticket.warned", "ticket.breached"]
        (breach,) = await world.events("ticket.breached")
        assert breach.event.at == at("11:00")


async def test_a_clock_that_ran_over_unseen_is_told_as_breached_only(world: World) -> None:
    await world.open(PREMIUM)
    world.go("15:00")
    await world.watch()
    assert await kinds(world) == ["ticket.breached"]


async def test_an_answer_that_comes_too_late_before_the_watch_looks_is_told_as_a_breach(world: World) -> None:
    ticket = await world.open(PREMIUM)
    world.go("11:00")
    world.clock.advance(10)
    await world.run(AGENT, "ticket reply", ticket=ticket, text="Sorry for the wait.")
    assert await kinds(world) == ["ticket.breached"]
    world.go("11:05")
    await world.watch()
    assert await kinds(world) == ["ticket.breached"]


async def test_5_3_many_warnings_at_once_are_told_in_one_notice(world: World) -> None:
    for _number in range(7):
        await world.open(PREMIUM)
    world.go("10:46")
    await world.watch()
    assert await kinds(world) == ["ticket.warned"] * 7
    store = world.deck.services.store
    async with store.reading() as connection:
        told = [row for row in await rows(connection, person="console") if row.kind == "ticket.warned"]
    (notice,) = told
    assert len(notice.wording.lines) == 7


async def test_a_watch_without_anything_due_writes_nothing(world: World) -> None:
    await world.open(PREMIUM)
    before = await world.deck.change_mark()
    world.go("10:30")
    await world.watch()
    assert await world.deck.change_mark() == before


async def say_incident(world: World, severity: str) -> None:
    facts = {"id": "INC-2026-0007", "severity": severity}
    subject, title = "incident:INC-2026-0007", _("an incident")
    async with world.deck.services.store.writing() as transaction:
        await transaction.emit(
            Event("incident.changed", "incidents", subject, Severity.SERIOUS, title, world.clock.now(), facts)
        )


async def target(world: World, ticket: str) -> timedelta | None:
    first = (await world.case(ticket)).running(ClockKind.FIRST_RESPONSE)
    assert first is not None
    return first.clock.target


async def test_a_critical_incident_behind_it_makes_an_answer_urgent_also_when_it_becomes_so_later(
    world: World,
) -> None:
    ticket = await world.open(ELITE)
    await say_incident(world, "high")
    await world.run(AGENT, "ticket link", ticket=ticket, incident="inc-2026-0007")
    assert await target(world, ticket) == timedelta(hours=4)
    await say_incident(world, "critical")
    await world.watch()
    assert await target(world, ticket) == timedelta(minutes=15)
    await world.run(AGENT, "ticket link", ticket=ticket, incident="none")
    assert await target(world, ticket) == timedelta(hours=4)


async def test_business_hours_count_for_the_tiers_that_have_them(tmp_path: Path) -> None:
    settings = {"TICKETS_BUSINESS_HOURS": '{"elite": "UTC 0-4 09:00-12:00"}'}
    async with opened(tmp_path, settings) as world:
        ticket = await world.open(ELITE)  # two hours today, two tomorrow, a Friday
        world.go(at("10:59") + timedelta(days=1))
        await world.watch()
        assert "ticket.breached" not in await kinds(world)
        world.go(at("11:01") + timedelta(days=1))
        await world.watch()
        assert "ticket.breached" in await kinds(world)
        page = world.text(await world.run(AGENT, "ticket", ticket=ticket))
        assert "09:00–12:00, UTC" in page
