"""From an event to an incident, through the store's own transactions (operations.md 4.3, 4.6, 4.7)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.areas.incidents.model import Impact, IncidentSeverity, Source, Status
from core.event import Event
from core.message import _
from core.units import Severity
from tests.areas.incidents.world import NOW, World, alert, opened


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path) as world:
        yield world


def health(component: str, status: str, *, critical: bool = True) -> Event:
    return Event(
        "health.changed",
        "operations",
        f"component:{component}",
        Severity.GOOD if status == "pass" else Severity.CRITICAL,
        _("{component} is {status}", component=component, status=status),
        NOW,
        {"component": component, "status": status, "critical": critical},
    )


async def only(world: World) -> str:
    (known,) = await world.incidents()
    return known.id


async def test_a_critical_alert_opens_an_incident_in_the_same_transaction(world: World) -> None:
    store = world.deck.services.store
    with pytest.raises(RuntimeError, match="undone"):
        async with store.writing() as transaction:
            await transaction.emit(alert())
            raise RuntimeError("undone")
    assert await world.incidents() == []
    await world.emit(alert(at=NOW - timedelta(minutes=2)))
    (known,) = await world.incidents()
    assert (known.id, known.title) == ("INC-2026-0001", "Harbour Office has no connection")
    assert (known.severity, known.rule, known.source) == (
        IncidentSeverity.CRITICAL,
        "alert-severity",
        Source.ALERT,
    )
    assert (known.detected_at, known.created_at) == (NOW - timedelta(minutes=2), NOW)
    assert await world.kinds() == ["opened"]


async def test_a_lesser_alert_opens_none(world: World) -> None:
    await world.emit(alert(severity=Severity.WARNING))
    assert await world.incidents() == []


async def test_an_alert_that_grows_critical_opens_one(world: World) -> None:
    await world.emit(alert(severity=Severity.WARNING))
    await world.emit(alert("alert.changed"))
    assert len(await world.incidents()) == 1


async def test_4_3_while_it_is_open_the_same_alert_only_adds_to_its_timeline(world: World) -> None:
    await world.emit(alert())
    await world.emit(alert(), alert())
    id_ = await only(world)
    assert [each.kind for each in await world.timeline(id_)] == ["created", "alert", "alert"]


async def test_4_3_after_its_resolution_the_same_alert_opens_a_new_one(world: World) -> None:
    await world.emit(alert())
    await world.run("incident ack", id="1")
    await world.run("incident resolve", id="1", note="restarted")
    await world.emit(alert())
    assert [each.id for each in await world.incidents()] == ["INC-2026-0001", "INC-2026-0002"]


async def test_alerts_about_two_things_are_two_incidents(world: World) -> None:
    await world.emit(alert(), alert(subject="location:L2"))
    assert len(await world.incidents()) == 2


async def test_an_alert_of_a_merged_incident_joins_the_one_it_became_part_of(world: World) -> None:
    await world.emit(alert(), alert(subject="location:L2"))
    await world.run("incident merge", id="1", into="2")
    await world.emit(alert())
    assert [each.status for each in await world.incidents()] == [Status.MERGED, Status.TRIGGERED]
    assert "alert" in [each.kind for each in await world.timeline("INC-2026-0002")]


async def test_4_7_recovery_mitigates_an_acknowledged_one_and_never_resolves_it(world: World) -> None:
    await world.emit(alert())
    await world.run("incident ack", id="1")
    await world.emit(alert("alert.resolved"))
    known = await world.incident(await only(world))
    assert (known.status, known.resolved_at) == (Status.MITIGATED, None)


async def test_4_7_recovery_of_one_that_nobody_has_in_hand_is_only_noted(world: World) -> None:
    await world.emit(alert())
    await world.emit(alert("alert.resolved"))
    known = await world.incident(await only(world))
    assert known.status is Status.TRIGGERED
    assert str((await world.timeline(known.id))[-1].text).startswith("The alert ended")


async def test_4_7_recovery_waits_for_the_last_of_its_alerts(world: World) -> None:
    await world.emit(alert(), alert(subject="location:L2"))
    await world.run("incident merge", id="2", into="1")
    await world.run("incident ack", id="1")
    await world.emit(alert("alert.resolved"))
    assert (await world.incident("INC-2026-0001")).status is Status.ACKNOWLEDGED
    await world.emit(alert("alert.resolved", subject="location:L2"))
    assert (await world.incident("INC-2026-0001")).status is Status.MITIGATED


async def test_the_settings_may_leave_recovery_at_a_note(tmp_path: Path) -> None:
    async with opened(tmp_path, {"INCIDENTS_RECOVERY": "note"}) as world:
        await world.emit(alert())
        await world.run("incident ack", id="1")
        await world.emit(alert("alert.resolved"))
        assert (await world.incident("INC-2026-0001")).status is Status.ACKNOWLEDGED


@pytest.mark.parametrize(("title", "status"), [("cosmetic", Status.RESOLVED), ("outage", Status.MITIGATED)])
async def test_4_7_the_settings_may_let_recovery_resolve_a_low_one(
    tmp_path: Path, title: str, status: Status
) -> None:
    async with opened(tmp_path, {"INCIDENTS_RECOVERY": "resolve"}) as world:
        await world.emit(alert(title=title))
        await world.run("incident ack", id="1")
        await world.emit(alert("alert.resolved", title=title))
        assert (await world.incident("INC-2026-0001")).status is status


async def test_4_7_a_performance_alert_becomes_an_incident_when_it_lasts_half_an_hour(world: World) -> None:
    slow = alert(rule="operations.api_latency", subject="operations", severity=Severity.WARNING, title="Slow")
    await world.emit(slow)
    world.pass_time(minutes=29)
    await world.look()
    assert await world.incidents() == []
    world.pass_time(minutes=1)
    await world.look()
    await world.look()
    (known,) = await world.incidents()
    assert (known.severity, known.rule) == (IncidentSeverity.MEDIUM, "component")
    assert known.detected_at == NOW


async def test_4_7_a_performance_alert_that_ends_before_becomes_none(world: World) -> None:
    about = {"rule": "operations.cpu", "subject": "operations", "severity": Severity.WARNING}
    await world.emit(alert(**about))  # type: ignore[arg-type]
    world.pass_time(minutes=20)
    await world.emit(alert("alert.resolved", **about))  # type: ignore[arg-type]
    world.pass_time(minutes=20)
    await world.look()
    assert await world.incidents() == []


async def test_a_failing_component_makes_its_incident_high_and_its_impact_critical(world: World) -> None:
    await world.emit(
        health("web_app", "fail"),
        alert(rule="health.component", subject="component:web_app", title="web_app"),
    )
    known = await world.incident(await only(world))
    assert (known.severity, known.rule) == (IncidentSeverity.HIGH, "critical-component")
    assert (known.components, known.impact, known.source) == (("web_app",), Impact.CRITICAL, Source.HEALTH)


async def test_health_of_its_components_is_in_its_timeline_and_in_its_impact(world: World) -> None:
    id_ = await world.acknowledged(components="web_app, uploads")
    await world.emit(health("web_app", "fail"))
    assert (await world.incident(id_)).impact is Impact.CRITICAL
    await world.emit(health("uploads", "pass"))
    assert (await world.incident(id_)).impact is Impact.MAJOR
    await world.emit(health("taara", "fail"))
    assert len([each for each in await world.timeline(id_) if each.kind == "alert"]) == 2
    await world.emit(health("web_app", "pass"))
    known = await world.incident(id_)
    assert (known.impact, known.status) == (Impact.NONE, Status.MITIGATED)


async def test_an_impact_that_a_person_set_stays(world: World) -> None:
    id_ = await world.acknowledged(components="web_app")
    await world.run("incident publish", id=id_, title="Slow", text="It is slow.", impact="minor")
    await world.emit(health("web_app", "fail"))
    assert (await world.incident(id_)).impact is Impact.MINOR


async def test_a_ticket_that_names_an_incident_is_linked_once(world: World) -> None:
    id_ = await world.open()
    ticket = Event(
        "ticket.opened",
        "tickets",
        "ticket:T-1",
        Severity.NOTICE,
        _("A ticket"),
        NOW,
        {"id": "T-1", "incident": id_},
    )
    await world.emit(ticket)
    await world.emit(ticket)
    assert (await world.incident(id_)).tickets == ("T-1",)


async def test_acknowledging_the_alert_acknowledges_its_incident(world: World) -> None:
    await world.emit(alert())
    world.pass_time(minutes=3)
    await world.emit(alert("alert.acknowledged", by="omar"))
    known = await world.incident(await only(world))
    assert (known.status, known.acknowledged_by) == (Status.ACKNOWLEDGED, "omar")


async def test_acknowledging_the_incident_says_which_alert_that_sees_to(world: World) -> None:
    await world.emit(alert())
    await world.run("incident ack", id="1")
    acknowledged = (await world.events())[-1].event
    assert acknowledged.kind == "incident.acknowledged"
    assert acknowledged.facts["alerts"] == "network.outage|location:L1"
    assert acknowledged.facts["by"] == "amina"


async def test_a_real_outage_becomes_an_alert_and_an_incident_in_one_transaction(world: World) -> None:
    outage = Event(
        "network.outage.began",
        "network",
        "location:L1",
        Severity.CRITICAL,
        _("Harbour Office has no connection"),
        NOW,
    )
    await world.emit(outage)
    (known,) = await world.incidents()
    assert known.dedup_key == "network.outage|location:L1"
    kinds = [each.event.kind for each in await world.events("")]
    assert kinds[:3] == ["network.outage.began", "alert.raised", "incident.opened"]
    await world.run("incident ack", id="1")
    assert "alert.acknowledged" in [each.event.kind for each in await world.events("alert.")]
    assert len(await world.incidents()) == 1


async def test_hostile_titles_are_made_safe(world: World) -> None:
    await world.emit(alert(title="\x1b[31mred\u202e and {broken} %s"))
    (known,) = await world.incidents()
    assert "\x1b" not in known.title
    assert "\u202e" not in known.title
