"""Who is told what, once: promises that run out, orders that are done, shifts, defects (whatsapp.md A5)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from core.areas.plant import AREA
from core.areas.plant.collection.people import link_people
from core.areas.plant.model.defects import DefectSeverity, InternalReject
from core.areas.plant.model.people import Operator, Shift
from core.areas.plant.model.sops import SopTicket
from core.areas.plant.rules.defect_events import defect_reported_event
from core.areas.plant.rules.holding import Hold
from core.areas.plant.store.defects import record_defect
from core.areas.plant.store.people import record_operators
from core.areas.plant.store.sops import record_sop
from core.errors import NotFoundError
from core.notify.people.person import Address, Person
from core.notify.people.phones import Phones
from core.notify.people.rows import save_person
from tests.areas.plant.maintenance.world import NOW, OPERATOR, TECHNICIAN, World, hours, opened

WARNED, BREACHED = "plant.sla.warned", "plant.sla.breached"


def names(told: list[tuple[str, str]]) -> list[str]:
    return [person for person, _title in told]


async def test_nobody_is_warned_while_a_quarter_is_left(world: World) -> None:
    await world.report()
    world.go(hours(3))
    await world.watch()
    assert await world.told(WARNED) == []


async def test_the_technicians_are_warned_of_what_nobody_has(world: World) -> None:
    await world.report()
    world.go(hours(3) + timedelta(minutes=3))
    await world.watch()
    words = "MNT-2026-0001 about MACH-001 has 0.9 h left: response"
    assert await world.told(WARNED) == [("tariq", words), ("teresa", words)]


async def test_the_assignee_alone_is_warned_of_theirs(world: World) -> None:
    ticket = await world.report()
    await world.run("maintenance assign", ticket=ticket, to="teresa")
    world.go(hours(19))
    await world.watch()
    assert names(await world.told(WARNED)) == ["teresa"]
    (event,) = await world.events(WARNED)
    assert event.event.facts == {
        "ticket": ticket,
        "kind": "maintenance",
        "machine": "MACH-001",
        "about": "MACH-001",
        "promise": "completion",
        "deadline": hours(24).isoformat(),
        "hours_left": 5.0,
        "assignee": "teresa",
    }


async def test_an_assignee_whom_nothing_is_told_leaves_it_to_the_technicians(world: World) -> None:
    ticket = await world.report()
    await world.run("maintenance assign", ticket=ticket, to="ben moyo")
    world.go(hours(19))
    await world.watch()
    assert names(await world.told(WARNED)) == ["tariq", "teresa"]


async def test_a_ticket_is_given_to_nobody_who_is_unknown(world: World) -> None:
    ticket = await world.report()
    with pytest.raises(NotFoundError, match=r"^to: nobody is known as “nobodyatall”"):
        await world.run("maintenance assign", ticket=ticket, to="nobodyatall")
    assert (await world.ticket(ticket)).assignee == ""


@pytest.mark.parametrize(
    ("said", "assignee"),
    [("Teresa", "teresa"), ("e-1", "ada"), ("Ada Nwosu", "ada"), ("E-2", "Ben Moyo")],
)
async def test_whoever_gets_a_ticket_goes_by_their_name_in_opsdeck(
    world: World, said: str, assignee: str
) -> None:
    ticket = await world.report()
    await world.run("maintenance assign", ticket=ticket, to=said)
    assert (await world.ticket(ticket)).assignee == assignee


async def test_each_threshold_is_told_once_also_after_a_restart(tmp_path: Path) -> None:
    async with opened(tmp_path) as first:
        ticket = await first.report()
        first.go(hours(3.5))
        await first.watch()
        await first.watch()
        assert len(await first.told(WARNED)) == 2
    async with opened(tmp_path) as again:
        again.go(hours(3.6))
        await again.watch()
        assert len(await again.told(WARNED)) == 2
        again.go(hours(4))
        await again.watch()
        await again.watch()
        assert names(await again.told(BREACHED)) == ["sami"]
        await again.run("maintenance move", TECHNICIAN, ticket=ticket, state="in_progress")
        again.go(hours(20))
        await again.watch()
        await again.watch()
        assert [each.event.facts["promise"] for each in await again.events(WARNED)] == [
            "response",
            "completion",
        ]
        assert names(await again.told(WARNED))[2:] == ["tariq"]


async def test_what_ran_out_while_nobody_looked_is_told_as_broken_only(world: World) -> None:
    await world.report()
    world.go(hours(30))
    await world.watch()
    assert await world.events(WARNED) == []
    assert len(await world.events(BREACHED)) == 1


async def test_a_settled_ticket_is_not_warned_of(world: World) -> None:
    ticket = await world.report()
    await world.run("maintenance move", ticket=ticket, state="in_progress")
    await world.run("maintenance complete", ticket=ticket)
    world.go(hours(30))
    await world.watch()
    assert await world.events(WARNED, BREACHED) == []


async def test_quality_hears_of_defects_and_procedures_about_to_be_late(world: World) -> None:
    async with world.deck.services.store.writing() as transaction:
        await record_defect(
            transaction,
            InternalReject("RJT-2026-0001", "ORD-1", DefectSeverity.LOW, 3, "Torn", "vera", NOW, NOW),
        )
        await record_sop(
            transaction, SopTicket("SOP-2026-0001", "SOP-001-2025", "Skipped", "SEW", "CUT", "vera", NOW, NOW)
        )
    world.go(hours(7))
    await world.watch()
    world.go(hours(20))
    await world.watch()
    assert [(each.event.subject, each.event.facts["machine"]) for each in await world.events(WARNED)] == [
        ("defect:RJT-2026-0001", ""),
        ("sop:SOP-2026-0001", ""),
    ]
    assert names(await world.told(WARNED)) == ["quentin", "quentin"]


SHIFT = Shift("SHF-2026-0001", "Late shift", hours(2), hours(10), ("E-1", "E-2"), "CUT", "MACH-003")


async def test_each_operator_on_a_shift_is_reminded_a_quarter_of_an_hour_before(world: World) -> None:
    await world.shift(SHIFT)
    world.go(hours(2) - timedelta(minutes=15, seconds=1))
    await world.watch()
    assert await world.events("plant.shift.soon") == []
    world.go(hours(2) - timedelta(minutes=15))
    await world.watch()
    await world.watch()
    events = await world.events("plant.shift.soon")
    assert [each.event.facts["operator"] for each in events] == ["E-1", "E-2"]
    assert events[0].event.facts == {
        "shift": "SHF-2026-0001",
        "name": "Late shift",
        "start": hours(2).isoformat(),
        "machine": "MACH-003",
        "operator": "E-1",
        "operator_name": "Ada Nwosu",
        "person": "ada",
    }
    told = await world.told("plant.shift.soon")
    assert names(told) == ["ada", "sami"]  # Ben is told nothing, so that his supervisor is
    assert told[0][1].startswith("Ada Nwosu: Late shift begins at")
    assert told[1][1].startswith("Ben Moyo: Late shift begins at")
    assert "MACH-003" in told[0][1]


async def phoned(world: World, *who: tuple[str, str, str]) -> None:
    """People who are reached at a phone, and operators whom nobody named who have one."""
    phones = Phones(world.deck.services.vault)
    async with world.deck.services.store.writing() as transaction:
        for number, person, written in who:
            await record_operators(transaction, [Operator(number, "Somebody", "CUT", phone=written)])
            address = Address("whatsapp", phones.user_of("+" + "".join(filter(str.isdigit, written))))
            await save_person(transaction, Person(person, addresses=(address,)))


async def test_an_operator_is_told_as_the_person_who_is_reached_at_their_phone(world: World) -> None:
    await phoned(world, ("E-2", "ben", "+255 700-000-456"), ("E-1", "ada", "+255700000123"))
    await link_people(world.deck.services)
    await world.shift(SHIFT)
    world.go(hours(1.9))
    await world.watch()
    assert names(await world.told("plant.shift.soon", "whatsapp")) == ["ada", "ben"]
    assert await world.told("plant.shift.soon") == []


async def test_a_phone_that_several_people_share_is_nobodys(world: World) -> None:
    await phoned(world, ("E-2", "ben", "+255700000456"), ("E-2", "bea", "+255700000456"))
    await link_people(world.deck.services)
    await world.shift(SHIFT)
    world.go(hours(1.9))
    await world.watch()
    assert names(await world.told("plant.shift.soon")) == ["ada", "sami"]


async def test_a_shift_is_told_once_after_a_restart_and_anew_when_it_is_moved(tmp_path: Path) -> None:
    async with opened(tmp_path) as first:
        await first.shift(SHIFT)
        first.go(hours(1.9))
        await first.watch()
    async with opened(tmp_path) as again:
        again.go(hours(1.95))
        await again.watch()
        assert names(await again.told("plant.shift.soon")) == ["ada", "sami"]
        later = Shift("SHF-2026-0001", "Late shift", hours(5), hours(10), ("E-1",), "CUT", "MACH-003")
        await again.shift(later)
        again.go(hours(4.9))
        await again.watch()
        assert names(await again.told("plant.shift.soon")) == ["ada", "sami", "ada"]


@pytest.mark.parametrize("minutes", [0, 1])
async def test_a_shift_that_has_begun_is_not_reminded_of(world: World, minutes: int) -> None:
    await world.shift(SHIFT)
    world.go(hours(2) + timedelta(minutes=minutes))
    await world.watch()
    assert await world.events("plant.shift.soon") == []


async def test_a_shift_that_was_called_off_is_not_reminded_of(world: World) -> None:
    await world.shift(SHIFT)
    await world.run("shift end", shift="SHF-2026-0001")
    world.go(hours(1.9))
    await world.watch()
    assert await world.events("plant.shift.soon") == []


@pytest.mark.parametrize(("operator", "told"), [("E-1", ["ada"]), ("E-2", ["sami"])])
async def test_the_operator_hears_that_their_order_is_completed(
    world: World, operator: str, told: list[str]
) -> None:
    await world.run(
        "order add", OPERATOR, order="ORD-1", product="Bag", quantity="1", due=hours(48).isoformat()
    )
    await world.run(
        "order schedule",
        order="ORD-1",
        department="CUT",
        operator=operator,
        start=hours(0).isoformat(),
        end=hours(8).isoformat(),
    )
    await world.run("order move", order="ORD-1", state="in_progress")
    await world.run("order move", order="ORD-1", state="completed", reason="Enough")
    heard = await world.told("plant.order.completed")
    assert names(heard) == told
    assert "ORD-1: completed, 2026-03-02 08:00" in heard[0][1]
    (event,) = await world.events("plant.order.completed")
    assert (event.event.facts["order"], event.event.facts["operator"]) == ("ORD-1", operator)
    assert event.event.facts["completed_at"] == NOW.isoformat()


async def test_supervisors_and_quality_hear_of_a_defect_once(world: World) -> None:
    reject = InternalReject("RJT-2026-0001", "ORD-1", DefectSeverity.HIGH, 3, "Torn", "vera", NOW, NOW)
    for _each in range(2):
        async with world.deck.services.store.writing() as transaction:
            await transaction.emit(defect_reported_event(reject, Hold.PUT))
    assert names(await world.told("plant.defect.reported")) == ["quentin", "sami"]


async def test_technicians_hear_of_a_new_ticket_and_whoever_is_given_one(world: World) -> None:
    ticket = await world.report()
    assert names(await world.told("plant.maintenance.opened")) == ["tariq", "teresa"]
    await world.run("maintenance assign", ticket=ticket, to="teresa")
    assert names(await world.told("plant.maintenance.assigned")) == ["teresa"]


async def test_the_engine_runs_the_watch_by_itself(world: World) -> None:
    assert AREA.jobs is not None
    (job,) = (each for each in AREA.jobs(world.deck.services) if each.name == "plant.watch")
    await world.report()
    world.go(hours(3.5))
    await job.run()
    assert len(await world.events(WARNED)) == 1
