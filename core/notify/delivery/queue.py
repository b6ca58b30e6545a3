"""Which rows may go out now, and in which order (reliability.md section 1, “order”). Pure.

Notices of one subject reach a recipient in the order in which they were made: no row passes an earlier
one of its lane that has not gone out. Among the lanes the first notice of a critical incident comes first,
then critical ones, replies, normal ones and the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.notify.delivery.rows import OutboxState
from core.notify.notice import NoticeClass, Overflow

__all__ = ["DIGEST", "TOO_MANY", "Lane", "Waiting", "foldable", "overdue_replies", "overtaken", "ready"]

DIGEST = "notify.digest"
"""The kind of a row that carries others along."""

TOO_MANY = 10
"""Notices that may wait for one recipient without being folded, or dropped."""

_RANKS = {NoticeClass.CRITICAL: 1, NoticeClass.REPLY: 2, NoticeClass.NORMAL: 3, NoticeClass.INFO: 4}

Lane = tuple[str, str, str]
"""Channel, address and subject: within one, nothing overtakes."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An unfinished row as planning sees it at one moment.

    `state` is `FOLDED` for one that `folded_into`, still unsent, carries along. `held` is whether quiet hours
    hold it still, `was_held` whether they ever did, `waits` whether its next try lies ahead, and `expired`
    whether it is not worth delivering any more. `lease_left` is how many seconds its lease still holds.
    """

    id: int
    cls: NoticeClass
    kind: str
    channel: str
    address: str
    subject: str
    sequence: int
    state: OutboxState
    attempts: int = 0
    failures: int = 0
    uncertain: int = 0
    folded_into: int | None = None
    held: bool = False
    was_held: bool = False
    waits: bool = False
    expired: bool = False
    lease_by: str | None = None
    lease_left: float = 0.0
    person: str = ""

    @property
    def lane(self) -> Lane:
        return (self.channel, self.address, self.subject)

    @property
    def recipient(self) -> tuple[str, str]:
        return (self.channel, self.address)

    @property
    def pending(self) -> bool:
        return self.state is OutboxState.PENDING

    @property
    def due(self) -> bool:
        """Whether nothing but its turn keeps the row from going out."""
        return self.pending and not (self.held or self.waits or self.expired)

    @property
    def rank(self) -> int:
        """Its place among the lanes, lowest first."""
        first = self.cls is NoticeClass.CRITICAL and self.sequence == 1
        return 0 if first else _RANKS[self.cls]

    @property
    def may_be_held(self) -> bool:
        """Whether quiet hours that began since it was made, or last tried, may hold it."""
        return self.pending and not self.held and not self.cls.rules.passes_quiet_hours

    @property
    def may_fold(self) -> bool:
        """Whether a digest may carry it along: due, and untouched by any trouble of its own."""
        of_class = self.cls.rules.overflow is Overflow.FOLDED and self.kind != DIGEST
        return of_class and self.due and not (self.failures or self.uncertain)

    @property
    def takes_in(self) -> bool:
        """Whether it is a digest to which more can be added: no try of it may have arrived."""
        return self.kind == DIGEST and self.pending and not self.uncertain


def ready(rows: Sequence[Waiting]) -> list[Waiting]:
    """The rows that are due and first of their lanes, the most urgent first. `rows` are in order of id."""
    lanes = {row.id: row.lane for row in rows}
    first: list[Waiting] = []
    taken: set[Lane] = set()
    for row in rows:
        if row.due and row.lane not in taken:
            first.append(row)
        if row.folded_into is None or lanes.get(row.folded_into) != row.lane:
            taken.add(row.lane)  # what a row of its own lane carries along goes at that row's place
    return sorted(first, key=lambda row: (row.rank, row.id))


def foldable(rows: Sequence[Waiting]) -> list[list[Waiting]]:
    """For each recipient with too many notices waiting, or several that quiet hours held: those to fold.

    Also any that came while a digest waits that no try of may have arrived: it takes them in. A row behind
    one of its lane that can't be folded stays where it is.
    """
    groups: dict[tuple[str, str], list[Waiting]] = {}
    digests: set[tuple[str, str]] = set()
    stuck: set[Lane] = set()
    for row in rows:
        if row.takes_in:
            digests.add(row.recipient)
        elif row.may_fold and row.lane not in stuck:
            groups.setdefault(row.recipient, []).append(row)
        elif row.state is not OutboxState.FOLDED:
            stuck.add(row.lane)
    return [
        group
        for recipient, group in groups.items()
        if len(group) > TOO_MANY or recipient in digests or sum(row.was_held for row in group) > 1
    ]


def overtaken(rows: Sequence[Waiting]) -> list[Waiting]:
    """The critical rows, untried yet, that wait behind one of their lane that they may take along.

    Such a row was being sent when the critical one was made, and has come back: nothing critical waits for
    another try of it, or for the end of quiet hours.
    """
    before: set[Lane] = set()
    found: dict[Lane, Waiting] = {}
    for row in rows:
        if row.pending and row.cls.rules.overflow is Overflow.FOLDED and row.kind != DIGEST:
            before.add(row.lane)
        elif row.cls is NoticeClass.CRITICAL and row.pending and not row.uncertain and row.lane in before:
            found.setdefault(row.lane, row)
    return list(found.values())


def overdue_replies(rows: Sequence[Waiting]) -> list[Waiting]:
    """The oldest replies of recipients for whom too many wait; they are dropped and counted."""
    by_recipient: dict[tuple[str, str], list[Waiting]] = {}
    for row in rows:
        if row.cls.rules.overflow is Overflow.DROPPED and row.pending:
            by_recipient.setdefault(row.recipient, []).append(row)
    return [row for each in by_recipient.values() for row in each[:-TOO_MANY]]
