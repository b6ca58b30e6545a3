"""How the relay is (reliability.md R16): deaf from two polls and half a minute without a good one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.areas.relay.model import Worker
from core.areas.relay.rules.condition import Condition, condition, deaf_after, is_deaf, unheard_lines

from .world import NOON, worker

POLL = timedelta(seconds=30)


def how(*workers: Worker, configured: bool = True, waiting: int = 0) -> Condition:
    return condition(workers, configured=configured, poll_timeout=POLL, waiting=waiting, now=NOON)


def ago(seconds: float) -> Worker:
    return worker(polled_at=NOON - timedelta(seconds=seconds))


@pytest.mark.parametrize(("seconds", "deaf"), [(0, False), (89.9, False), (90, True), (3_600, True)])
def test_r16_deaf_is_who_had_no_good_poll_for_two_polls_and_half_a_minute(seconds: float, deaf: bool) -> None:
    assert is_deaf(ago(seconds), POLL, NOON) is deaf
    assert how(ago(seconds)) is (Condition.DEAF if deaf else Condition.HEALTHY)


def test_r16_who_never_had_a_poll_is_deaf_after_the_same_time() -> None:
    fresh = worker(polled_at=None, started_at=NOON - timedelta(seconds=10))
    assert how(fresh) is Condition.HEALTHY
    assert how(worker(polled_at=None, started_at=NOON - deaf_after(POLL))) is Condition.DEAF


def test_by_webhook_silence_means_nothing() -> None:
    assert how(worker(mode="webhook", polled_at=None, received_at=None)) is Condition.HEALTHY


def test_a_line_that_any_process_hears_is_heard() -> None:
    deaf, hearing = ago(600), worker(worker="other")
    assert how(deaf, hearing) is Condition.HEALTHY


def test_what_isnt_running_is_stopped_and_worse_while_notices_wait() -> None:
    assert how() is Condition.STOPPED
    assert how(waiting=3) is Condition.WAITED_FOR
    assert Condition.WAITED_FOR.state.severity > Condition.STOPPED.state.severity


def test_who_ended_without_a_word_is_missed() -> None:
    gone = worker(seen_at=NOON - timedelta(seconds=31))
    assert how(gone) is Condition.GONE
    assert list(unheard_lines([gone], POLL, NOON)) == [gone.line]


def test_without_a_bot_nothing_is_amiss() -> None:
    assert how(ago(3_600), configured=False, waiting=9) is Condition.NOT_SET_UP
