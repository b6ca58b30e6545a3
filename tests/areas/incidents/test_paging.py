"""A critical alert and the incident it opens page a person once, and are acknowledged as one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from core.areas.incidents.model import Status
from core.errors import RefusedError
from core.event import Event
from core.message import ENGLISH, _
from core.notify.alerting.alert import Alert, AlertState, Withheld
from core.notify.alerting.alert_rows import open_alerts
from core.notify.alerting.by_hand import acknowledge, resolve
from core.notify.alerting.clock import AlertClock
from core.notify.delivery.rows import OutboxRow, OutboxState, rows
from core.notify.people.person import Address, Person
from core.notify.people.rows import save_person
from core.notify.rules import load_rules
from core.principal import Group
from core.render.values import Formatter
from core.units import Severity
from tests.areas.incidents.world import ADMIN, NOW, World, opened

ANN = Person("ann", frozenset({Group.ON_CALL}), (Address("email", "ann@example.org"),))
BEN = Person("ben", frozenset({Group.TECHNICIANS}), (Address("email", "ben@example.org"),))


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path) as world:
        async with world.deck.services.store.writing() as transaction:
            await save_person(transaction, ANN)
            await save_person(transaction, BEN)
        yield world


def outage(kind: str = "began", location: str = "L1") -> Event:
    return Event(
        f"network.outage.{kind}",
        "network",
        f"location:{location}",
        Severity.CRITICAL if kind == "began" else Severity.GOOD,
        _("Harbour Office has no connection"),
        NOW,
    )


async def outbox(world: World, person: str = "ann", *states: OutboxState) -> Sequence[OutboxRow]:
    async with world.deck.services.store.reading() as connection:
        return list(reversed(await rows(connection, person=person, states=states)))


async def pages(world: World, person: str = "ann") -> list[str]:
    """The titles of what is still to go to somebody."""
    words = Formatter(ENGLISH, ADMIN.zone, NOW)
    return [words.message(each.wording.title) for each in await outbox(world, person, OutboxState.PENDING)]


async def alerts(world: World) -> dict[str, Alert]:
    """The open alerts by their rules."""
    async with world.deck.services.store.reading() as connection:
        return {each.rule: each for each in await open_alerts(connection)}


async def wait(world: World, minutes: int) -> None:
    """Let time pass, with the turns of alerting's clock and of the incidents' watch."""
    clock = AlertClock(world.deck.services.store, load_rules(None))
    for _minute in range(minutes):
        world.pass_time(minutes=1)
        await clock.run()
        await world.look()


async def test_one_page_for_an_alert_and_its_incident_with_the_facts_of_both(world: World) -> None:
    await world.emit(outage())
    first, page = await outbox(world)
    assert (first.state, first.folded_into) == (OutboxState.FOLDED, page.id)
    assert await pages(world) == ["INC-2026-0001 opened: Harbour Office has no connection"]
    words = Formatter(ENGLISH, ADMIN.zone, NOW)
    said = " ".join(words.message(line) for line in page.wording.lines)
    assert "network.outage" in said
    assert "location:L1" in said


async def test_an_alert_that_opens_no_incident_pages_by_itself(world: World) -> None:
    stale = Event("usage.login_refused", "usage", "account:A1", Severity.WARNING, _("Refused"), NOW)
    await world.emit(stale)
    assert await world.incidents() == []
    assert await pages(world) == ["Refused"]


async def test_who_is_told_of_the_alert_alone_is_still_told(world: World) -> None:
    fault = Event("production.system_error", "production", "production", Severity.CRITICAL, _("Fault"), NOW)
    await world.emit(fault)
    await wait(world, 4)
    assert len(await pages(world)) == 1
    assert await pages(world, "ben") == ["Fault"]


async def test_the_incident_alone_reminds_and_escalates(world: World) -> None:
    await world.emit(outage())
    assert (await alerts(world))["network.outage"].withheld is Withheld.CARRIED
    await wait(world, 130)
    told = [title for title in await pages(world) if "INC-2026-0001" not in title]
    assert told == []
    assert len(await pages(world)) > 2


async def test_acknowledging_the_incident_acknowledges_its_alert_and_neither_lapses_while_it_is_updated(
    world: World,
) -> None:
    await world.emit(outage())
    await world.run("incident ack", id="1")
    assert await pages(world) == []
    assert {each.state for each in (await alerts(world)).values()} == {AlertState.ACKNOWLEDGED}
    for _note in range(4):
        await wait(world, 20)
        await world.run("incident note", id="1", text="still at it")
    assert {each.state for each in (await alerts(world)).values()} == {AlertState.ACKNOWLEDGED}


async def test_what_nobody_has_in_hand_any_more_pages_once(world: World) -> None:
    await world.emit(outage())
    await world.run("incident ack", id="1")
    await wait(world, 31)
    assert (await world.incident("INC-2026-0001")).status is Status.TRIGGERED
    assert {each.state for each in (await alerts(world)).values()} == {AlertState.ACTIVE}
    assert await pages(world) == [
        "Acknowledged and still so: INC-2026-0001 opened: Harbour Office has no connection"
    ]


@pytest.mark.parametrize("rule", ["network.outage", "incident.open"])
async def test_acknowledging_either_alert_acknowledges_the_incident_and_the_other(
    world: World, rule: str
) -> None:
    await world.emit(outage())
    number, book = (await alerts(world))[rule].id, load_rules(None)
    async with world.deck.services.store.writing() as transaction:
        await acknowledge(transaction, book, number, "omar", world.clock.now())
    known = await world.incident("INC-2026-0001")
    assert (known.status, known.acknowledged_by) == (Status.ACKNOWLEDGED, "omar")
    found = (await alerts(world)).values()
    assert {(each.state, each.acknowledged_by) for each in found} == {(AlertState.ACKNOWLEDGED, "omar")}
    assert await pages(world) == []


async def test_an_incidents_own_alert_is_not_declared_over_by_itself(world: World) -> None:
    await world.emit(outage())
    number = (await alerts(world))["incident.open"].id
    with pytest.raises(RefusedError):
        async with world.deck.services.store.writing() as transaction:
            await resolve(transaction, load_rules(None), number, "omar", world.clock.now())


async def test_an_alert_that_outlives_its_incident_goes_on_by_itself(world: World) -> None:
    await world.emit(outage())
    await world.run("incident ack", id="1")
    await world.run("incident resolve", id="1", note="restarted")
    (alert,) = (await alerts(world)).values()
    assert (alert.withheld, alert.state) == (Withheld.NOT, AlertState.ACKNOWLEDGED)
    await wait(world, 31)
    assert "Acknowledged and still so: Harbour Office has no connection" in await pages(world)


async def test_the_alerts_of_a_merged_incident_go_with_the_one_it_became_part_of(world: World) -> None:
    await world.emit(outage())
    await world.emit(outage(location="L2"))
    await world.run("incident merge", id="1", into="2")
    await world.run("incident ack", id="2")
    assert {each.state for each in (await alerts(world)).values()} == {AlertState.ACKNOWLEDGED}
    before = await pages(world)
    await wait(world, 20)
    assert await pages(world) == before


async def test_the_end_of_a_carried_alert_is_told_to_those_who_were_paged(world: World) -> None:
    await world.emit(outage())
    await world.emit(outage("ended"))
    assert "Over: Harbour Office has no connection" in await pages(world)
