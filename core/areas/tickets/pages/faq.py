"""The FAQ: all entries, what a search finds, and one entry with whom it helped."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import Request
from core.areas.tickets.caller import part_in
from core.areas.tickets.model import FaqEntry, FaqView
from core.areas.tickets.pages.common import category_label
from core.areas.tickets.rules.access import Act, allows, identity
from core.areas.tickets.rules.faq import search
from core.areas.tickets.store.faq import faq_entries, faq_entry, note_view
from core.errors import RefusedError
from core.message import Message, _
from core.page import Action, Column, Document, Fact, Facts, Kind, Page, Place, Row, Table
from core.tabulate import tabulate
from core.units import Instant, Severity, State, Value

__all__ = ["entry_page", "entry_table", "faq_page"]

_COLUMNS = (
    Column("question", _("Question"), Kind.TEXT, 1),
    Column("category", _("Category"), Kind.TEXT, 2),
    Column("helpful", _("Helped"), Kind.NUMBER, 2),
    Column("views", _("Views"), Kind.NUMBER, 3),
)


async def faq_page(request: Request) -> Page:
    """Every entry, or those that have all the words asked for, best first."""
    words, category = request.text("search") or "", request.text("category")
    async with request.services.store.reading() as connection:
        known = await faq_entries(connection, request.moment)
    found = [each for each in search(known, words) if category in (None, each.category.value)]
    none = _("No entry has all these words.") if words else _("There is no entry yet; “faq edit” writes one.")
    table = tabulate(
        "faq",
        _("Frequent questions"),
        _COLUMNS,
        _rows(found, words),
        request.query,
        empty=none,
        place=Place.WIDE,
    )
    edit = allows(part_in(request), Act.EDIT_FAQ)
    editing = (Action("faq edit", _("Write an entry")),) if edit else ()
    return Page(
        key="faq",
        title=_("FAQ"),
        verdict=State(Severity.GOOD, _("ANSWERS")) if found else State(Severity.IDLE, _("NO ANSWER")),
        blocks=(table,),
        actions=(*editing, Action("support ask", _("Ask for help")), Action("support", _("The menu"))),
        as_of=request.moment,
        crumb=words,
    )


async def entry_page(request: Request) -> Page:
    """One entry; that it was read is counted, once a day for each reader."""
    async with request.services.store.reading() as connection:
        entry = await faq_entry(connection, request.text("entry") or "", request.moment)
    await _count(request, entry)
    here = (("entry", entry.id),)
    facts = (
        Fact(_("Category"), category_label(entry.category)),
        Fact(_("Updated"), Instant(entry.updated_at)),
        Fact(_("Helped"), _("{yes} of {all}", yes=entry.helpful, all=entry.helpful + entry.not_helpful)),
        Fact(_("Views"), entry.views),
    )
    edit = allows(part_in(request), Act.EDIT_FAQ)
    editing = (Action("faq edit", _("Edit"), here), Action("faq remove", _("Remove"), here)) if edit else ()
    return Page(
        key=f"faq.{entry.id}",
        title=_("FAQ"),
        verdict=State(Severity.GOOD, _("ANSWER")),
        blocks=(
            Document("answer", _("Answer"), (entry.question, *entry.answer.split("\n\n"))),
            Facts("entry", _("Entry"), facts),
        ),
        actions=(
            Action("faq vote", _("This helped"), (*here, ("helped", "yes"))),
            Action("faq vote", _("This didn’t help"), (*here, ("helped", "no"))),
            Action("support open", _("Open a ticket"), (("subject", entry.question),)),
            *editing,
            Action("faq", _("All questions")),
        ),
        as_of=request.moment,
        crumb=entry.id,
    )


def entry_table(
    key: str, title: Message, entries: Sequence[FaqEntry], *, searched: str, empty: Message
) -> Table:
    """A few entries as a table of their own."""
    rows = tuple(_rows(entries, searched))
    return Table(key, title, _COLUMNS, rows, len(rows), len(rows), empty)


def _rows(entries: Sequence[FaqEntry], searched: str) -> list[Row]:
    more = (("search", searched),) if searched else ()
    return [
        Row(
            each.id,
            (each.question, category_label(each.category), _helped(each), each.views),
            Action("faq show", _("Read"), (("entry", each.id), *more)),
        )
        for each in entries
    ]


def _helped(entry: FaqEntry) -> Value:
    return _("{yes} of {all}", yes=entry.helpful, all=entry.helpful + entry.not_helpful)


async def _count(request: Request, entry: FaqEntry) -> None:
    """Count the view, unless it is of the past, by a session that may write nothing, or by nobody known."""
    if request.at is not None or request.principal.read_only:
        return
    try:
        viewer = identity(request.principal)
    except RefusedError:
        return
    searched = request.text("search") is not None
    await note_view(request.services.store, FaqView(entry.id, viewer, request.now, searched))
