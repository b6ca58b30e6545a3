"""The collector against a simulated Taara over real HTTP: its rhythm, its guards, and no login storm."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.areas.usage.collection import collect
from core.areas.usage.collection.collect import Collector
from core.areas.usage.store import reading
from core.errors import RefusedError, SignInError
from core.moment import Window
from core.page import Freshness
from tests.areas.usage.collecting import INTERVAL, START, Collecting, opened

HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Collecting]:
    async with opened(tmp_path) as world:
        yield world


async def test_setting_up_reads_the_plans_at_once_and_signs_out(world: Collecting) -> None:
    page = await world.setup()
    assert "2 plans found" in world.text(page)
    assert world.simulator.calls() == ["login", "bundle", "logout"]
    assert world.simulator.open_sessions("contract") == 0
    counts = await world.counts()
    assert (counts["usage_poll"], counts["data_usage_records"], counts["api_logs"]) == (1, 2, 3)
    assert "412.7 GB" in world.text(await world.run("usage", account="home"))


async def test_access_that_does_not_work_is_not_kept(world: Collecting) -> None:
    with pytest.raises(SignInError):
        await world.setup(passcode="999999")
    assert (await world.counts())["api_logs"] == 0
    await world.ticks(INTERVAL)
    assert world.simulator.calls() == ["login"]


async def test_polls_come_in_a_fixed_phase(world: Collecting) -> None:
    await world.setup()
    await world.ticks(timedelta(hours=2, minutes=1))
    async with world.deck.services.store.reading() as connection:
        found = await reading.readings(
            connection,
            "home",
            "aaaaaaaaaaaaaaaaaaaaaa01",
            Window.last(INTERVAL * 9, world.clock.now()),
            world.clock.now(),
        )
    late = [(each.at - START) % INTERVAL for each in found]
    assert len(found) == 1 + 8
    assert all(each < timedelta(seconds=75) for each in late)


async def test_a_restart_keeps_the_phase(world: Collecting) -> None:
    await world.setup()
    await world.ticks(INTERVAL / 3)
    world.restart()
    await world.ticks(INTERVAL / 3)
    assert world.simulator.calls().count("login") == 1
    await world.ticks(INTERVAL / 2)
    assert world.simulator.calls().count("login") == 2


async def test_a_refused_login_is_not_repeated_by_itself_nor_after_a_restart(world: Collecting) -> None:
    await world.setup()
    world.simulator.lock("contract")
    await world.ticks(INTERVAL * 2)
    refused = world.simulator.calls().count("login")
    assert refused == 2
    await world.ticks(INTERVAL * 8, 60)
    world.restart()
    await world.ticks(INTERVAL * 2, 60)
    assert world.simulator.calls().count("login") == refused
    state = await world.state()
    assert state.reason is not None
    assert state.next_try is None
    assert await world.events() == ["usage.login_refused"]


async def test_after_a_refused_login_a_person_may_ask_and_then_it_goes_on(world: Collecting) -> None:
    await world.setup()
    world.simulator.lock("contract")
    await world.ticks(INTERVAL * 2 + timedelta(minutes=1))
    with pytest.raises(SignInError):
        await world.run("collect")
    world.simulator.unlock("contract")
    world.clock.advance(60)
    await world.run("collect")
    assert (await world.state()).reason is None
    logins = world.simulator.calls().count("login")
    await world.ticks(INTERVAL * 2)
    assert world.simulator.calls().count("login") == logins + 2
    assert await world.events() == ["usage.login_refused", "usage.login_refused.recovered"]


async def test_other_credentials_lift_the_refusal(world: Collecting) -> None:
    await world.setup()
    world.simulator.lock("contract")
    await world.ticks(INTERVAL * 2)
    world.simulator.unlock("contract")
    await world.setup()
    await world.ticks(INTERVAL * 2)
    assert (await world.state()).freshness is Freshness.LIVE
    assert world.simulator.calls().count("bundle") >= 3


async def test_three_failures_widen_the_rhythm_and_say_stale_once(world: Collecting) -> None:
    await world.setup()
    world.simulator.faults.add("bundle", "html", None)
    await world.ticks(INTERVAL * 3 + timedelta(minutes=1))
    assert world.simulator.calls().count("bundle") == 1 + 3
    await world.ticks(timedelta(hours=2))
    assert world.simulator.calls().count("bundle") == 1 + 3 + 4
    assert await world.events() == ["usage.stale"]
    counts = await world.counts()
    assert counts["usage_poll"] == 1
    assert counts["api_logs"] == 3 * (1 + 3 + 4)
    world.simulator.faults.clear()
    await world.ticks(timedelta(minutes=31))
    assert await world.events() == ["usage.stale", "usage.stale.recovered"]


async def test_a_rate_limit_is_waited_for(world: Collecting) -> None:
    await world.setup()
    world.simulator.faults.add("login", "429", None, retry_after=3_600)
    await world.ticks(INTERVAL + timedelta(minutes=1))
    asked = world.simulator.calls().count("login")
    world.simulator.faults.clear()
    await world.ticks(timedelta(minutes=55))
    assert world.simulator.calls().count("login") == asked
    await world.ticks(INTERVAL + timedelta(minutes=6))
    assert world.simulator.calls().count("login") == asked + 1


async def test_two_collections_at_once_are_one(world: Collecting) -> None:
    await world.setup()
    world.clock.advance(60)
    collectors = [Collector(world.deck.services) for _number in range(3)]
    results = await asyncio.gather(
        *(each.collect(everything=True) for each in collectors), return_exceptions=True
    )
    assert world.simulator.calls().count("login") == 2
    assert sorted(isinstance(each, RefusedError) for each in results) == [False, True, True]


async def test_people_may_ask_five_times_a_minute(world: Collecting) -> None:
    await world.setup()
    logins = world.simulator.calls().count("login")
    refusals: list[str] = []
    for _second in range(60):
        world.clock.advance(1)
        try:
            await world.run("collect")
        except RefusedError as error:
            refusals.append(str(error))
    assert world.simulator.calls().count("login") - logins in (5, 6)
    assert all("Ask about home again in" in refusal for refusal in refusals)


async def test_a_collection_that_is_stopped_leaves_nothing_and_frees_the_account(
    world: Collecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cancelled after Taara answered, in the midst of the transaction that writes it down."""
    await world.setup()
    before = await world.counts()
    reached = asyncio.Event()
    record = collect.record_success

    async def never_ending(*arguments: object) -> None:
        await record(*arguments)  # type: ignore[arg-type]
        reached.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(collect, "record_success", never_ending)
    world.clock.advance(60)
    task = asyncio.create_task(Collector(world.deck.services).collect(everything=True))
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await world.counts() == before
    monkeypatch.undo()
    world.clock.advance(60)
    await world.run("collect")
    assert (await world.counts())["usage_poll"] == before["usage_poll"] + 1


