"""The commands through the one path: state, timeline, events and audit row together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.areas.incidents.model import Actor, IncidentSeverity, PublicStatus, SeveritySource, Status
from core.errors import InputError, NotFoundError, RefusedError
from core.store.tables import AUDIT
from core.units import Severity
from tests.areas.incidents.world import NOW, OPERATOR, World, opened


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path) as world:
        yield world


async def audited(world: World) -> list[tuple[str, str, str]]:
    async with world.deck.services.store.reading() as connection:
        rows = await connection.execute(select(AUDIT).order_by(AUDIT.c.number))
        return [(row.action, row.target, row.result) for row in rows]


async def test_opening_classifies_numbers_and_tells(world: World) -> None:
    id_ = await world.open("Uploads fail", impact="high", urgency="medium", components="web_app, uploads")
    known = await world.incident(id_)
    assert (id_, known.severity, known.rule) == ("INC-2026-0001", IncidentSeverity.HIGH, "impact-urgency")
    assert known.components == ("web_app", "uploads")
    (opened_,) = await world.events()
    assert (opened_.event.subject, opened_.event.severity) == ("incident:INC-2026-0001", Severity.SERIOUS)
    assert opened_.event.facts["components"] == "web_app, uploads"
    assert await audited(world) == [("incident open", "incident:INC-2026-0001", "done")]


async def test_4_2_ids_grow_within_a_year_and_begin_anew_with_the_next(world: World) -> None:
    assert [await world.open() for _number in range(3)] == [f"INC-2026-000{n}" for n in (1, 2, 3)]
    world.pass_time(days=340)
    assert await world.open() == "INC-2027-0001"


async def test_4_2_incidents_opened_at_the_same_time_get_ids_of_their_own(world: World) -> None:
    ids = await asyncio.gather(*(world.open(f"Number {n}") for n in range(12)))
    assert len(set(ids)) == 12


async def test_a_failed_opening_uses_no_number(world: World) -> None:
    with pytest.raises(InputError, match="future"):
        await world.open(detected="2026-02-01T00:00Z")
    assert await world.open() == "INC-2026-0001"


async def test_the_way_of_an_incident(world: World) -> None:
    id_ = await world.open()
    world.pass_time(minutes=5)
    await world.run("incident ack", by=OPERATOR, id=id_)
    await world.run("incident mitigate", by=OPERATOR, id=id_, note="switched over")
    world.pass_time(hours=1)
    await world.run("incident resolve", by=OPERATOR, id="1", note="replaced the disk")
    await world.run("incident close", by=OPERATOR, id="#1")
    known = await world.incident(id_)
    assert (known.status, known.resolved_by) == (Status.CLOSED, "omar")
    assert await world.kinds() == ["opened", "acknowledged", "mitigated", "resolved", "closed"]
    assert [each.actor for each in await world.timeline(id_)][1:] == [Actor("omar")] * 4


async def test_a_refused_move_changes_nothing_and_is_audited_with_its_reason(world: World) -> None:
    id_ = await world.open()
    with pytest.raises(RefusedError, match="acknowledged before it can be resolved"):
        await world.run("incident resolve", id=id_, note="x")
    assert (await world.incident(id_)).status is Status.TRIGGERED
    assert len(await world.timeline(id_)) == 1
    assert (await audited(world))[-1][2].startswith("failed: INC-2026-0001 is triggered")


async def test_an_incident_that_is_not_there(world: World) -> None:
    with pytest.raises(NotFoundError, match="INC-2026-0009"):
        await world.run("incident ack", id="9")


@pytest.mark.parametrize("command", ["mitigate", "resolve"])
async def test_4_3_a_note_is_required(world: World, command: str) -> None:
    id_ = await world.acknowledged()
    with pytest.raises(InputError, match="needs “note”"):
        await world.run(f"incident {command}", id=id_)


async def test_4_6_an_override_keeps_the_rules_answer(world: World) -> None:
    id_ = await world.open()
    await world.run("incident severity", id=id_, severity="critical", reason="it is everywhere")
    known = await world.incident(id_)
    assert (known.severity, known.rule_severity) == (IncidentSeverity.CRITICAL, IncidentSeverity.MEDIUM)
    assert (known.severity_source, known.rule) == (SeveritySource.HUMAN, "unclassified")
    with pytest.raises(InputError, match="already"):
        await world.run("incident severity", id=id_, severity="critical", reason="x")


async def test_assigning_escalating_noting_and_editing(world: World) -> None:
    id_ = await world.open()
    await world.run("incident assign", id=id_, commander="nia", responders="omar, jun")
    await world.run("incident escalate", id=id_, reason="we are stuck")
    await world.run("incident note", id=id_, text="the disk is full")
    await world.run("incident edit", id=id_, workaround="retry", components="")
    known = await world.incident(id_)
    assert (known.commander, known.responders) == ("nia", ("omar", "jun", "nia"))
    assert (known.level, known.workaround) == ("L2", "retry")
    assert await world.kinds() == ["opened", "changed", "escalated", "changed", "changed"]


async def test_publishing_reaches_the_event_log_without_internal_words(world: World) -> None:
    id_ = await world.open("db-main-02 is full")
    with pytest.raises(InputError, match="host name"):
        await world.run("incident publish", id=id_, title="Slow uploads", text="db-main-02 is full")
    await world.run(
        "incident publish", id=id_, title="Slow uploads", text="Uploads are slow.", status="identified"
    )
    facts = (await world.events())[-1].event.facts
    assert (facts["public_title"], facts["public_text"]) == ("Slow uploads", "Uploads are slow.")
    assert (facts["public_status"], facts["customer_visible"]) == ("identified", True)
    assert (await world.incident(id_)).public_status is PublicStatus.IDENTIFIED


async def test_merging_leaves_both_timelines_with_a_line(world: World) -> None:
    one, two = await world.open("Uploads fail"), await world.open("Everything fails")
    await world.run("incident merge", id=one, into=two)
    assert (await world.incident(one)).parent == two
    assert str((await world.timeline(two))[-1].text) == "INC-2026-0001 was merged into this: Uploads fail"
    with pytest.raises(RefusedError, match="merged"):
        await world.run("incident ack", id=one)


async def test_a_low_one_is_scheduled(world: World) -> None:
    id_ = await world.open("A cosmetic flaw")
    await world.run("incident schedule", id=id_, moment="2026-02-05T09:00Z")
    assert (await world.incident(id_)).resolution.target == timedelta(days=4, hours=23)
    other = await world.open("Uploads fail")
    with pytest.raises(RefusedError, match="low"):
        await world.run("incident schedule", id=other, moment="2026-02-05T09:00Z")


async def test_4_8_a_postmortem_from_draft_to_closed_lets_its_incident_close(world: World) -> None:
    id_ = await world.open(impact="high", urgency="high")
    await world.run("incident ack", id=id_)
    await world.run("incident resolve", id=id_, note="done")
    with pytest.raises(RefusedError, match="post-mortem"):
        await world.run("incident close", id=id_)
    await world.run("incident postmortem write", id=id_, section="summary", text="One.\n\nTwo.")
    await world.run("incident postmortem action", id=id_, text="Watch the disk", owner="omar")
    await world.run("incident postmortem status", id=id_, status="in_review")
    await world.run("incident postmortem status", id=id_, status="reviewed")
    await world.run("incident postmortem close", id=id_)
    await world.run("incident close", id=id_)
    assert (await world.incident(id_)).status is Status.CLOSED
    await world.run("incident postmortem done", id=id_, number="1")
    text = world.text(await world.run("incident postmortem", id=id_))
    assert "Two." in text
    assert "CLOSED" in text


async def test_the_timeline_is_only_ever_added_to(world: World) -> None:
    id_ = await world.acknowledged()
    before = await world.timeline(id_)
    world.pass_time(minutes=1)
    await world.run("incident edit", id=id_, title="Another title")
    after = await world.timeline(id_)
    assert after[: len(before)] == before
    assert [each.number for each in after] == list(range(1, len(after) + 1))
    assert (after[-1].before, after[-1].after) == ("Uploads fail", "Another title")


async def test_what_people_write_is_made_safe(world: World) -> None:
    id_ = await world.open("\x1b]0;owned\x07 title\u202e")
    await world.run("incident note", id=id_, text="a\nforged line")
    known = await world.incident(id_)
    assert "\x1b" not in known.title
    assert (await world.timeline(id_))[-1].text == "a forged line"


async def test_reopening_within_a_day(world: World) -> None:
    id_ = await world.acknowledged()
    await world.run("incident resolve", id=id_, note="done")
    world.pass_time(hours=2)
    await world.run("incident reopen", id=id_, reason="it is back")
    known = await world.incident(id_)
    assert (known.status, known.resolved_at) == (Status.ACKNOWLEDGED, None)
    assert known.resolution.pauses[0].end == NOW + timedelta(hours=2)
