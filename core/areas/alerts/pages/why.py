"""Why somebody did, or did not, get a message: stored decisions in words (reliability.md R30)."""

from __future__ import annotations

from collections.abc import Iterator

from core.area import Request
from core.areas.alerts.pages.why_parts import carried_rows, row_facts, what_happened
from core.areas.alerts.pages.words import (
    alert_history_timeline,
    alert_state,
    edge_word,
    outcome_state,
    row_state,
    standing,
)
from core.errors import NotFoundError
from core.message import Message, _
from core.notify.delivery.rows import GIVEN_UP
from core.notify.people.routes import Decision
from core.notify.rules import RuleBook, load_rules
from core.notify.why import Explanation, NoticeStory, explain
from core.page import Action, Block, Column, Kind, Note, Page, Place, Row
from core.tabulate import tabulate
from core.units import Instant, Severity, State, Value

__all__ = ["why_page"]

_DECISIONS = (
    Column("at", _("When"), Kind.MOMENT, 1),
    Column("notice", _("Notice"), Kind.TEXT, 1),
    Column("person", _("Person"), Kind.TEXT, 0),
    Column("decided", _("Decided"), Kind.STATE, 0),
    Column("why", _("Why"), Kind.TEXT, 0),
    Column("channel", _("By"), Kind.TEXT, 2),
    Column("delivered", _("Then"), Kind.STATE, 1),
    Column("cause", _("Cause"), Kind.TEXT, 3),
)


async def why_page(request: Request) -> Page:
    """All that was decided about an alert, a notice or a subject, as known at the moment asked for.

    Raises:
        NotFoundError: nothing is known of it.
    """
    about = request.text("about") or ""
    async with request.services.store.reading() as connection:
        found = await explain(connection, about, request.moment)
    if not found.found:
        raise NotFoundError(
            _(
                "Nothing is known of “{about}”. “alerts” and “outbox” list what there is; a subject is "
                "written such as location:main.",
                about=about[:60],
            )
        )
    rules = load_rules(request.services.settings.folders)
    return Page(
        key="why",
        title=_("Why"),
        crumb=about[:60],
        verdict=_verdict(found),
        blocks=tuple(_blocks(found, rules, request)),
        actions=(*_resend(found), Action("alerts", _("Alerts")), Action("outbox", _("The outbox"))),
        as_of=request.moment,
    )


def _resend(found: Explanation) -> Iterator[Action]:
    """Sending once more what was given up."""
    if found.delivery is not None and found.delivery.row.state in GIVEN_UP:
        yield Action("outbox resend", _("Send once more"), (("row", str(found.delivery.row.id)),))


def _verdict(found: Explanation) -> State:
    if found.delivery is not None:
        return row_state(found.delivery.state)
    if found.alerts:
        return alert_state(found.alerts[0].alert)
    return State(Severity.IDLE, _("TOLD")) if found.notices else State(Severity.IDLE, _("NOT TOLD"))


def _blocks(found: Explanation, rules: RuleBook, request: Request) -> Iterator[Block]:
    if found.delivery is not None:
        yield row_facts(found.delivery)
        yield from carried_rows(found, request)
    for story in found.alerts:
        yield alert_history_timeline(story.alert, story.history)
    if found.notices:
        yield tabulate(
            "decisions",
            _("Who was told, and who wasn’t"),
            _DECISIONS,
            [row for story in found.notices for row in _rows(story)],
            request.query,
            place=Place.WIDE,
        )
    elif found.delivery is None:
        yield Note("untold", _untold(found), Severity.NOTICE)
    if found.events and (not found.alerts or len(found.events) == 1):
        yield what_happened(found, rules)


def _untold(found: Explanation) -> Message:
    if found.alerts:
        return _("Nobody was told: {reason}", reason=standing(found.alerts[0].alert))
    return _("Nobody was told: below is what each rule made of it.")


def _rows(story: NoticeStory) -> Iterator[Row]:
    for decision in story.notice.decisions:
        channel = decision.recipient.channel if decision.recipient is not None else ""
        key = f"{story.notice.key}|{decision.person}|{channel}"
        yield Row(key, (*_decided(story, decision), *_delivered(story, decision)))


def _decided(story: NoticeStory, decision: Decision) -> tuple[Value, ...]:
    notice = story.notice
    title = _("{title} ({edge})", title=notice.title, edge=edge_word(notice.edge))
    return (
        Instant(notice.recorded_at),
        title,
        decision.person,
        outcome_state(decision.outcome),
        decision.reason,
        decision.recipient.channel if decision.recipient is not None else "",
    )


def _delivered(story: NoticeStory, decision: Decision) -> tuple[Value, ...]:
    nothing = State(Severity.IDLE, "")
    if decision.recipient is None:
        return nothing, ""
    delivery = story.of(decision.person, decision.recipient.channel)
    if delivery is None:
        return nothing, _("It is no longer kept.")
    return row_state(delivery.state), delivery.reason or ""
