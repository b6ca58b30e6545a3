"""Pause, resume and restart: asked once, audited, and shown as read back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from core.areas.production.commands import VERBS
from core.areas.production.model import JobStatus, SystemState
from core.areas.production.store import reading
from core.command import Invocation
from core.dispatch import Dispatcher
from core.errors import RefusedError, SignInError, UnreachableError
from core.message import ENGLISH
from core.page import Page
from core.principal import Principal, Role
from core.render import render_as
from core.render.values import Formatter
from core.store.audit import entries as audit_entries
from tests.areas.production.simulated import Simulated, simulated

ADMIN = Principal("amina", Role.ADMIN, "test")


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[Simulated]:
    async with simulated(tmp_path, provider=False) as found:
        yield found


async def run(world: Simulated, command: str, person: Principal = ADMIN, **arguments: str) -> Page:
    dispatcher = Dispatcher(world.services, VERBS)
    return await dispatcher.run(Invocation(command, person, arguments, confirmed=True))


def text(world: Simulated, page: Page) -> str:
    return render_as("text", page, Formatter(ENGLISH, ADMIN.zone, world.clock.now()), width=160)


async def test_pausing_shows_the_state_read_back(world: Simulated) -> None:
    page = await run(world, "pause", reason="credit check")
    assert str(page.verdict.word) in {"PAUSING", "PAUSED"}
    state = await world.read(reading.system)
    assert state.state in {SystemState.PAUSING, SystemState.PAUSED}
    assert state.desired_state is SystemState.PAUSED
    assert "production.control.pause" not in await world.events()
    assert "control.pause system:production" in await world.events()


async def test_pausing_twice_changes_nothing_and_says_so(world: Simulated) -> None:
    await run(world, "pause", reason="credit check")
    page = await run(world, "pause", reason="credit check")
    assert "in that state already" in text(world, page)


async def test_a_paused_system_goes_on(world: Simulated) -> None:
    await run(world, "pause", reason="credit check")
    page = await run(world, "resume", reason="checked")
    assert str(page.verdict.word) == "RUNNING"


async def test_a_restart_is_watched_to_its_end(world: Simulated) -> None:
    page = await run(world, "restart", reason="new configuration", drain="no", force="yes")
    shown = text(world, page)
    assert "Operation" in shown
    assert str(page.verdict.word) in {"RUNNING", "RESTARTING"}


async def test_what_the_system_refuses_is_told_in_its_words(world: Simulated) -> None:
    while (await world.read(reading.system) or None) is None or not world.system.world.in_flight():
        await world.after(300)
    with pytest.raises(RefusedError, match="Production refuses"):
        await run(world, "restart", reason="right now", drain="no")


async def test_no_answer_is_requested_but_not_confirmed(world: Simulated) -> None:
    world.system.faults.add("*/control/*", "drop", None)
    page = await run(world, "pause", reason="credit check")
    assert str(page.verdict.word) == "requested, not confirmed"
    assert "RUNNING" in text(world, page)


async def test_a_system_out_of_reach_is_no_request_at_all(world: Simulated) -> None:
    world.system.faults.add("*", "drop", None)
    with pytest.raises(UnreachableError):
        await run(world, "pause", reason="credit check")


async def test_a_token_that_may_only_read_is_refused(tmp_path: Path) -> None:
    async with simulated(tmp_path, provider=False, PRODUCTION_TOKEN="read-only") as world:
        with pytest.raises(SignInError):
            await run(world, "pause", reason="credit check")


async def spend(world: Simulated, amount: str) -> None:
    await run(world, "report ledger", id="led_all", kind="debit", credits=amount, bucket="monthly")


async def test_an_exceeded_hard_stop_holds_resuming_back_unless_an_admin_insists(tmp_path: Path) -> None:
    hard: dict[str, Any] = {"PRODUCTION_DAILY_BUDGET": "1", "PRODUCTION_HARD_STOP": "true"}
    async with simulated(tmp_path, provider=False, **hard) as world:
        await run(world, "pause", reason="credit check")
        await spend(world, "150")
        with pytest.raises(RefusedError, match="daily budget"):
            await run(world, "resume", reason="go on")
        page = await run(world, "resume", reason="go on", override="yes")
        assert str(page.verdict.word) == "RUNNING"


async def test_used_up_credits_hold_resuming_back(world: Simulated) -> None:
    await run(world, "pause", reason="credit check")
    await spend(world, "1900")
    await run(world, "report ledger", id="led_day", kind="debit", credits="60", bucket="daily")
    with pytest.raises(RefusedError, match="no credits left"):
        await run(world, "resume", reason="go on")


async def test_an_operator_may_not(world: Simulated) -> None:
    with pytest.raises(RefusedError):
        await run(world, "pause", Principal("omar", Role.OPERATOR, "test"), reason="credit check")
    assert not world.system.audit


async def test_the_audit_log_keeps_both_states_and_the_key_that_was_sent(world: Simulated) -> None:
    await run(world, "pause", reason="credit check")
    async with world.services.store.reading() as connection:
        entries = await audit_entries(connection, at=world.services.store.present())
    done = next(each.entry for each in entries if each.entry.result == "done")
    assert done.before["state"] == "running"
    assert done.after["state"] in {"pausing", "paused"}
    assert done.after["key"] == world.system.audit[-1].idempotency_key.strip('"')


async def test_a_job_reported_by_command_is_taken_in(world: Simulated) -> None:
    await run(
        world, "report job", id="prod_9", status="completed", credits="12.5", platforms="tiktok, youtube"
    )
    job = await world.read(reading.job, "prod_9")
    assert job.status is JobStatus.COMPLETED
    assert job.platforms == ("tiktok", "youtube")
    assert str(job.credits_charged) == "12.5"
    assert "video_completed job:prod_9" in await world.events()


async def test_an_upload_reported_by_command_is_taken_in(world: Simulated) -> None:
    await run(world, "report upload", id="up_9", job="prod_9", platform="youtube_shorts", status="failed")
    upload = (await world.read(reading.uploads_of_job, "prod_9"))[0]
    assert (upload.platform, upload.failed_at) == ("youtube", world.clock.now())
