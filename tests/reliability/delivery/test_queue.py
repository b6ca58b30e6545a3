"""The pure rules of delivery: delays, circuits, lanes, and what a try comes to."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from core.message import _
from core.notify.channels.channel import Receipt
from core.notify.channels.failures import CredentialsError, TemporaryError, ThrottledError, UncertainError
from core.notify.delivery.outcomes import LineNews, Tries, judge
from core.notify.delivery.queue import Waiting, ready
from core.notify.delivery.retries import after_failure, after_throttling
from core.notify.delivery.rows import OutboxState
from core.notify.notice import NoticeClass, Overflow

HOURS = timedelta(hours=1)


class Middle(random.Random):
    """Neither early nor late."""

    def random(self) -> float:
        return 0.5


def test_the_retry_table_is_the_contracts() -> None:
    delays = [after_failure(count, Middle()).total_seconds() for count in range(1, 12)]

    assert delays == [0, 2, 5, 15, 45, 120, 300, 600, 900, 900, 900]


def test_retries_spread_by_a_fifth_either_way() -> None:
    jitter = random.Random(1)
    spread = [after_failure(4, jitter).total_seconds() for _each in range(500)]

    assert 12.0 <= min(spread) < 12.5
    assert 17.5 < max(spread) <= 18.0


def test_what_a_provider_asks_for_is_waited_in_full_and_half_a_second_more() -> None:
    assert after_throttling(7).total_seconds() == 7.5
    assert after_throttling(1e300) == timedelta(days=1, seconds=0.5)


@pytest.mark.parametrize(
    ("cls", "expires", "repeats", "passes", "overflow"),
    [
        (NoticeClass.CRITICAL, 24 * HOURS, None, True, Overflow.KEPT),
        (NoticeClass.NORMAL, 6 * HOURS, 1, False, Overflow.FOLDED),
        (NoticeClass.INFO, HOURS, 0, False, Overflow.FOLDED),
        (NoticeClass.REPLY, timedelta(seconds=60), 0, True, Overflow.DROPPED),
    ],
)
def test_the_table_of_classes_is_the_contracts(
    cls: NoticeClass, expires: timedelta, repeats: int | None, passes: bool, overflow: Overflow
) -> None:
    rules = cls.rules

    assert (rules.expires, rules.repeats, rules.passes_quiet_hours, rules.overflow) == (
        expires,
        repeats,
        passes,
        overflow,
    )


def test_throttling_and_refused_credentials_are_no_attempt() -> None:
    tries = Tries(NoticeClass.NORMAL, attempts=3, failures=2)

    for error in (ThrottledError(_("later"), 5), CredentialsError(_("no"))):
        after = judge(tries, error, Middle())
        assert (after.state, after.attempts, after.failures) == (OutboxState.PENDING, 3, 2)


def test_a_failure_of_the_line_counts_only_where_others_get_through() -> None:
    error = TemporaryError(_("503"))

    alone = judge(Tries(NoticeClass.NORMAL, failures=3), error, Middle())
    blamed = judge(Tries(NoticeClass.NORMAL, failures=3, line_works=True), error, Middle())

    assert (alone.failures, alone.line, alone.wait) == (3, LineNews.FAILED, None)
    assert (blamed.failures, blamed.wait) == (4, timedelta(seconds=15))


def test_a_receipt_ends_a_row_whatever_was_before() -> None:
    tries = Tries(NoticeClass.NORMAL, attempts=9, failures=4, uncertain=1, possible_repeat=True)

    after = judge(tries, Receipt("id"), Middle())

    assert (after.state, after.provider_id, after.error) == (OutboxState.SENT, "id", None)


def test_the_last_uncertain_result_ends_a_normal_row() -> None:
    unknown = UncertainError(_("gone quiet"))

    first = judge(Tries(NoticeClass.NORMAL), unknown, Middle())
    second = judge(Tries(NoticeClass.NORMAL, uncertain=1), unknown, Middle())

    assert (first.state, first.possible_repeat) == (OutboxState.PENDING, True)
    assert second.state is OutboxState.UNCERTAIN


def row(
    number: int, subject: str = "pod:1", state: OutboxState = OutboxState.PENDING, **more: int
) -> Waiting:
    return Waiting(
        number,
        NoticeClass.NORMAL,
        "toy",
        "trial",
        "ann",
        subject,
        number,
        state,
        folded_into=more.get("into"),
    )


def test_no_row_passes_an_earlier_one_of_its_lane() -> None:
    leased = row(1, state=OutboxState.LEASED)

    assert [each.id for each in ready([leased, row(2), row(3, "pod:2"), row(4, "pod:2")])] == [3]


def test_what_a_row_of_the_lane_carries_along_is_in_nobodys_way() -> None:
    folded = row(1, state=OutboxState.FOLDED, into=3)

    assert [each.id for each in ready([folded, row(2), row(3)])] == [2]
    assert [each.id for each in ready([folded, row(3)])] == [3]


def test_what_an_unsent_digest_carries_along_keeps_its_place() -> None:
    folded, digest = row(1, state=OutboxState.FOLDED, into=2), row(2, "digest:trial:1")

    assert [each.id for each in ready([folded, digest, row(3)])] == [2]
