"""Answers kept for the next time: FAQ entries for everybody, canned answers for agents."""

from __future__ import annotations

from core.area import Outcome, Request
from core.areas.tickets.caller import part_in
from core.areas.tickets.model import LONGEST_TEXT, CannedAnswer, Category, FaqEntry
from core.areas.tickets.pages.written import kept_page
from core.areas.tickets.rules.access import Act, identity, require
from core.areas.tickets.store import tables
from core.areas.tickets.store.faq import faq_entry, remove_entry, save_entry, vote
from core.areas.tickets.store.reading import canned_answer, canned_answers
from core.areas.tickets.store.recording import FAQ_NUMBERS, next_number
from core.errors import InputError
from core.event import Event
from core.message import Message, _
from core.page import Action
from core.store.metadata import to_microseconds
from core.store.store import Transaction
from core.store.versions import NEWEST, record
from core.text import clean, paragraph
from core.units import Severity

__all__ = [
    "apply_canned_edit",
    "apply_canned_remove",
    "apply_faq_edit",
    "apply_faq_remove",
    "apply_faq_vote",
]

_LONGEST_QUESTION = 200


async def apply_faq_edit(request: Request, transaction: Transaction) -> Outcome:
    """Change the named FAQ entry in what is given, or add one.

    Raises:
        InputError: a new one lacks its question or its answer.
    """
    require(part_in(request), Act.EDIT_FAQ)
    named = request.text("entry")
    known = None if named is None else await faq_entry(transaction.connection, named, NEWEST)
    question = clean(request.text("question") or (known.question if known else ""), _LONGEST_QUESTION)
    answer = paragraph(request.text("answer") or (known.answer if known else ""), LONGEST_TEXT)
    if not question or not answer:
        raise InputError(_("A new entry needs a question and an answer."))
    tags = request.text("tags")
    entry = FaqEntry(
        id=known.id if known else f"FAQ-{await next_number(transaction, FAQ_NUMBERS)}",
        category=Category(request.text("category") or (known.category if known else Category.OTHER).value),
        question=question,
        answer=answer,
        tags=_tags(tags) if tags is not None else known.tags if known else (),
        updated_at=request.now,
        language=clean(request.text("language") or (known.language if known else "en"), 20),
    )
    await save_entry(transaction, entry)
    said = _("{entry} is kept.", entry=entry.id)
    return await _kept(request, transaction, f"faq:{entry.id}", said, Action("faq", _("The FAQ")))


async def apply_faq_remove(request: Request, transaction: Transaction) -> Outcome:
    """Take an FAQ entry away."""
    require(part_in(request), Act.EDIT_FAQ)
    entry = await faq_entry(transaction.connection, request.text("entry") or "", NEWEST)
    await remove_entry(transaction, entry.id)
    said = _("{entry} is gone.", entry=entry.id)
    return await _kept(request, transaction, f"faq:{entry.id}", said, Action("faq", _("The FAQ")))


async def apply_faq_vote(request: Request, transaction: Transaction) -> Outcome:
    """Keep whether an entry helped whoever asks; their later vote replaces an earlier one."""
    entry = await faq_entry(transaction.connection, request.text("entry") or "", NEWEST)
    helpful = request.text("helped") == "yes"
    title = (
        _("{entry} helped somebody", entry=entry.id)
        if helpful
        else _("{entry} did not help somebody", entry=entry.id)
    )
    await vote(transaction, entry.id, identity(request.principal), request.now, helpful=helpful)
    said = _("Thank you.") if helpful else _("Thank you. If it isn’t answered, write us a ticket.")
    further = Action("support open", _("Open a ticket"), (("subject", entry.question),))
    return await _kept(request, transaction, f"faq:{entry.id}", said, further, title)


async def apply_canned_edit(request: Request, transaction: Transaction) -> Outcome:
    """Add a canned answer, or replace its text."""
    require(part_in(request), Act.EDIT_FAQ)
    name = clean(request.text("name") or "", 60)
    known = {each.name.casefold(): each.name for each in await canned_answers(transaction.connection, NEWEST)}
    name = known.get(name.casefold(), name)
    answer = CannedAnswer(
        name, paragraph(request.text("text") or "", LONGEST_TEXT), request.principal.name, request.now
    )
    row: dict[str, object] = {
        "name": answer.name,
        "text": answer.text,
        "by": answer.by,
        "updated_at": to_microseconds(answer.updated_at),
    }
    await record(transaction, tables.canned, [row])
    said = _("The canned answer “{name}” is kept.", name=name)
    return await _kept(request, transaction, f"canned:{name}", said, Action("canned", _("Canned answers")))


async def apply_canned_remove(request: Request, transaction: Transaction) -> Outcome:
    """Take a canned answer away."""
    require(part_in(request), Act.EDIT_FAQ)
    answer = await canned_answer(transaction.connection, request.text("name") or "", NEWEST)
    await record(transaction, tables.canned, [], scope={"name": answer.name})
    said = _("The canned answer “{name}” is gone.", name=answer.name)
    further = Action("canned", _("Canned answers"))
    return await _kept(request, transaction, f"canned:{answer.name}", said, further)


async def _kept(
    request: Request,
    transaction: Transaction,
    subject: str,
    said: Message,
    further: Action,
    title: Message | None = None,
) -> Outcome:
    """The outcome; an event tells every open page that there is something new to read."""
    event = Event("tickets.answers.changed", "tickets", subject, Severity.IDLE, title or said, request.now)
    await transaction.emit(event)
    return Outcome(kept_page(said, further), subject)


def _tags(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (clean(each, 40).casefold() for each in text.split(",")))))
