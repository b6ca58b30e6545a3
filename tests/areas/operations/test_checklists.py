"""Checklists: their periods, what may be done to them, what is told, and how well they are kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from core.areas.operations.configuration.checklists import load_checklists, read_checklists
from core.areas.operations.model_checklists import (
    ChecklistRun,
    ChecklistTemplate,
    DueDay,
    ItemState,
    Period,
    RunState,
    TemplateItem,
)
from core.areas.operations.rules.checklist_periods import last_business_day, period_of
from core.areas.operations.rules.checklists import begin, completion, on_time, settle, state_of, untick
from core.areas.operations.store.checklists import runs
from core.command import Invocation
from core.errors import InputError, NotFoundError, RefusedError, SettingsError
from core.moment import from_epoch
from core.page import Checklist
from core.principal import Principal, Role
from core.store.metadata import to_microseconds
from core.store.schedule import JOB_RUN

from .routine import NOW, OPERATOR, World, cells, opened, words

UTC_ZONE = ZoneInfo("UTC")
NAIROBI = ZoneInfo("Africa/Nairobi")


def template(period: Period = Period.DAILY, **more: object) -> ChecklistTemplate:
    fields: dict[str, object] = {
        "id": "list",
        "name": "List",
        "period": period,
        "slot": "am",
        "due_on": DueDay.SAME_DAY,
        "due_at": time(9),
        "zone": UTC_ZONE,
        "items": (TemplateItem("a", "A"), TemplateItem("b", "B"), TemplateItem("c", "C")),
        "version": "1",
    }
    return ChecklistTemplate(**(fields | more))  # type: ignore[arg-type]


def run_of(made: ChecklistTemplate, moment: datetime = NOW) -> ChecklistRun:
    run = begin(made, period_of(made, moment))
    assert run is not None
    return run


def done(run: ChecklistRun, item: str, now: datetime = NOW) -> ChecklistRun:
    return settle(run, item, ItemState.DONE, by="amina", now=now)


# Periods


def test_vector_period_keys_of_a_day_a_week_and_a_month() -> None:
    weekly = template(Period.WEEKLY, slot="review", due_on=DueDay.FRIDAY, due_at=None)
    monthly = template(Period.MONTHLY, slot="", due_on=DueDay.LAST_BUSINESS_DAY, due_at=None)
    assert period_of(template(), NOW).key == "2026-01-22/am"
    assert period_of(weekly, NOW).key == "2026-W04/review"
    assert period_of(monthly, NOW).key == "2026-01"


def test_vector_the_week_of_new_year_belongs_to_the_year_iso_says() -> None:
    weekly = template(Period.WEEKLY, slot="review", due_on=DueDay.FRIDAY)
    assert period_of(weekly, datetime(2027, 1, 2, tzinfo=UTC)).key == "2026-W53/review"


def test_vector_the_weekly_review_is_due_at_the_end_of_friday() -> None:
    weekly = template(Period.WEEKLY, due_on=DueDay.FRIDAY, due_at=None)
    assert period_of(weekly, NOW).due_at == datetime(2026, 1, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "after", "last"),
    [
        (date(2026, 1, 1), date(2026, 2, 1), date(2026, 1, 30)),  # ends on a Saturday
        (date(2026, 5, 1), date(2026, 6, 1), date(2026, 5, 29)),  # ends on a Sunday
        (date(2026, 3, 1), date(2026, 4, 1), date(2026, 3, 31)),  # ends on a Tuesday
    ],
)
def test_vector_the_last_business_day_of_a_month(first: date, after: date, last: date) -> None:
    assert last_business_day(first, after) == last


def test_vector_periods_begin_and_are_due_by_the_local_clock_of_the_templates_zone() -> None:
    span = period_of(template(zone=NAIROBI), datetime(2026, 1, 21, 22, 0, tzinfo=UTC))
    assert span.key == "2026-01-22/am"
    assert span.starts_at == datetime(2026, 1, 21, 21, 0, tzinfo=UTC)
    assert span.due_at == datetime(2026, 1, 22, 6, 0, tzinfo=UTC)


def test_a_day_on_which_clocks_change_is_shorter_or_longer() -> None:
    berlin = template(zone=ZoneInfo("Europe/Berlin"))
    spring = period_of(berlin, datetime(2026, 3, 29, 12, 0, tzinfo=UTC))
    autumn = period_of(berlin, datetime(2026, 10, 25, 12, 0, tzinfo=UTC))
    assert spring.ends_at - spring.starts_at == timedelta(hours=23)
    assert autumn.ends_at - autumn.starts_at == timedelta(hours=25)


@given(
    st.integers(946_684_800, 4_102_444_800).map(from_epoch),
    st.sampled_from([UTC_ZONE, NAIROBI, ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Apia")]),
    st.sampled_from(
        [
            (Period.DAILY, DueDay.SAME_DAY),
            (Period.WEEKLY, DueDay.SUNDAY),
            (Period.MONTHLY, DueDay.LAST_BUSINESS_DAY),
        ]
    ),
)
def test_every_moment_lies_in_its_period_and_periods_follow_one_another(
    moment: datetime, zone: ZoneInfo, kind: tuple[Period, DueDay]
) -> None:
    made = template(kind[0], due_on=kind[1], due_at=None, zone=zone)
    span = period_of(made, moment)
    assert span.starts_at <= moment < span.ends_at
    assert span.starts_at < span.due_at <= span.ends_at
    after = period_of(made, span.ends_at)
    assert after.starts_at == span.ends_at
    assert after.key != span.key


# Runs


def test_vector_completion_counts_done_of_those_that_apply() -> None:
    run = done(run_of(template()), "a")
    assert completion(run) == pytest.approx(1 / 3)
    run = settle(run, "b", ItemState.NOT_APPLICABLE, by="amina", now=NOW)
    assert completion(run) == pytest.approx(1 / 2)
    run = settle(run, "c", ItemState.SKIPPED, by="amina", now=NOW, note="no time")
    assert completion(run) == pytest.approx(1 / 2)  # skipped does not count as done


def test_vector_completion_of_nothing_applicable_is_null() -> None:
    run = run_of(template())
    for item in "abc":
        run = settle(run, item, ItemState.NOT_APPLICABLE, by="amina", now=NOW)
    assert completion(run) is None
    assert state_of(run, NOW) is RunState.COMPLETE


def test_vector_states_of_a_run() -> None:
    run = run_of(template())
    assert state_of(run, NOW) is RunState.OPEN
    assert state_of(run, run.ends_at) is RunState.MISSED
    early, late = run, run
    for item in "abc":
        early, late = done(early, item, run.due_at), done(late, item, run.due_at + timedelta(seconds=1))
    assert state_of(early, run.ends_at) is RunState.COMPLETE
    assert state_of(late, run.ends_at) is RunState.COMPLETE_LATE


def test_vector_the_on_time_rate_is_of_the_last_30_due_runs() -> None:
    kept: list[ChecklistRun] = []
    for day in range(40):
        run = run_of(template(), NOW - timedelta(days=day))
        if day < 15 or day >= 30:
            for item in "abc":
                run = done(run, item, run.starts_at)
        kept.append(run)
    found = on_time(kept, NOW + timedelta(hours=5))
    assert (found.on_time, found.due) == (15, 30)
    assert found.share == 0.5


def test_a_run_that_is_not_due_yet_is_not_rated() -> None:
    assert on_time([run_of(template())], NOW).share is None


def test_vector_a_skipped_item_needs_a_reason() -> None:
    with pytest.raises(InputError, match="why"):
        settle(run_of(template()), "a", ItemState.SKIPPED, by="amina", now=NOW, note=" ")


def test_vector_nothing_is_ticked_or_unticked_in_a_closed_or_a_future_period() -> None:
    run = run_of(template())
    for moment, said in ((run.ends_at, "closed"), (run.starts_at - timedelta(seconds=1), "begun")):
        with pytest.raises(InputError, match=said):
            done(run, "a", moment)
        with pytest.raises(InputError, match=said):
            untick(done(run, "a"), "a", moment)


def test_periods_before_a_template_was_active_have_no_run() -> None:
    made = template(active_from=date(2026, 1, 23))
    assert begin(made, period_of(made, NOW)) is None
    assert begin(made, period_of(made, NOW + timedelta(days=1))) is not None


# In the store


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path) as made:
        yield made


async def kept(world: World, name: str) -> list[ChecklistRun]:
    async with world.deck.services.store.reading() as connection:
        return await runs(connection, world.now, name)


async def test_the_shipped_checklists_have_a_run_each_once_their_period_begins(world: World) -> None:
    await world.tick()
    await world.tick()
    page = await world.run("ops checklist")
    lists = [each for each in page.blocks if isinstance(each, Checklist)]
    assert [each.key for each in lists] == [
        "daily-morning.items",
        "daily-evening.items",
        "weekly-review.items",
        "weekly-maintenance.items",
        "monthly-review.items",
    ]
    assert all(len(each.items) == 5 for each in lists)
    world.advance(days=1)
    await world.tick()
    assert [run.period_key for run in await kept(world, "daily-morning")] == [
        "2026-01-23/am",
        "2026-01-22/am",
    ]
    assert [run.period_key for run in await kept(world, "weekly-review")] == ["2026-W04/review"]


async def test_who_did_what_when_with_which_evidence(world: World) -> None:
    await world.tick()
    await world.run("ops tick", item="daily-morning/tickets", note="two were old", evidence="T-2026-0042")
    (run,) = await kept(world, "daily-morning")
    item = run.item("tickets")
    assert item is not None
    assert (item.state, item.by, item.at) == (ItemState.DONE, "amina", NOW)
    assert (item.note, item.evidence, item.automatic) == ("two were old", "T-2026-0042", False)
    shown = cells(await world.run("ops checklist", checklist="daily-morning"), "daily-morning.items")
    assert shown["daily-morning/tickets"]["text"].endswith("(two were old; T-2026-0042)")
    assert shown["daily-morning/tickets"]["by"] == "amina"


async def test_a_page_of_the_past_shows_what_was_ticked_then(world: World) -> None:
    await world.tick()
    world.advance(minutes=5)
    await world.run("ops tick", item="tickets")
    before = await world.run("ops checklist", at=NOW + timedelta(minutes=1))
    assert cells(before, "daily-morning.items")["daily-morning/tickets"]["state"] == "○ open"


async def test_unticking_is_allowed_in_the_open_period_and_logged(world: World) -> None:
    await world.tick()
    await world.run("ops tick", item="tickets")
    await world.run("ops untick", item="tickets")
    (run,) = await kept(world, "daily-morning")
    assert run.items[3].state is ItemState.OPEN
    with pytest.raises(InputError, match="isn’t ticked"):
        await world.run("ops untick", item="tickets")
    world.advance(days=1)
    with pytest.raises(InputError, match="closed"):
        await world.run("ops untick", item="daily-morning/tickets", period="2026-01-22/am")


async def test_an_items_name_that_several_lists_have_must_be_told_apart(world: World) -> None:
    await world.tick()
    with pytest.raises(InputError, match="daily-morning/finance"):
        await world.run("ops tick", item="finance")
    with pytest.raises(NotFoundError):
        await world.run("ops tick", item="daily-morning/nothing")


async def test_template_edits_apply_to_later_runs_only(world: World) -> None:
    await world.tick()
    world.write("checklists.toml", MINE)
    await world.tick()
    (run,) = await kept(world, "daily-morning")
    assert len(run.items) == 5
    world.advance(days=1)
    await world.tick()
    newest, before = await kept(world, "daily-morning")
    assert [item.id for item in newest.items] == ["coffee"]
    assert newest.version != before.version


async def test_unfinished_runs_are_warned_of_once_at_due_and_once_two_hours_later(world: World) -> None:
    kinds = ("checklist.due", "checklist.overdue")
    await world.tick()
    assert await world.events(*kinds) == []
    for _round in range(3):
        world.until(max(world.now, NOW.replace(hour=9)))
        await world.tick()
        world.advance(minutes=20)
    (due,) = await world.events(*kinds)
    assert due.event.facts["checklist"] == "daily-morning"
    assert due.event.at == NOW.replace(hour=9)
    world.until(NOW.replace(hour=11))
    await world.tick()
    world.advance(hours=1)
    await world.tick()
    assert [each.event.kind for each in await world.events(*kinds)] == list(kinds)


async def test_a_finished_run_is_told_and_never_warned_of(world: World) -> None:
    await world.tick()
    for item in ("error-logs", "health", "ai-models", "tickets"):
        await world.run("ops tick", item=f"daily-morning/{item}")
    assert await world.events("checklist.completed") == []
    await world.run("ops skip", item="daily-morning/finance", reason="no figures yet")
    (told,) = await world.events("checklist.completed")
    assert "80 %" in words(told.event.title)
    world.until(NOW.replace(hour=12))
    await world.tick()
    assert await world.events("checklist.due", "checklist.overdue") == []


async def test_a_run_whose_period_ended_open_is_missed(world: World) -> None:
    await world.tick()
    world.advance(days=1)
    await world.tick()
    await world.tick()
    missed = await world.events("checklist.missed")
    assert [each.event.facts["period"] for each in missed] == ["2026-01-22/am", "2026-01-22/pm"]
    past = cells(await world.run("ops checklist"), "past")
    assert past["daily-morning/2026-01-22/am"]["state"] == "▲ missed"


async def backed_up(world: World, outcome: str) -> None:
    stamp = to_microseconds(world.now)
    row = {
        "job": "store.backup",
        "local_date": f"{world.now:%Y-%m-%d}",
        "started_at": stamp,
        "finished_at": stamp,
        "outcome": outcome,
    }
    async with world.deck.services.store.writing() as transaction:
        await transaction.connection.execute(insert(JOB_RUN).values(row))


@pytest.mark.parametrize(("outcome", "state"), [("done", ItemState.DONE), ("failed", ItemState.OPEN)])
async def test_backup_verification_is_witnessed_by_the_nightly_backup(
    world: World, outcome: str, state: ItemState
) -> None:
    await world.tick()
    await backed_up(world, outcome)
    await world.tick()
    (run,) = await kept(world, "weekly-maintenance")
    item = run.item("backup-verification")
    assert item is not None
    assert (item.state, item.automatic) == (state, state is ItemState.DONE)
    if state is ItemState.DONE:
        shown = cells(await world.run("ops checklist"), "weekly-maintenance.items")
        assert shown["weekly-maintenance/backup-verification"]["by"] == "opsdeck (auto)"


async def test_a_backup_of_before_the_period_proves_nothing_for_it(world: World) -> None:
    await backed_up(world, "done")
    world.advance(days=1)
    await world.tick()
    (run,) = await kept(world, "daily-evening")
    assert run.items[4].state is ItemState.OPEN


async def test_only_operators_tick(world: World) -> None:
    await world.tick()
    viewer = Principal("guest", Role.VIEWER, "test")
    for command in ("ops tick", "ops untick", "ops checklist"):
        with pytest.raises(RefusedError):
            await world.deck.run(
                Invocation(command, viewer, {"item": "tickets"} if "tick" in command else {})
            )


async def test_the_due_items_can_be_chosen_open_ones_first(world: World) -> None:
    await world.tick()
    await world.run("ops tick", item="daily-morning/error-logs")
    found = [each.value for each in await world.deck.choices("ops tick", "item", OPERATOR)]
    assert found[0] == "daily-morning/health"
    assert found[-1] == "daily-morning/error-logs"


# The file


MINE = """
[[checklist]]
id = "daily-morning"
name = "Mornings"
period = "daily"
slot = "am"
due_at = "08:00"
item = [{ id = "coffee", text = "Make coffee" }]
"""


def test_the_shipped_file_has_what_the_contract_lists() -> None:
    found = {each.id: each for each in load_checklists(None, UTC_ZONE)}
    assert {each.period for each in found.values()} == set(Period)
    assert (found["daily-morning"].due_at, found["daily-evening"].due_at) == (time(9), time(18))
    assert (found["weekly-review"].due_on, found["weekly-review"].due_at) == (DueDay.FRIDAY, None)
    assert found["monthly-review"].due_on is DueDay.LAST_BUSINESS_DAY


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('period = "daily"', 'period = "hourly"'),
        ('due_at = "08:00"', 'due_at = "25:00"'),
        ('due_at = "08:00"', 'due_on = "friday"'),
        ('due_at = "08:00"', 'zone = "Mars/Base"'),
        ('id = "daily-morning"', 'id = "Daily Morning"'),
        ('name = "Mornings"', 'titel = "Mornings"'),
        ('item = [{ id = "coffee", text = "Make coffee" }]', "item = []"),
        ('text = "Make coffee"', 'text = "Make coffee", evidence = "hearsay"'),
    ],
)
def test_what_is_wrong_in_the_file_is_said_with_its_place(wrong: str, said: str) -> None:
    with pytest.raises(SettingsError, match=r"mine\.toml|checklist “"):
        read_checklists(MINE.replace(wrong, said), "mine.toml", UTC_ZONE)


def test_a_file_that_is_no_toml_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match=r"mine\.toml is not valid TOML"):
        read_checklists("[[checklist", "mine.toml", UTC_ZONE)
