"""Events and time in, notices out, over a real store (reliability.md R2, R4, R8–R11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import NotFoundError, RefusedError
from core.event import Event
from core.message import _
from core.moment import FrozenClock
from core.notify.alerting.alert import AlertState, Withheld
from core.notify.alerting.by_hand import mute, resolve
from core.notify.alerting.clock import AlertClock
from core.notify.alerting.silence_rows import add_silence, end_silence
from core.notify.delivery.rows import OutboxState
from core.notify.notice import NoticeClass
from core.notify.rules import RuleBook
from core.notify.why import explain
from core.store.events import recent
from core.store.polls import Poll, record_poll
from core.store.series import SeriesKey, SeriesSamples, write_many
from core.store.store import Store
from core.units import Severity
from tests.notify.alerted import ANN, BEN, NOON, Alerted, happened, rule_book
from tests.notify.conftest import KEY


async def test_an_event_and_its_page_are_written_together(alerted: Alerted) -> None:
    await alerted.happen("site.down")
    assert await alerted.titles("ann") == ["site.down of site:a"]
    assert [row.wording.reason.id for row in await alerted.rows("ann")] == ["Rule “{rule}”: {about}."]


async def test_r2_what_rolled_back_tells_nobody(alerted: Alerted) -> None:
    with pytest.raises(ZeroDivisionError):
        async with alerted.store.writing() as transaction:
            await transaction.emit(happened("site.down", "site:a", NOON))
            raise ZeroDivisionError
    assert await alerted.rows("ann") == []
    assert await alerted.open() == []


async def test_r4_the_same_event_is_told_once(alerted: Alerted) -> None:
    await alerted.happen("site.down")
    await alerted.happen("site.down")
    assert len(await alerted.rows("ann")) == 1
    (alert,) = await alerted.open()
    assert alert.count == 2


async def test_the_end_is_told_to_those_who_heard_of_the_beginning_alone(alerted: Alerted) -> None:
    await alerted.happen("site.down")
    await alerted.happen("site.up")
    assert await alerted.titles("ann") == ["site.down of site:a", "Over: site.down of site:a"]
    assert await alerted.titles("ben") == []


async def test_what_was_stopped_before_it_went_out_has_no_end_to_be_told(alerted: Alerted) -> None:
    await alerted.happen("site.down")
    await alerted.acknowledge(1)
    await alerted.happen("site.up")
    assert await alerted.titles("ann") == ["site.down of site:a"]


async def test_nobody_acknowledges_so_it_is_escalated_and_repeated(alerted: Alerted) -> None:
    await alerted.happen("site.down")
    await alerted.wait(16)
    assert len(await alerted.titles("ben")) == 1
    assert str((await alerted.titles("ben"))[0]).startswith("Escalated")
    await alerted.wait(60)
    assert (await alerted.titles("ann"))[-1] == "Still: site.down of site:a"


async def test_r9_an_acknowledgement_stops_pending_and_future_pages(alerted: Alerted) -> None:
    await alerted.happen("site.down")
    alert = await alerted.acknowledge(1, "ben")
    (row,) = await alerted.rows("ann")
    assert row.state is OutboxState.WITHDRAWN
    assert str(row.error_text) == "ben acknowledged it."
    assert alert.lapse_at == NOON + timedelta(minutes=30)
    await alerted.wait(29)
    assert len(await alerted.rows("ann")) == 1
    await alerted.wait(2)
    assert (await alerted.titles("ann"))[-1] == "Acknowledged and still so: site.down of site:a"


async def test_r9_an_event_acknowledges_too(store: Store, clock: FrozenClock) -> None:
    text = """
        [[rule]]
        name = "incident.open"
        about = "An incident"
        events = ["incident.opened"]
        ended_by = ["incident.resolved"]
        acknowledged_by = ["incident.acknowledged"]
        to = ["on call"]
    """
    alerted = Alerted.on(store, clock, rule_book(text))
    await alerted.happen("incident.opened", "incident:INC-1")
    await alerted.happen("incident.acknowledged", "incident:INC-1", by="ann")
    (alert,) = await alerted.open()
    assert (alert.state, alert.acknowledged_by) == (AlertState.ACKNOWLEDGED, "ann")
    assert [row.state for row in await alerted.rows("console")] == [OutboxState.WITHDRAWN]


async def test_an_alert_that_is_over_or_unknown_cannot_be_acknowledged(alerted: Alerted) -> None:
    await alerted.happen("site.down")
    await alerted.happen("site.up")
    with pytest.raises(RefusedError):
        await alerted.acknowledge(1)
    with pytest.raises(NotFoundError):
        await alerted.acknowledge(17)


async def test_r10_children_of_what_is_down_are_unknown_and_one_page_lists_them(alerted: Alerted) -> None:
    async with alerted.store.writing() as transaction:
        await transaction.emit(
            happened("pod.down", "site:a", NOON, pod="p1"),
            happened("pod.down", "site:a", NOON, pod="p2"),
            happened("site.down", "site:a", NOON),
        )
    (row,) = await alerted.rows("ann")
    assert "pod.down of site:a" in [str(line) for line in row.wording.lines]
    assert [each.state for each in await alerted.open()] == [
        AlertState.UNKNOWN,
        AlertState.UNKNOWN,
        AlertState.ACTIVE,
    ]


async def test_r10_holds_across_a_restart(alerted: Alerted, clock: FrozenClock, tmp_path: Path) -> None:
    await alerted.happen("site.down")
    reopened = await Store.open(f"sqlite:///{tmp_path / 'alerts.db'}", clock=clock, audit_key=KEY)
    again = Alerted.on(reopened, clock)
    await again.happen("pod.down", "site:a", pod="p1")
    await again.wait(10)
    assert await again.titles("ann") == ["site.down of site:a"]
    await reopened.close()


async def test_a_child_still_down_after_its_parent_is_told_after_a_while(alerted: Alerted) -> None:
    await alerted.happen("site.down")
    await alerted.happen("pod.down", "site:a", pod="p1")
    await alerted.happen("site.up")
    await alerted.wait(4)
    assert len(await alerted.rows("ann")) == 2
    await alerted.wait(2)
    assert (await alerted.titles("ann"))[-1] == "pod.down of site:a"


async def test_r11_our_own_outage_is_not_theirs(alerted: Alerted) -> None:
    async def polled(good: bool) -> None:
        async with alerted.store.writing() as transaction:
            for source in ("plume", "taara"):
                await record_poll(transaction, Poll(source, "", alerted.clock.now(), good))

    await polled(good=True)
    alerted.clock.advance(60)
    await polled(good=False)
    await alerted.happen("source.stale", "source:plume")
    await alerted.wait(20)
    assert await alerted.rows("ann") == []
    assert (await alerted.open())[0].withheld is Withheld.BLIND
    await polled(good=True)
    await alerted.happen("source.fresh", "source:plume")
    await alerted.wait(10)
    assert await alerted.rows("ann") == []
    async with alerted.store.reading() as connection:
        told = await recent(connection, at=alerted.store.present(), kinds=["alerts.blind.ended"])
    assert len(told) == 1


async def test_r8_a_silence_keeps_quiet_and_what_outlasts_it_is_told(alerted: Alerted) -> None:
    async with alerted.store.writing() as transaction:
        await add_silence(
            transaction,
            {"subject": "site:*"},
            reason="moving house",
            author="ann",
            starts_at=NOON,
            ends_at=NOON + timedelta(minutes=10),
        )
    await alerted.happen("site.down")
    await alerted.wait(9)
    assert await alerted.rows("ann") == []
    await alerted.wait(2)
    assert await alerted.titles("ann") == ["site.down of site:a"]


async def test_r8_an_end_under_a_silence_is_silent(alerted: Alerted) -> None:
    await alerted.happen("site.down")
    async with alerted.store.writing() as transaction:
        silence = await mute(
            transaction, alerted.rules, 1, who="ann", reason="known", until=NOON + timedelta(hours=1)
        )
    await alerted.happen("site.up")
    async with alerted.store.writing() as transaction:
        await end_silence(transaction, silence.id, alerted.clock.now())
    await alerted.wait(10)
    assert await alerted.titles("ann") == ["site.down of site:a"]
    assert await alerted.open() == []


async def test_an_alert_resolved_by_hand_is_raised_anew_when_it_is_still_so(alerted: Alerted) -> None:
    await alerted.happen("site.down")
    async with alerted.store.writing() as transaction:
        await resolve(transaction, alerted.rules, 1, "ann", alerted.clock.now())
    await alerted.happen("site.down")
    assert [alert.id for alert in await alerted.open()] == [2]


async def test_a_figure_must_hold_and_must_clear_for_as_long(alerted: Alerted) -> None:
    async def measured(value: float, minutes: int) -> None:
        for _minute in range(minutes):
            alerted.clock.advance(60)
            second = int(alerted.clock.now().timestamp())
            async with alerted.store.writing() as transaction:
                key = SeriesKey("operations", "host", "cpu")
                await write_many(transaction, [SeriesSamples(key, [(second, value)], 60)])
            await AlertClock(alerted.store, alerted.rules).run()

    await measured(90, 9)
    assert await alerted.rows("ann") == []
    await measured(90, 3)
    assert await alerted.titles("ann") == ["The processor is busy: host is at 90"]
    await measured(82, 12)  # below the line, but not by five percent of it
    assert len(await alerted.open()) == 1
    await measured(70, 12)
    assert await alerted.open() == []
    assert (await alerted.titles("ann"))[-1].startswith("Over: ")


async def test_r22_a_clock_set_forward_escalates_nothing(alerted: Alerted) -> None:
    await alerted.happen("site.down")
    job = AlertClock(alerted.store, alerted.rules)
    await job.run()
    alerted.clock.step(86_400)
    await job.run()
    assert len(await alerted.rows("ann")) == 1
    assert await alerted.rows("ben") == []


async def test_alerts_are_events_that_other_areas_may_react_to(alerted: Alerted) -> None:
    await alerted.happen("site.down")
    await alerted.acknowledge(1)
    await alerted.happen("site.up")
    async with alerted.store.reading() as connection:
        found = await recent(connection, at=alerted.store.present())
    told = [each.event for each in reversed(found) if each.event.area == "alerts"]
    assert [event.kind for event in told] == ["alert.raised", "alert.acknowledged", "alert.resolved"]
    assert told[0].facts["rule"] == "site.down"
    assert told[0].facts["subject"] == "site:a"
    assert told[0].facts["severity"] == "critical"


async def test_a_maintenance_window_keeps_its_components_quiet(store: Store, clock: FrozenClock) -> None:
    text = """
        [[rule]]
        name = "health"
        about = "A component is not well"
        events = ["health.changed"]
        when = { status = ["fail"] }
        ended_when = { status = "pass" }
        subject = "component:{component}"
        to = ["on call"]
    """
    alerted = Alerted.on(store, clock, rule_book(text))
    ends = (NOON + timedelta(hours=2)).isoformat()
    await alerted.happen("maintenance.started", "maintenance:1", id="1", components="web, api", ends_at=ends)
    await alerted.happen("health.changed", "component:web", component="web", status="fail")
    assert await alerted.rows("console") == []
    await alerted.happen("maintenance.ended", "maintenance:1", id="1", components="web, api", ends_at=ends)
    await alerted.wait(1)
    assert await alerted.titles("console") == ["health.changed of component:web"]


HEALTH = """
[[rule]]
name = "health"
about = "A component is not well"
events = ["health.changed"]
when = { status = ["fail"] }
ended_when = { status = "pass" }
subject = "component:{component}"
to = ["on call"]

