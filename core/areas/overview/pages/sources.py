"""How each source is doing: its last good poll, its last error, its next try."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.area import Request
from core.message import Message, _, plural
from core.page import Column, Freshness, Kind, Page, Place, Row, SourceState
from core.store.polls import SourceHealth, sources, state_of
from core.tabulate import tabulate
from core.units import Absent, Instant, Severity, State, Value

__all__ = ["Polled", "deck_state", "polled_sources", "sources_page"]

_FAILING = State(Severity.WARNING, _("failing"))
_OVERDUE = State(Severity.UNKNOWN, _("overdue"))
_ANSWERING = State(Severity.GOOD, _("answering"))


@dataclass(frozen=True, slots=True)
class Polled:
    """A source as polled for one subject, and what that subject is called to a person."""

    name: Message | str
    health: SourceHealth

    def freshness(self, moment: datetime) -> Freshness:
        """Stale after two missed polls, unknown after three; reckoned from when the next was planned.

        A failing one has answered for some time ago only, so nothing is known of it now.
        """
        health = self.health
        if health.good and health.next_try is None:
            return Freshness.LIVE
        interval = timedelta()
        if health.good and health.next_try is not None and health.last_good is not None:
            interval = health.next_try - health.last_good
        return state_of(health, moment, interval).freshness

    def state(self, moment: datetime) -> State:
        """Failing, overdue (nobody asked when they should have), or answering."""
        if not self.health.good:
            return _FAILING
        return _ANSWERING if self.freshness(moment) is Freshness.LIVE else _OVERDUE


async def polled_sources(request: Request) -> list[Polled]:
    """Every source for every subject that is still polled, failing first, then overdue."""
    names: dict[tuple[str, str], Message] = {}
    for area in request.services.areas:
        if area.names is not None:
            names |= await area.names(request)
    named_sources = {source for source, _subject in names}
    async with request.services.store.reading() as connection:
        known = await sources(connection, request.moment)
    found: list[Polled] = []
    for each in known:
        name = names.get((each.source, each.subject))
        if name is not None or each.source not in named_sources:
            found.append(Polled(name or each.subject or _("everything"), each))
    return sorted(
        found,
        key=lambda each: (
            -each.state(request.moment).severity,
            each.health.source,
            str(each.name).casefold(),
        ),
    )


def deck_state(polled: Sequence[Polled], moment: datetime) -> SourceState:
    """How fresh everything together is: as its freshest source, because each page tells its own age.

    The reason, if any, is that of the first source that fails.
    """
    seen = [each.health.last_good for each in polled if each.health.last_good is not None]
    order = list(Freshness)
    freshness = min((each.freshness(moment) for each in polled), key=order.index, default=Freshness.NEVER)
    failing = next((each.health for each in polled if not each.health.good), None)
    if failing is None:
        return SourceState(freshness, max(seen, default=None))
    return SourceState(freshness, max(seen, default=None), failing.reason, failing.next_try)


async def sources_page(request: Request) -> Page:
    """Every source for every subject: last good poll, last error, next try."""
    moment = request.moment
    polled = await polled_sources(request)
    columns = (
        Column("state", _("State"), Kind.STATE, 1),
        Column("source", _("Source"), Kind.TEXT, 1),
        Column("subject", _("Of"), Kind.TEXT, 1),
        Column("good", _("Last good"), Kind.MOMENT, 1),
        Column("reason", _("Last error"), Kind.TEXT, 2),
        Column("failed", _("Failed"), Kind.MOMENT, 3),
        Column("next", _("Next try"), Kind.MOMENT, 2),
    )
    never = Absent(_("never"))
    rows = [
        Row(
            f"{each.health.source} {each.health.subject}",
            (
                each.state(moment),
                each.health.source,
                each.name,
                never if each.health.last_good is None else Instant(each.health.last_good, True),
                each.health.reason or Absent(_("none")),
                never if each.health.last_bad is None else Instant(each.health.last_bad, True),
                _next_try(each.health),
            ),
        )
        for each in polled
    ]
    none = _("No source has been asked yet.")
    table = tabulate("sources", _("Sources"), columns, rows, request.query, empty=none, place=Place.WIDE)
    state = deck_state(polled, moment)
    return Page(
        key="sources",
        title=_("Sources"),
        verdict=_verdict([each.state(moment) for each in polled]),
        blocks=(table,),
        as_of=state.last_good,
        source_state=state,
    )


def _verdict(states: Sequence[State]) -> State:
    if not states:
        return State(Severity.IDLE, _("NOT ASKED"))
    failing, overdue = states.count(_FAILING), states.count(_OVERDUE)
    if failing:
        return State(Severity.WARNING, plural("{count} FAILING", "{count} FAILING", failing))
    if overdue:
        return State(Severity.UNKNOWN, plural("{count} OVERDUE", "{count} OVERDUE", overdue))
    return State(Severity.GOOD, _("ANSWERING"))


def _next_try(health: SourceHealth) -> Value:
    return Absent(_("with its next turn")) if health.next_try is None else Instant(health.next_try)
