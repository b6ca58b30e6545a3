"""What would this have sent? The past played through rules, without writing anything."""

from __future__ import annotations

from datetime import timedelta

from core.moment import Window
from core.notify.replay import Replayed, replay
from core.notify.rules import RuleBook
from core.store.series import SeriesKey, SeriesSamples, write_many
from tests.notify.alerted import NOON, RULES, Alerted, rule_book


async def played(alerted: Alerted, rules: RuleBook) -> Replayed:
    now = alerted.store.present()
    async with alerted.store.reading() as connection:
        return await replay(connection, rules, Window(NOON - timedelta(days=30), now), now)


async def test_a_replay_by_the_same_rules_says_what_was_sent(alerted: Alerted) -> None:
    await alerted.happen("site.down")
    await alerted.wait(20)
    await alerted.acknowledge(1)
    await alerted.wait(5)
    await alerted.happen("site.up")
    await alerted.wait(1)
    before = await alerted.store.change_mark()
    again = await played(alerted, alerted.rules)
    told = [str(each.composed.notice.title) for each in again.notices]
    assert told == [
        "site.down of site:a",
        "Escalated, nobody has acknowledged it: site.down of site:a",
        "Over: site.down of site:a",
    ]
    assert await alerted.store.change_mark() == before


async def test_a_replay_by_other_rules_says_what_they_would_have_sent(alerted: Alerted) -> None:
    await alerted.happen("site.down")
    await alerted.wait(2)
    await alerted.happen("site.up")
    patient = rule_book(RULES.replace('to = ["on call"]\nrepeat', 'for = "5m"\nto = ["on call"]\nrepeat'))
    assert (await played(alerted, patient)).notices == ()


async def test_figures_are_played_too(alerted: Alerted) -> None:
    start = int(NOON.timestamp())
    async with alerted.store.writing() as transaction:
        key = SeriesKey("operations", "host", "cpu")
        values = [(start + 60 * minute, 97.0) for minute in range(15)]
        await write_many(transaction, [SeriesSamples(key, values, 60)])
    alerted.clock.advance(3_600)
    (sent,) = (await played(alerted, alerted.rules)).notices
    assert sent.at == NOON + timedelta(minutes=10)
