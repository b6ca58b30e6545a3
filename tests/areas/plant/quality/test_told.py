"""Who is told of defects, failures and bills, each thing once (whatsapp.md A5)."""

from __future__ import annotations

from sqlalchemy import select

from core.encoding import decode
from core.message import ENGLISH
from core.notify.delivery.tables import OUTBOX
from core.notify.people.person import Address, Person
from core.notify.people.rows import save_person
from core.principal import Group
from tests.areas.plant.quality.world import ADMIN, HEAD, World


async def with_people(world: World) -> None:
    """A supervisor, somebody of quality, a technician, and vera, who reports."""
    people = {
        "sara": frozenset({Group.SUPERVISORS}),
        "quentin": frozenset({Group.QUALITY}),
        "tariq": frozenset({Group.TECHNICIANS}),
        "vera": frozenset[Group](),
    }
    async with world.deck.services.store.writing() as transaction:
        for name, groups in people.items():
            person = Person(name, groups=groups, addresses=(Address("telegram", f"77{len(name)}{name[0]}"),))
            await save_person(transaction, person)


async def told(world: World, kind: str) -> list[tuple[str, str]]:
    """Who was told what by notices of that kind, on a channel of their own."""
    statement = select(OUTBOX).where(OUTBOX.c.channel == "telegram").order_by(OUTBOX.c.person)
    async with world.deck.services.store.reading() as connection:
        rows = (await connection.execute(statement)).mappings().all()
    return [
        (row["person"], ENGLISH.text(decode(row["payload"])["title"]))  # type: ignore[index]
        for row in rows
        if row["kind"] == kind
    ]


async def test_a5_every_supervisor_and_quality_manager_hears_of_a_defect_once(world: World) -> None:
    await with_people(world)
    number = await world.report(severity="high")
    found = await told(world, "plant.defect.reported")
    assert [person for person, _title in found] == ["quentin", "sara"]
    for _person, title in found:
        assert number in title
        assert "ORD-12345" in title
        assert "Internal reject" in title
        assert "severity high" in title
        assert "is on hold now" in title
    await world.run("defect move", defect=number, state="approved")
    assert len(await told(world, "plant.defect.reported")) == 2


async def test_quality_hears_of_a_failure_and_supervisors_too_once_it_is_escalated(world: World) -> None:
    await with_people(world)
    number = await world.fail()
    assert [person for person, _title in await told(world, "plant.sop.reported")] == ["quentin"]
    await world.run("sop reject", sop=number, reason="Not ours")
    assert [person for person, _title in await told(world, "plant.sop.escalated")] == ["quentin", "sara"]
    await world.run("sop reassign", HEAD, sop=number, department="PRN", reason="Theirs")
    await world.run("sop reject", sop=number, reason="Not ours either")
    assert len(await told(world, "plant.sop.escalated")) == 4


async def test_supervisors_hear_of_a_request_and_its_asker_of_the_decision(world: World) -> None:
    await with_people(world)
    await world.bill()
    number = await world.ask()
    assert [person for person, _title in await told(world, "plant.bom.requested")] == ["sara"]
    await world.run("bom approve", ADMIN, request=number)
    (decided,) = await told(world, "plant.bom.approved")
    assert decided[0] == "vera"
    assert number in decided[1]