[[rule]]
name = "intrusion"
about = "Somebody got in"
events = ["component.broken_into"]
ended_by = ["component.closed"]
to = ["on call"]
security = true
"""


async def window(alerted: Alerted, kind: str, hours: int, **facts: str) -> None:
    """Something happens to a window of the component `shop`, for which the check `web` speaks."""
    ends = (NOON + timedelta(hours=hours)).isoformat()
    await alerted.happen(
        kind, "maintenance:1", id="1", components="shop", checks="web", ends_at=ends, **facts
    )


@pytest.mark.parametrize("over", ["maintenance.ended", "maintenance.cancelled"])
async def test_a_window_mutes_the_checks_of_its_components_until_it_is_over(
    store: Store, clock: FrozenClock, over: str
) -> None:
    alerted = Alerted.on(store, clock, rule_book(HEALTH))
    await window(alerted, "maintenance.started", 2)
    await alerted.happen("health.changed", "component:web", component="web", status="fail")
    await alerted.wait(1)
    assert await alerted.rows("console") == []
    await window(alerted, over, 2)
    await alerted.wait(1)
    assert await alerted.titles("console") == ["health.changed of component:web"]


async def test_a_window_with_a_later_end_mutes_until_then_and_an_overrun_one_no_longer(
    store: Store, clock: FrozenClock
) -> None:
    alerted = Alerted.on(store, clock, rule_book(HEALTH))
    await window(alerted, "maintenance.started", 1)
    await window(alerted, "maintenance.announced", 3, what="extended")
    clock.advance(2 * 3_600)
    await alerted.happen("health.changed", "component:web", component="web", status="fail")
    await alerted.wait(1)
    assert await alerted.rows("console") == []
    clock.advance(3_600)
    await alerted.wait(1)
    assert await alerted.titles("console") == ["health.changed of component:web"]


async def test_a_window_that_has_not_begun_mutes_nothing(store: Store, clock: FrozenClock) -> None:
    alerted = Alerted.on(store, clock, rule_book(HEALTH))
    await window(alerted, "maintenance.announced", 3, what="created")
    await window(alerted, "maintenance.announced", 4, what="extended")
    await alerted.happen("health.changed", "component:web", component="web", status="fail")
    assert await alerted.titles("console") == ["health.changed of component:web"]


async def test_security_is_told_during_maintenance_but_not_under_a_silence_of_a_person(
    store: Store, clock: FrozenClock
) -> None:
    alerted = Alerted.on(store, clock, rule_book(HEALTH))
    await window(alerted, "maintenance.started", 2)
    await alerted.happen("component.broken_into", "component:web")
    assert await alerted.titles("console") == ["component.broken_into of component:web"]
    async with alerted.store.writing() as transaction:
        await add_silence(
            transaction,
            {"rule": "intrusion"},
            reason="a drill",
            author="ann",
            starts_at=clock.now(),
            ends_at=clock.now() + timedelta(hours=1),
        )
    await alerted.happen("component.broken_into", "component:shop")
    assert len(await alerted.rows("console")) == 1


async def test_notices_are_worth_delivering_for_as_long_as_the_settings_say(
    store: Store, clock: FrozenClock
) -> None:
    rules = RuleBook(rule_book(), expiries={each: timedelta(hours=30) for each in NoticeClass})
    alerted = Alerted.on(store, clock, rules)
    await alerted.happen("site.down")
    (row,) = await alerted.rows("console")
    assert row.expires == NOON + timedelta(hours=30)


ASSIGNED = """
[[rule]]
name = "late"
about = "A ticket is late"
events = ["ticket.late"]
group = "{rule}"
class = "normal"
to = ["supervisors"]
person = "{assignee}"
otherwise = ["on call"]
"""


@pytest.mark.parametrize(
    ("assignee", "told"), [("cleo", {"cleo", "ben"}), ("", {"ann", "ben"}), ("nobody", {"ann", "ben"})]
)
async def test_who_is_assigned_is_told_and_those_on_call_where_nobody_is(
    store: Store, clock: FrozenClock, assignee: str, told: set[str]
) -> None:
    alerted = Alerted.on(store, clock, rule_book(ASSIGNED))
    cleo = replace(ANN, name="cleo", groups=frozenset())
    await alerted.people(ANN, BEN, cleo)
    await alerted.happen("ticket.late", "ticket:1", assignee=assignee)
    assert {name for name in ("ann", "ben", "cleo") if await alerted.rows(name)} == told


async def test_news_of_one_group_in_one_transaction_are_one_digest_for_each_person(
    store: Store, clock: FrozenClock
) -> None:
    alerted = Alerted.on(store, clock, rule_book(ASSIGNED))
    await alerted.people(ANN, BEN, replace(ANN, name="cleo", groups=frozenset()))
    async with alerted.store.writing() as transaction:
        for number in range(8):
            assignee = "cleo" if number < 6 else ""
            event = happened("ticket.late", f"ticket:{number}", NOON, Severity.WARNING, assignee=assignee)
            await transaction.emit(event)
    (digest,) = await alerted.rows("cleo")
    assert len(digest.wording.lines) == 6
    assert len(await alerted.rows("ann")) == 1
    async with alerted.store.reading() as connection:
        (story,) = (await explain(connection, "ticket:3", alerted.store.present())).notices
    assert story.of("cleo", "email") is not None
    assert story.of("ann", "email") is None


async def test_events_that_cause_one_another_without_end_break_the_transaction(
    store: Store, clock: FrozenClock
) -> None:
    async def again(transaction, events) -> None:
        await transaction.emit(happened("again", "x", NOON))

    with pytest.raises(RuntimeError, match="again"):
        async with store.reacting(again).writing() as transaction:
            await transaction.emit(Event("again", "test", "x", Severity.NOTICE, _("x"), NOON))
    assert (await store.change_mark()).event == 0
