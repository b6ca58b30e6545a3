"""What rules would have sent: the past played through a board, without writing anything.

The events and the samples of the window are let happen one after the other, with the clock's turns between
them, the silences and the blind stretches that there were, and what people saw to. Who is told is decided
by whom there is now.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.event import Event, RecordedEvent
from core.moment import Window, from_epoch
from core.notify.alerting.alert import EdgeKind, alert_key
from core.notify.alerting.blind_rows import blind_windows
from core.notify.alerting.board import Board
from core.notify.alerting.composing import Composed, compose
from core.notify.alerting.silence_rows import read_silences
from core.notify.people.person import Person
from core.notify.people.routes import Decision, route
from core.notify.people.rows import everybody
from core.notify.rules import Rule, RuleBook
from core.notify.rules.model import matches_subject
from core.store.events import follow
from core.store.metadata import to_microseconds
from core.store.series import SeriesKey, latest_of_all, read_raw
from core.store.tables import EVENT

__all__ = ["Replayed", "Sent", "replay"]

_ACKNOWLEDGED = "alert.acknowledged"
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Sent:
    """A notice that would have been made, and what would have been decided for everybody."""

    composed: Composed
    at: datetime
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of a replay, the oldest notice first; `events` and `samples` are how much was played."""

    window: Window
    notices: tuple[Sent, ...]
    events: int
    samples: int


@dataclass(frozen=True, slots=True, order=True)
class _Happening:
    """Something of the past: an event, or a figure of a series that a rule watches."""

    at: datetime
    order: int
    event: Event | None = field(compare=False, default=None)
    figure: tuple[Rule, str, float] | None = field(compare=False, default=None)


async def replay(connection: AsyncConnection, rules: RuleBook, window: Window, moment: datetime) -> Replayed:
    """Play the window, as its past is known at `moment`, through the rules."""
    events = [
        _Happening(each.recorded_at, each.number, event=each.event)
        async for each in _events(connection, rules, window)
    ]
    figures = await _figures(connection, rules, window, moment)
    player = _Player(
        Board(rules, silences=await read_silences(connection, moment)),
        await everybody(connection, moment),
        await blind_windows(connection, window, moment),
    )
    for happening in sorted([*events, *figures]):
        player.play(happening)
    player.pass_time(window.end)
    return Replayed(window, tuple(player.sent), len(events), len(figures))


class _Player:
    """Lets the past happen on a board, and keeps what it tells."""

    def __init__(self, board: Board, people: Sequence[Person], blind: Sequence[Window]) -> None:
        self.sent: list[Sent] = []
        self._board = board
        self._people = people
        self._blind = blind
        self._told: dict[int, set[tuple[str, str]]] = {}
        self._last: datetime | None = None

    def play(self, happening: _Happening) -> None:
        self.pass_time(happening.at)
        board, at = self._board, happening.at
        if happening.event is not None:
            if happening.event.kind == _ACKNOWLEDGED:
                self._acknowledge(happening.event, at)
            board.take(happening.event, happening.order, at)
        if happening.figure is not None:
            board.measure(*happening.figure, at)
        board.settle(at)
        self._tell(at)

    def pass_time(self, until: datetime) -> None:
        """Let the clock take its turns up to then; one moment is looked at once."""
        while (due := self._board.next_due()) is not None and due <= until:
            at = due if self._last is None else max(due, self._last + timedelta(seconds=1))
            if at > until:
                break
            self._look_around(at)
            self._board.tick(at)
            self._last = at
            self._tell(at)
        self._look_around(until)

    def _look_around(self, at: datetime) -> None:
        self._board.blind = any(at in stretch for stretch in self._blind)

    def _acknowledge(self, event: Event, at: datetime) -> None:
        key = alert_key(str(event.facts.get("rule")), str(event.facts.get("subject")))
        if (known := self._board.open.get(key)) is not None:
            self._board.acknowledge(known, str(event.facts.get("by") or ""), at)

    def _tell(self, at: datetime) -> None:
        for made in compose(self._board):
            told = None
            if made.kind is EdgeKind.RESOLVED:
                told = {each for alert in made.alerts for each in self._told.get(alert.id, ())}
            decisions = route(
                made.notice,
                made.to,
                self._people,
                at,
                person=made.person,
                otherwise=made.otherwise,
                told=told,
            )
            sent = {(each.person, each.recipient.channel) for each in decisions if each.recipient is not None}
            for alert in made.alerts:
                self._told.setdefault(alert.id, set()).update(sent)
            self.sent.append(Sent(made, at, tuple(decisions)))
        self._board.edges.clear()


async def _events(
    connection: AsyncConnection, rules: RuleBook, window: Window
) -> AsyncIterator[RecordedEvent]:
    """The window's events that some rule is about, and what people saw to, in order."""
    first = select(func.min(EVENT.c.number)).where(EVENT.c.recorded_at >= to_microseconds(window.start))
    number = (await connection.execute(first)).scalar_one()
    wanted = {*rules.kinds, _ACKNOWLEDGED}
    after = None if number is None else number - 1
    while after is not None:
        found = await follow(connection, after, _PAGE)
        for each in found:
            if each.recorded_at >= window.end:
                return
            if each.event.kind in wanted:
                yield each
        after = found[-1].number if found else None


async def _figures(
    connection: AsyncConnection, rules: RuleBook, window: Window, moment: datetime
) -> list[_Happening]:
    """Every sample of the window in a series that some rule watches."""
    found: list[_Happening] = []
    for rule in rules.of_series:
        assert rule.series is not None
        known = await latest_of_all(connection, rule.series.area, rule.series.name, moment)
        for subject in sorted(each for each in known if matches_subject(rule.series, each)):
            key = SeriesKey(rule.series.area, subject, rule.series.name)
            for time, value in await read_raw(connection, key, window, moment):
                if value is not None:
                    found.append(_Happening(from_epoch(time), 0, figure=(rule, subject, value)))
    return found
