"""Which rows may go out now, and in which order (reliability.md section 1, “order”).

Notices of one subject reach a recipient in the order in which they were made: no row passes an earlier
one of its lane that has not gone out. Among the lanes the first notice of a critical incident comes first,
then critical ones, replies, normal ones and the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.notify.notice import NoticeClass, Overflow
from core.notify.retries import LONGEST_WAIT
from core.notify.rows import OutboxState

__all__ = ["DIGEST", "TOO_MANY", "Lane", "Waiting", "due", "foldable", "overdue_replies", "ready"]

DIGEST = "notify.digest"
"""The kind of a row that carries others along."""

TOO_MANY = 10
"""Notices that may wait for one recipient without being folded, or dropped."""

_RANKS = {NoticeClass.CRITICAL: 1, NoticeClass.REPLY: 2, NoticeClass.NORMAL: 3, NoticeClass.INFO: 4}
_NONSENSE = (LONGEST_WAIT.total_seconds() + 60) * 1_000_000
"""A wait longer than any that is ever asked for was written before the clock was set back."""

Lane = tuple[str, str, str]
"""Channel, address and subject: within one, nothing overtakes."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An unfinished row as planning sees it. Moments are in stored form, microseconds.

    `state` is `FOLDED` for one that another, still unsent, carries along. `held` is whether quiet hours
    hold it still, and `was_held` whether they ever did.
    """

    id: int
    cls: NoticeClass
    kind: str
    channel: str
    address: str
    subject: str
    sequence: int
    state: OutboxState
    attempts: int
    failures: int
    uncertain: int
    held: bool
    was_held: bool
    next_attempt: int | None
    expires: int
    lease_by: str | None
    lease_until: int | None

    @property
    def lane(self) -> Lane:
        return (self.channel, self.address, self.subject)

    @property
    def rank(self) -> int:
        """Its place among the lanes, lowest first."""
        first = self.cls is NoticeClass.CRITICAL and self.sequence == 1
        return 0 if first else _RANKS[self.cls]

    @property
    def may_fold(self) -> bool:
        """Whether it may be carried along by a digest: untouched by any trouble of its own."""
        return (
            self.state is OutboxState.PENDING
            and self.cls.rules.overflow is Overflow.FOLDED
            and self.kind != DIGEST
            and not (self.held or self.failures or self.uncertain)
        )


def due(row: Waiting, now: int) -> bool:
    """Whether nothing but its turn keeps the row from going out."""
    if row.state is not OutboxState.PENDING or row.held or row.expires <= now:
        return False
    return row.next_attempt is None or not 0 < row.next_attempt - now <= _NONSENSE


def ready(rows: Sequence[Waiting], now: int) -> list[Waiting]:
    """The rows that are due and first of their lanes, the most urgent first. `rows` are in order of id."""
    return sorted(
        (row for row, first in _with_place(rows) if first and due(row, now)),
        key=lambda row: (row.rank, row.id),
    )


def foldable(rows: Sequence[Waiting], now: int) -> list[list[Waiting]]:
    """For each recipient with too many notices waiting, or several that quiet hours held: those to fold.

    Also any that came while a digest that has not been tried waits: it takes them in. A row behind one of
    its lane that can't be folded stays where it is.
    """
    groups: dict[tuple[str, str], list[Waiting]] = {}
    digests: set[tuple[str, str]] = set()
    stuck: set[Lane] = set()
    for row in rows:
        recipient = (row.channel, row.address)
        if row.kind == DIGEST and row.state is OutboxState.PENDING and not row.uncertain:
            digests.add(recipient)
        elif row.may_fold and row.lane not in stuck and due(row, now):
            groups.setdefault(recipient, []).append(row)
        elif row.state is not OutboxState.FOLDED:
            stuck.add(row.lane)
    return [
        group
        for recipient, group in groups.items()
        if len(group) > TOO_MANY or recipient in digests or sum(row.was_held for row in group) > 1
    ]


def overdue_replies(rows: Sequence[Waiting]) -> list[Waiting]:
    """The oldest replies of recipients for whom too many wait; they are dropped and counted."""
    by_recipient: dict[tuple[str, str], list[Waiting]] = {}
    for row in rows:
        if row.cls.rules.overflow is Overflow.DROPPED and row.state is OutboxState.PENDING:
            by_recipient.setdefault((row.channel, row.address), []).append(row)
    return [row for each in by_recipient.values() for row in each[:-TOO_MANY]]


def _with_place(rows: Sequence[Waiting]) -> Iterator[tuple[Waiting, bool]]:
    """Each row, and whether no earlier one of its lane is still to go."""
    seen: set[Lane] = set()
    for row in rows:
        yield row, row.lane not in seen
        seen.add(row.lane)
