"""What a try to deliver comes to: the row's next state, and what it says about the line.

Pure: the table of classes (`NoticeClass.rules`), the retry delays and the error classes of reliability.md
section 1 meet here, and only here.
"""

from __future__ import annotations

import enum
import random
from dataclasses import dataclass, replace
from datetime import timedelta

from core.message import Message
from core.notify.channels.channel import Receipt
from core.notify.channels.failures import (
    CredentialsError,
    DeliveryError,
    FailureClass,
    FormatError,
    GoneError,
    MovedError,
    NotAskedError,
    TemporaryError,
    ThrottledError,
    UncertainError,
)
from core.notify.delivery.retries import MOST_FAILURES, after_failure, after_throttling
from core.notify.delivery.rows import OutboxRow, OutboxState
from core.notify.notice import NoticeClass

__all__ = ["LineNews", "Settlement", "Tries", "judge", "judge_report"]


class LineNews(enum.Enum):
    """What a try says about the line it went by."""

    WORKS = "works"
    FAILED = "failed"
    STOPPED = "stopped"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Tries:
    """What has been tried with a row so far. `line_works` when others went by its line since its last try."""

    cls: NoticeClass
    attempts: int = 0
    failures: int = 0
    uncertain: int = 0
    plain: bool = False
    possible_repeat: bool = False
    line_works: bool = False

    @classmethod
    def of(cls, row: OutboxRow) -> Tries:
        """What the row says of it."""
        return cls(row.cls, row.attempts, row.failures, row.uncertain, row.plain, row.possible_repeat)


@dataclass(frozen=True, slots=True)
class Settlement:
    """A row's next state; `wait` is how long until the next try, nothing meaning as soon as it can go.

    `pause_recipient` and `pause_line` are how long nothing else may go to that recipient, or by its line.
    """

    state: OutboxState
    attempts: int
    failures: int
    uncertain: int
    plain: bool
    possible_repeat: bool
    line: LineNews
    wait: timedelta | None = None
    error: FailureClass | None = None
    text: Message | None = None
    provider_id: str | None = None
    moved_to: str | None = None
    gone: bool = False
    pause_recipient: timedelta | None = None
    pause_line: timedelta | None = None


def judge(tries: Tries, result: Receipt | DeliveryError, jitter: random.Random) -> Settlement:
    """What becomes of a row after a try that ended with `result`."""
    if isinstance(result, Receipt):
        return replace(_tried(tries), state=OutboxState.SENT, provider_id=result.provider_id)
    after = replace(_tried(tries), error=result.failure, text=result.message)
    own = replace(after, failures=tries.failures + 1)
    last = own.failures >= MOST_FAILURES
    match result:
        case ThrottledError():
            return _throttled(replace(after, attempts=tries.attempts), result)
        case CredentialsError():
            return replace(after, attempts=tries.attempts, line=LineNews.STOPPED)
        case UncertainError():
            return _uncertain(after, tries, jitter)
        case TemporaryError(own=False) if not tries.line_works:
            return replace(after, line=LineNews.FAILED)
        case TemporaryError() if not last:
            line = LineNews.WORKS if result.own else LineNews.FAILED
            return replace(own, line=line, wait=after_failure(own.failures + own.uncertain, jitter))
        case NotAskedError():
            return replace(own, state=OutboxState.DEAD, line=LineNews.NOTHING)
        case MovedError() if not last:
            return replace(own, moved_to=result.address)
        case FormatError() if not tries.plain:
            return replace(own, plain=True)
        case TemporaryError(own=False):
            return replace(own, state=OutboxState.DEAD, line=LineNews.FAILED)
        case _:
            return replace(own, state=OutboxState.DEAD, gone=isinstance(result, GoneError))


def judge_report(tries: Tries, failure: DeliveryError, jitter: random.Random) -> Settlement:
    """What becomes of a row whose message was taken, and of which `failure` is reported later.

    Its try was counted when the message was taken. All that may be tried again counts against the message,
    a throttling too: nobody stated a wait, so that nothing else bounds how often it is taken in vain.
    """
    if not isinstance(failure, TemporaryError | ThrottledError):
        after = replace(_tried(tries), state=OutboxState.DEAD, failures=tries.failures + 1)
        after = replace(after, error=failure.failure, text=failure.message)
        return replace(after, attempts=tries.attempts, gone=isinstance(failure, GoneError))
    own = judge(tries, TemporaryError(failure.message, own=True), jitter)
    after = replace(own, attempts=tries.attempts)
    if isinstance(failure, TemporaryError):
        return after
    paused = _throttled(replace(after, error=failure.failure), failure)
    longer = None if own.wait is None else max(own.wait, after_throttling(failure.wait))
    return replace(paused, wait=longer)


def _tried(tries: Tries) -> Settlement:
    """The row after one more try that says nothing against it or its line."""
    return Settlement(
        state=OutboxState.PENDING,
        attempts=tries.attempts + 1,
        failures=tries.failures,
        uncertain=tries.uncertain,
        plain=tries.plain,
        possible_repeat=tries.possible_repeat,
        line=LineNews.WORKS,
    )


def _throttled(after: Settlement, error: ThrottledError) -> Settlement:
    wait = after_throttling(error.wait)
    paused = replace(after, line=LineNews.NOTHING, wait=wait)
    return replace(paused, pause_line=wait) if error.whole_line else replace(paused, pause_recipient=wait)


def _uncertain(after: Settlement, tries: Tries, jitter: random.Random) -> Settlement:
    """Once more and marked, as often as the class allows; the end of the row after that."""
    repeats = tries.cls.rules.repeats
    again = repeats is None or tries.uncertain < repeats
    uncertain = tries.uncertain + 1
    return replace(
        after,
        state=OutboxState.PENDING if again else OutboxState.UNCERTAIN,
        uncertain=uncertain,
        possible_repeat=True,
        line=LineNews.FAILED,
        wait=after_failure(tries.failures + uncertain, jitter) if again else None,
    )
