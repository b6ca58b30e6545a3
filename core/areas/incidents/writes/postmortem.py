"""Writing a post-mortem, having it reviewed, and closing it."""

from __future__ import annotations

from dataclasses import dataclass

from core.area import Outcome, Request
from core.areas.incidents.model import EntryKind
from core.areas.incidents.pages.written import postmortem_written_page
from core.areas.incidents.rules import postmortem as rules
from core.areas.incidents.rules.postmortem import ActionKind, PostMortem, PostMortemStatus, Section
from core.areas.incidents.rules.step import Draft, Happening, Step
from core.areas.incidents.store import reading
from core.areas.incidents.store.recording import record_postmortem, record_step
from core.areas.incidents.writes.turn import Turn, begin, words
from core.message import Message, _
from core.store.store import Transaction
from core.store.versions import NEWEST
from core.text import paragraph

__all__ = ["apply_action", "apply_close", "apply_done", "apply_owner", "apply_status", "apply_write"]

_LONGEST_SECTION = 20_000


@dataclass(frozen=True, slots=True)
class _Page:
    """The incident's turn with its post-mortem, begun if need be."""

    turn: Turn
    postmortem: PostMortem


async def apply_write(request: Request, transaction: Transaction) -> Outcome:
    """Write a section."""
    known = await _begin(request, transaction)
    section = Section(request.text("section") or "")
    text = paragraph(request.text("text") or "", _LONGEST_SECTION)
    after = rules.write(known.postmortem, section, text, known.turn.actor.name)
    title = rules.SECTION_TITLES[section]
    note = _("Post-mortem of {id}: “{section}” is written.", id=after.incident, section=title)
    return await _finish(transaction, known, after, note)


async def apply_owner(request: Request, transaction: Transaction) -> Outcome:
    """Say who answers for it."""
    known = await _begin(request, transaction)
    after = rules.own(known.postmortem, words(request, "person", 200))
    note = _("Post-mortem of {id}: {person} answers for it.", id=after.incident, person=after.owner)
    return await _finish(transaction, known, after, note)


async def apply_action(request: Request, transaction: Transaction) -> Outcome:
    """Add something to be done."""
    known = await _begin(request, transaction)
    after = rules.add_action(
        known.postmortem,
        words(request, "text"),
        ActionKind(request.text("kind") or ""),
        known.turn.actor.name,
        owner=words(request, "owner", 200),
        due=words(request, "due", 40),
        ticket=words(request, "ticket", 40),
    )
    number = after.actions[-1].number
    note = _("Post-mortem of {id}: action {number} is added.", id=after.incident, number=number)
    return await _finish(transaction, known, after, note)


async def apply_done(request: Request, transaction: Transaction) -> Outcome:
    """An action was done."""
    known = await _begin(request, transaction)
    number = request.arguments["number"]
    assert isinstance(number, int)
    after = rules.finish_action(known.postmortem, number)
    note = _("Post-mortem of {id}: action {number} is done.", id=after.incident, number=number)
    return await _finish(transaction, known, after, note)


async def apply_status(request: Request, transaction: Transaction) -> Outcome:
    """Hand it on to review, or back."""
    known = await _begin(request, transaction)
    after = rules.move(known.postmortem, PostMortemStatus(request.text("status") or ""))
    note = _(
        "Post-mortem of {id}: it is {status} now.", id=after.incident, status=rules.STATE_WORDS[after.status]
    )
    return await _finish(transaction, known, after, note)


async def apply_close(request: Request, transaction: Transaction) -> Outcome:
    """It is finished."""
    known = await _begin(request, transaction)
    after = rules.close_postmortem(known.postmortem, known.turn.incident)
    return await _finish(
        transaction, known, after, _("Post-mortem of {id}: it is closed.", id=after.incident)
    )


async def _begin(request: Request, transaction: Transaction) -> _Page:
    turn = await begin(request, transaction)
    known = await reading.find_postmortem(transaction.connection, turn.incident.id, NEWEST)
    return _Page(turn, known or PostMortem(turn.incident.id, turn.incident.commander))


async def _finish(transaction: Transaction, known: _Page, after: PostMortem, note: Message) -> Outcome:
    """Record it, and in the incident's timeline that it was."""
    await record_postmortem(transaction, after)
    turn = known.turn
    draft = Draft(EntryKind.NOTE, note, known.postmortem.status, after.status)
    await record_step(transaction, Step(turn.incident, turn.actor, (draft,), (Happening.CHANGED,)))
    return Outcome(
        postmortem_written_page(turn.incident, note, turn.now),
        f"incident:{turn.incident.id}",
        {"postmortem": known.postmortem.status.value},
        {"postmortem": after.status.value},
    )