async def test_a_fault_of_ours_is_that_polls_failure_only(
    world: Collecting, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.setup()

    async def broken(*_arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(collect, "record_success", broken)
    await world.ticks(INTERVAL * 1.5)
    state = await world.state()
    assert "fault" in str(state.reason)
    monkeypatch.undo()
    await world.ticks(INTERVAL)
    assert (await world.state()).reason is None


async def test_accounts_are_asked_in_turn_and_fail_by_themselves(tmp_path: Path) -> None:
    async with opened(tmp_path, "vectors") as world:
        names = [account.name for account in world.simulator.accounts[:3]]
        for name in names:
            await world.setup(name, name)
            world.clock.advance(1)
        world.simulator.lock(names[1])
        await world.ticks(INTERVAL * 1.2)
        states = [await world.state(name) for name in names]
        assert [state.reason is None for state in states] == [True, False, True]
        page = await world.run("collect")
        assert "IN PART" in world.text(page).upper()


async def test_the_settings_account_is_watched_without_setting_up(tmp_path: Path) -> None:
    access = {
        "TAARA_PHONE_NUMBER": "700000000",
        "TAARA_PASSCODE": "000000",
        "TAARA_PARTNER_ID": "111111111",
        "TAARA_HOTSPOT_ID": "222222222",
    }
    async with opened(tmp_path, settings=access) as world:
        await world.ticks(timedelta(minutes=1))
        assert "412.7 GB" in world.text(await world.run("usage", account="default"))


async def test_nothing_secret_is_stored(world: Collecting) -> None:
    await world.setup()
    world.simulator.faults.add("bundle", "500", 1)
    await world.ticks(INTERVAL * 2)
    own = world.simulator.account("contract")
    path = world.deck.services.store.path
    assert path is not None
    stored = b"".join(each.read_bytes() for each in path.parent.glob(path.name + "*"))
    for secret in (own.partner_id, own.hotspot_id, own.phone, own.subscriber_id, "Demo Hill"):
        assert secret.encode() not in stored
