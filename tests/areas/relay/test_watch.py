"""A deaf relay is told of by another way (reliability.md R16), once, and its end too."""

from __future__ import annotations

from datetime import timedelta

from core.areas.relay.collection.watch import BEGAN, ENDED, names, watch
from core.areas.relay.model import TELEGRAM
from core.areas.relay.store.workers import forget_worker
from core.event import RecordedEvent
from core.notify.delivery.claims import holder_text
from core.notify.delivery.rows import rows
from core.notify.people.person import Address, Person
from core.notify.people.rows import save_person
from core.principal import Group
from core.store import events
from core.store.polls import sources

from .world import LINE, World, process, worker


async def log(world: World) -> list[RecordedEvent]:
    """What the watch told, the oldest first."""
    store = world.deck.services.store
    async with store.reading() as connection:
        found = await events.recent(connection, at=store.present(), area="relay")
    return list(reversed(found))


async def look(world: World) -> None:
    await watch(world.deck.services)


async def test_r16_a_deaf_relay_is_told_of_once_within_two_minutes(world: World) -> None:
    now = world.clock.now()
    await world.report(worker(now, polled_at=now))
    waited = 0.0
    while not await log(world):
        world.clock.advance(15)
        waited += 15
        await world.report(worker(world.clock.now(), polled_at=now))
        await look(world)
    await look(world)
    assert waited <= 120
    (began,) = await log(world)
    assert (began.event.kind, began.event.subject) == (BEGAN, f"line:{LINE}")


async def test_r16_whoever_is_on_call_has_the_note_by_another_channel(world: World) -> None:
    on_call = Person("Bakari", frozenset({Group.ON_CALL}), (Address("e-mail", "bakari@example.com"),))
    async with world.deck.services.store.writing() as transaction:
        await save_person(transaction, on_call)
    now = world.clock.now()
    await world.report(worker(now, polled_at=now - timedelta(minutes=5)))
    await look(world)
    async with world.deck.services.store.reading() as connection:
        told = {each.recipient.address for each in await rows(connection)}
    assert "bakari@example.com" in told


async def test_when_it_hears_again_that_is_told_too(world: World) -> None:
    now = world.clock.now()
    await world.report(worker(now, polled_at=now - timedelta(minutes=5)))
    await look(world)
    await world.report(worker(now))
    await look(world)
    assert [each.event.kind for each in await log(world)] == [BEGAN, ENDED]
    world.clock.advance(10)
    await world.report(worker(world.clock.now(), polled_at=now - timedelta(minutes=5)))
    await look(world)
    assert [each.event.kind for each in await log(world)] == [BEGAN, ENDED, BEGAN]


async def test_one_that_ended_without_a_word_is_told_of_and_one_that_said_goodbye_is_not(
    world: World,
) -> None:
    await world.report(worker())
    async with world.deck.services.store.writing() as transaction:
        await forget_worker(transaction, holder_text(process()))
    await look(world)
    assert await log(world) == []

    await world.report(worker())
    world.clock.advance(60)
    await look(world)
    (began,) = await log(world)
    assert "is gone" in str(began.event.title)


async def test_good_polls_are_on_record_once_and_lines_have_names(world: World) -> None:
    await world.report(worker())
    await look(world)
    await look(world)
    store = world.deck.services.store
    async with store.reading() as connection:
        (known,) = [each for each in await sources(connection, store.present()) if each.source == TELEGRAM]
    assert (known.subject, known.good, known.last_good) == (LINE, True, worker().polled_at)
    assert str((await names(world.deck.services))[TELEGRAM, LINE]) == "Telegram’s @ops_demo_bot"

    await world.report(worker(polled_at=worker().polled_at, mode="webhook"))
    assert (TELEGRAM, LINE) not in await names(world.deck.services), "nobody polls it any more"
