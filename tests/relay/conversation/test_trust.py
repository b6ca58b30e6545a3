"""Who may what in which chat, and what a button is worth (reliability.md S7 to S11, S21)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from limits import RateLimitItemPerMinute

from core.areas.production.client.answers import Status
from core.areas.production.model import System, SystemState
from core.areas.production.store.recording import record_status
from core.areas.relay.settings import RelaySettings
from core.command import Effect
from core.moment import FrozenClock
from core.principal import Principal, Role
from core.relay.guard import may
from core.relay.handles import handle_in, new_handle
from core.relay.inbound import ChatKind, Press, Text, Unsupported
from core.relay.moving_window import ClockStorage
from core.relay.performing import OVER, UNKNOWN
from core.relay.turn import Outcome
from core.store.audit import entries
from tests.relay.conversation.phones import (
    ADMIN,
    GROUP,
    OPERATOR,
    STRANGER,
    VIEWER,
    Phones,
    labels,
    said,
    with_phones,
)


@pytest.fixture
async def phones(tmp_path: Path) -> AsyncIterator[Phones]:
    async with with_phones(tmp_path) as phones:
        yield phones


async def audited(phones: Phones) -> list[tuple[str, str, str]]:
    store = phones.world.deck.services.store
    async with store.reading() as connection:
        found = await entries(connection, at=store.present(), limit=100)
    return [(each.entry.who, each.entry.action, each.entry.result) for each in reversed(found)]


@pytest.mark.parametrize("role", Role)
async def test_s8_each_role_is_answered_to_what_it_may_and_told_nothing_of_the_rest(
    tmp_path: Path, role: Role
) -> None:
    async with with_phones(tmp_path, settings={"OPSDECK_CHAT_PER_MINUTE": 600}) as phones:
        user = "6000"
        if role is not Role.PUBLIC:
            await phones.know(user, "somebody", role)
        else:
            phones.settings = replace_settings(phones, public=600)
            phones.restart()
        registry = phones.world.deck.dispatcher.registry
        person = Principal("somebody", role, "telegram")
        neutral = str(UNKNOWN)
        reads = [each for each in registry if each.effect is Effect.READ and not each.remote]
        for command in reads:
            if command.name in ("monitor", "health", "ops", "relay logs", "incident"):
                continue  # these look at this machine, which takes its time; that one opens an incident
            replies = await phones.write("/" + command.name.replace(" ", "_"), user)
            assert (said(replies) == neutral) is not may(command, person), command.name
            await phones.write("/cancel", user)


def replace_settings(phones: Phones, *, public: int) -> RelaySettings:
    return phones.settings.model_copy(update={"public_per_hour": public})


async def test_s8_help_names_only_what_the_person_may(phones: Phones) -> None:
    public = said(await phones.write("/help", STRANGER))
    brief = await phones.write("/help", ADMIN)
    admin = "".join([said(await phones.press(area, ADMIN)) for area in labels(brief[-1])])

    assert len(said(brief)) < 1_000
    assert "/support" in public
    assert "/status_page" in public
    for name in ("/status ", "/setup", "/wan", "/incident_open", "/people_add"):
        assert name not in public
        assert name in admin
    assert "/setup" in said(await phones.write("/help_admin", ADMIN))
    assert "/setup" not in said(await phones.write("/help_admin", VIEWER))
    assert "/wan" not in said(await phones.write("/help_operations", ADMIN))


async def test_s8_buttons_lead_nowhere_the_person_may_not_go(phones: Phones) -> None:
    replies = await phones.write("/status", VIEWER)

    assert "Set up Plume credentials" not in labels(replies[-1])
    assert "Set up Plume credentials" in labels((await phones.write("/status", ADMIN))[-1])


@pytest.mark.parametrize(
    ("content", "user", "kind", "outcome"),
    [
        (Text("/status", edited=True), ADMIN, ChatKind.PRIVATE, Outcome.IGNORED),
        (Text("/status", forwarded=True), ADMIN, ChatKind.PRIVATE, Outcome.REFUSED),
        (Text("/status", forwarded=True), ADMIN, ChatKind.GROUP, Outcome.REFUSED),
        (Text("/status", addressed=False), ADMIN, ChatKind.GROUP, Outcome.IGNORED),
        (Text("status"), ADMIN, ChatKind.GROUP, Outcome.IGNORED),
        (Text("/status"), STRANGER, ChatKind.GROUP, Outcome.IGNORED),
        (Text("/status"), None, ChatKind.GROUP, Outcome.IGNORED),
        (Text("/status"), None, ChatKind.CHANNEL, Outcome.IGNORED),
        (Text("/status"), ADMIN, ChatKind.CHANNEL, Outcome.IGNORED),
        (Unsupported("sticker"), ADMIN, ChatKind.GROUP, Outcome.IGNORED),
        (Unsupported("sticker"), ADMIN, ChatKind.PRIVATE, Outcome.ANSWERED),
    ],
)
async def test_s8_what_comes_otherwise_than_in_a_persons_own_words(
    phones: Phones, content: Text | Unsupported, user: str | None, kind: ChatKind, outcome: Outcome
) -> None:
    chat = "" if kind is ChatKind.PRIVATE else GROUP

    replies = await phones.take(phones.inbound(content, user, kind=kind, chat=chat))

    assert phones.outcome is outcome
    assert all(reply.page is None for reply in replies)
    assert not any(reply.chat == GROUP for reply in replies)


async def test_s8_a_command_in_a_group_is_answered_in_private(phones: Phones) -> None:
    replies = await phones.write("/fleet", ADMIN, group=True)

    assert [reply.chat for reply in replies] == [ADMIN, GROUP]
    assert replies[0].page is not None
    assert "in private" in said(replies[1:])


async def test_s8_a_refused_try_leaves_a_trace(phones: Phones) -> None:
    await phones.write("/setup", STRANGER)

    assert [(who, what) for who, what, _how in await audited(phones)] == [("telegram:5999", "setup")]
    assert phones.outcome is Outcome.REFUSED


async def test_s7_a_button_is_of_one_chat_one_user_and_one_message(phones: Phones) -> None:
    await phones.write("/overview")
    message, button = phones.button("Refresh", ADMIN)
    over = str(OVER)

    assert said(await phones.press_data(button.handle, OPERATOR, message=message)) == over
    assert said(await phones.press_data(button.handle, ADMIN, message="m99")) == over
    assert said(await phones.press_data("v1:" + "x" * 22, ADMIN, message=message)) == over
    assert said(await phones.press_data(button.handle[:-1], ADMIN, message=message)) == over
    assert said(await phones.press_data("stats_7d", ADMIN, message=message)) == over
    assert phones.outcome is Outcome.REFUSED
    moved = phones.inbound(Press(button.handle, "1"), ADMIN, chat=GROUP, kind=ChatKind.GROUP, message=message)
    assert not any(reply.chat == GROUP for reply in await phones.take(moved))
    assert said(await phones.press_data(button.handle, ADMIN, message=message)) != over


async def test_s7_a_button_expires(phones: Phones) -> None:
    await phones.write("/overview")
    phones.world.clock.advance(timedelta(days=7).total_seconds())

    assert said(await phones.press("Refresh")) == str(OVER)


async def test_s9_a_right_that_was_taken_away_is_gone_at_the_press(phones: Phones) -> None:
    await phones.write("/fleet")
    await phones.know(ADMIN, role=Role.CUSTOMER)
    assert said(await phones.press("Set up Plume credentials")) == str(UNKNOWN)

    await phones.know(ADMIN)
    await phones.write("/setup")
    await phones.forget(ADMIN)
    assert "replace it" in said(await phones.write("Basic Q0FOQVJZQ0FOQVJZ"))
    assert not await phones.dialogs()


async def test_s10_credentials_are_for_admins_in_private_and_can_be_switched_off(tmp_path: Path) -> None:
    async with with_phones(tmp_path, settings={"OPSDECK_SECRETS_IN_CHAT": False}) as phones:
        assert "at the console" in said(await phones.write("/setup"))
    async with with_phones(tmp_path / "other") as phones:
        in_group = await phones.write("/setup", group=True)
        assert "at the console" in said(in_group)
        assert not await phones.dialogs()
        assert said(await phones.write("/setup", OPERATOR)) == str(UNKNOWN)


async def test_s10_if_the_deletion_fails_the_user_is_told(phones: Phones) -> None:
    phones.line.deletes = False
    await phones.write("/setup")

    replies = await phones.write(phones.world.simulator.authorization)

    assert "Delete it yourself" in said(replies[:1])
    assert "partner" in said(replies[1:])


@pytest.mark.parametrize("text", ["Basic Q0FOQVJZQ0FOQVJZ", "/status Basic Q0FOQVJZQ0FOQVJZ"])
@pytest.mark.parametrize("user", [ADMIN, STRANGER])
async def test_s10_what_looks_like_a_key_is_not_kept_anywhere(
    phones: Phones, text: str, user: str, caplog: pytest.LogCaptureFixture
) -> None:
    replies = await phones.write(text, user)

    assert "replace it" in said(replies)
    assert phones.line.deleted
    everything = "".join(path.read_bytes().decode("latin1") for path in phones.world.home.rglob("*.db*"))
    assert "Q0FOQVJZ" not in everything + caplog.text + said(replies)


async def test_s10_a_key_in_answer_to_another_question_leaves_it_open(phones: Phones) -> None:
    await phones.write("/pause")

    replies = await phones.write("because of Basic Q0FOQVJZQ0FOQVJZ")

    assert "replace it" in said(replies)
    (state,) = await phones.dialogs()
    assert "Q0FOQVJZ" not in state


async def test_s10_a_secret_said_with_its_name_is_taken_where_it_could_be_asked_for(phones: Phones) -> None:
    cloud = phones.world.simulator
    replies = await phones.write(f'/setup {cloud.partner_id} authorization="{cloud.authorization}"')

    assert "WORKING" in said(replies)
    assert len(phones.line.deleted) == 1


async def test_s11_a_danger_shows_its_effect_and_waits_for_a_yes(phones: Phones) -> None:
    shown = await phones.write("/pause a new encoder")

    assert "Pause production" in said(shown)
    assert "Reason a new encoder" in said(shown)
    assert labels(shown[-1]) == ["No, leave it", "Yes, do it"]
    assert "pause" not in [what for _who, what, _how in await audited(phones)]
    assert "Nothing was done" in said(await phones.press("No, leave it"))
    assert said(await phones.press("Yes, do it")) == str(OVER)


@pytest.mark.parametrize(("count", "words"), [(0, "No job is in"), (1, "1 job is in"), (3, "3 jobs are in")])
async def test_s11_stopping_production_names_what_is_in_flight(
    phones: Phones, count: int, words: str
) -> None:
    assert "isn’t known" in said(await phones.write("/restart new settings"))
    now = phones.world.clock.now()
    async with phones.world.deck.services.store.writing() as transaction:
        system = System(SystemState.RUNNING, now, in_flight=count)
        await record_status(transaction, Status(system, credits=None, today=None, as_of=now, skew=None))

    for command in ("/restart", "/pause"):
        shown = said(await phones.write(f"{command} new settings"))
        assert f"{words} flight, as of" in shown
    assert "in flight, as of" not in said(await phones.write("/resume new settings"))


async def test_s11_a_yes_after_a_minute_is_too_late(phones: Phones) -> None:
    await phones.write("/pause a new encoder")
    phones.world.clock.advance(60)

    assert said(await phones.press("Yes, do it")) == str(OVER)
    assert "pause" not in [what for _who, what, _how in await audited(phones)]


async def test_s11_a_double_press_does_it_once(phones: Phones) -> None:
    await phones.know(VIEWER, role=Role.ADMIN)
    await phones.write("/canned_edit greeting Hello there")
    await phones.write("/canned_remove greeting")
    message, button = phones.button("Yes, do it", ADMIN)
    first = phones.inbound(Press(button.handle, "1"), ADMIN, message=message)
    second = phones.inbound(Press(button.handle, "2"), ADMIN, message=message)

    replies = await asyncio.gather(phones.conversations.take(first), phones.conversations.take(second))

    assert {said(list(turn.replies)) for turn in replies} == {said(list(replies[0].replies))}
    done = [how for _who, what, how in await audited(phones) if what == "canned remove"]
    assert done == ["done"]
    await phones.take(first)
    assert said(await phones.press("Yes, do it")) == str(OVER)


async def test_s11_a_danger_asked_for_in_a_group_is_confirmed_in_private(phones: Phones) -> None:
    replies = await phones.write("/pause a new encoder", group=True)

    assert [reply.chat for reply in replies] == [ADMIN, GROUP]
    assert not replies[1].buttons


async def test_s21_thirty_a_minute_with_one_notice(phones: Phones) -> None:
    outcomes: list[Outcome] = []
    notices = 0
    for _each in range(50):
        replies = await phones.write("/cancel")
        outcomes.append(phones.outcome)
        notices += "more than I can answer" in said(replies)

    assert outcomes.count(Outcome.ANSWERED) == 30
    assert notices == 1
    assert said(await phones.write("/cancel", OPERATOR)), "others are served"
    phones.world.clock.advance(61)
    await phones.write("/cancel")
    assert phones.outcome is Outcome.ANSWERED


async def test_s21_ten_an_hour_for_who_is_not_paired(phones: Phones) -> None:
    said_so = 0
    for _each in range(14):
        replies = await phones.write("/start", STRANGER)
        said_so += "for one hour" in said(replies)

    assert said_so == 1
    assert [turn.outcome for turn in phones.turns].count(Outcome.ANSWERED) == 10
    phones.world.clock.advance(3_601)
    assert "Hello" in said(await phones.write("/start", STRANGER))


def test_handles_are_random_and_only_their_form_is_read() -> None:
    from secrets import SystemRandom

    made = {new_handle(SystemRandom()) for _each in range(100)}
    assert len(made) == 100
    assert all(handle_in(f"v1:{each}") == each for each in made)
    assert all(len(f"v1:{each}".encode()) <= 64 for each in made)
    for data in ("", "v1:", "v2:" + "a" * 22, "v1:" + "a" * 23, "v1:" + "a" * 21 + "\n", "v1:" + "é" * 22):
        assert handle_in(data) == ""


async def test_s21_memory_stays_flat_under_a_flood_of_strangers() -> None:
    clock = FrozenClock(datetime(2026, 1, 1, tzinfo=UTC))
    storage = ClockStorage(clock)
    limit = RateLimitItemPerMinute(1)
    for number in range(20_000):
        assert await storage.acquire_entry(limit.key_for(str(number)), 1, 60)
        clock.advance(0.1)

    assert len(storage._hits) < 3_000
    assert await storage.get_moving_window(limit.key_for("19999"), 1, 60) == (clock.monotonic() - 0.1, 1)
    assert not await storage.acquire_entry(limit.key_for("19999"), 1, 60)
