"""R30: `why` answers from what was stored when it was decided; ten recorded cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from core.message import _
from core.notify.alerting.alert import AlertState, Withheld
from core.notify.alerting.by_hand import mute
from core.notify.delivery.rows import OutboxState
from core.notify.outbox import withdraw
from core.notify.people.person import Subscription
from core.notify.people.quiet_hours import read_quiet
from core.notify.people.routes import Decision, Outcome
from core.notify.people.rows import forget_person
from core.notify.why import Explanation, explain
from core.units import Severity
from tests.notify.alerted import ANN, BEN, NOON, Alerted, happened


async def why(alerted: Alerted, about: str, minutes: float | None = None) -> Explanation:
    """The explanation at present, or as it was known so many minutes after noon."""
    moment = alerted.store.present() if minutes is None else NOON + timedelta(minutes=minutes)
    async with alerted.store.reading() as connection:
        return await explain(connection, about, moment)


def decided(found: Explanation, person: str, notice: int = -1) -> Decision:
    """What was decided for somebody about one of the notices, the newest first."""
    return next(each for each in found.notices[notice].notice.decisions if each.person == person)


async def test_r30_1_told_as_one_of_a_group(alerted: Alerted) -> None:
    await alerted.happen("site.down")
    told = decided(await why(alerted, "site:a"), "ann")
    assert (told.outcome, str(told.reason)) == (Outcome.TOLD, "In the group on call.")


async def test_a_clock_that_goes_on_within_a_transaction_hides_no_notice(alerted: Alerted) -> None:
    async with alerted.store.writing() as transaction:
        await transaction.emit(happened("site.down", "site:a", NOON))
        alerted.clock.advance(0.5)  # any real clock does
    assert len((await why(alerted, "1")).notices) == 1
    await alerted.happen("site.up")
    assert len(await alerted.titles("ann")) == 2


async def test_r30_2_not_told_for_it_concerns_others(alerted: Alerted) -> None:
    await alerted.happen("site.down")
    told = decided(await why(alerted, "1"), "ben")
    assert (told.outcome, str(told.reason)) == (
        Outcome.NOT_CONCERNED,
        "In none of the groups that are told, and not subscribed.",
    )


async def test_r30_3_held_by_quiet_hours(alerted: Alerted) -> None:
    quiet = read_quiet("11:00-14:00", ZoneInfo("UTC"))
    await alerted.people(
        replace(BEN, quiet=quiet, subscriptions=(Subscription(kind="video", severity=Severity.NOTICE),))
    )
    await alerted.happen("video.done", "video:7")
    (found,) = (await why(alerted, "event:1:video")).notices
    told = next(each for each in found.notice.decisions if each.person == "ben")
    assert (told.outcome, told.not_before) == (Outcome.HELD, NOON + timedelta(hours=2))


async def test_r30_4_unsubscribed(alerted: Alerted) -> None:
    await alerted.people(replace(BEN, subscriptions=(Subscription(area="test", severity=None),)))
    await alerted.happen("video.done", "video:7")
    told = decided(await why(alerted, "event:1:video"), "ben")
    assert (told.outcome, str(told.reason)) == (Outcome.MUTED, "They unsubscribed from test.")


async def test_r30_5_nowhere_to_reach_them(alerted: Alerted) -> None:
    await alerted.people(replace(ANN, addresses=()))
    await alerted.happen("site.down")
    assert decided(await why(alerted, "1"), "ann").outcome is Outcome.NO_ADDRESS


async def test_r30_6_nobody_for_a_silence_kept_it_quiet(alerted: Alerted) -> None:
    await alerted.happen("site.down")
    async with alerted.store.writing() as transaction:
        await mute(transaction, alerted.rules, 1, who="ben", reason="x", until=NOON + timedelta(hours=1))
    await alerted.happen("site.up")
    await alerted.happen("site.down")
    found = await why(alerted, "2")
    assert found.notices == ()
    assert found.alerts[0].alert.withheld is Withheld.SILENCE


async def test_r30_7_nobody_for_its_parent_explains_it(alerted: Alerted) -> None:
    await alerted.happen("site.down")
    await alerted.happen("pod.down", pod="p1")
    found = await why(alerted, "pod:p1")
    (story,) = found.alerts
    assert (story.alert.state, story.alert.withheld_by) == (AlertState.UNKNOWN, "site.down|site:a")
    assert found.notices == ()


async def test_r30_8_stopped_for_somebody_saw_to_it(alerted: Alerted) -> None:
    await alerted.happen("site.down")
    await alerted.acknowledge(1, "ben")
    story = (await why(alerted, "1")).notices[-1]
    delivery = story.of("ann", "email")
    assert delivery is not None
    assert (delivery.state, str(delivery.reason)) == (OutboxState.WITHDRAWN, "ben acknowledged it.")


async def test_r30_9_as_it_was_known_before_it_was_stopped(alerted: Alerted) -> None:
    await alerted.happen("site.down")
    await alerted.wait(2)
    async with alerted.store.writing() as transaction:
        await withdraw(transaction, "alert:site.down:site:a", _("enough"))
        await forget_person(transaction, "ann")
    then = await why(alerted, "1", minutes=1)
    delivery = then.notices[0].of("ann", "email")
    assert delivery is not None
    assert delivery.state is OutboxState.PENDING
    assert decided(then, "ann").outcome is Outcome.TOLD
    assert (await why(alerted, "1", minutes=-1)).found is False


async def test_r30_10_nobody_for_no_rule_is_about_it(alerted: Alerted) -> None:
    await alerted.happen("lamp.on", "lamp:1")
    found = await why(alerted, "lamp:1")
    assert (found.alerts, found.notices) == ((), ())
    assert [each.event.kind for each in found.events] == ["lamp.on"]
