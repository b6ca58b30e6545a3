"""One photo or document: what it is, who sent it, and what it belongs to."""

from __future__ import annotations

from core.area import Request
from core.areas.plant.model.attachments import Attachment, AttachmentState
from core.areas.plant.pages.attachment_blocks import size_of, state_of, type_word
from core.areas.plant.pages.maintenance_words import open_ticket
from core.areas.plant.rules.ticket_numbers import MAINTENANCE_PREFIXES, is_sop
from core.areas.plant.store.attachments import attachment_of
from core.message import _
from core.page import Action, Block, Document, Fact, Facts, Note, Page, Place
from core.units import Absent, Instant, Severity

__all__ = ["attachment_page", "open_its_ticket"]


async def attachment_page(request: Request) -> Page:
    """The attachment that was asked for.

    Raises:
        NotFoundError: there is none of that number.
    """
    async with request.services.store.reading() as connection:
        found = await attachment_of(connection, request.text("media") or "", request.moment)
    blocks: list[Block] = []
    if found.error is not None:
        blocks.append(Note("error", found.error, Severity.SERIOUS))
    blocks.append(_facts(found))
    if found.caption:
        blocks.append(Document("caption", _("Said with it"), (found.caption,)))
    here = found.state is AttachmentState.KEPT
    missing = None if here else _("Its file isn’t here.")
    return Page(
        key=f"plant.media.{found.name}",
        title=_("Photos and documents"),
        verdict=state_of(found),
        blocks=tuple(blocks),
        actions=(
            Action("media save", _("Write it to a file"), (("media", found.name),), missing),
            *([open_its_ticket(found.ticket)] if found.ticket else []),
            Action("media attach", _("Add it to a ticket"), (("attachments", found.name),)),
            Action("media list", _("Photos and documents")),
        ),
        as_of=request.moment,
        crumb=found.name,
    )


def open_its_ticket(ticket: str) -> Action:
    """What opens the ticket that something belongs to."""
    if is_sop(ticket):
        return Action("sop", _("Open the ticket"), (("sop", ticket),))
    if ticket.startswith(tuple(MAINTENANCE_PREFIXES)):
        return open_ticket(ticket)
    return Action("defect show", _("Open the defect"), (("defect", ticket),))


def _facts(found: Attachment) -> Facts:
    facts = (
        Fact(_("Attachment"), found.name),
        Fact(_("Type"), type_word(found.content_type), _("{type}", type=found.content_type)),
        Fact(_("Size"), size_of(found)),
        Fact(_("Called"), found.file_name or Absent(_("it came without a name"))),
        Fact(_("Received"), Instant(found.received_at)),
        Fact(_("From"), found.phone, _("by {channel}", channel=found.channel)),
        Fact(_("Ticket"), found.ticket or Absent(_("none yet"))),
        Fact(
            _("Added"),
            Absent(_("not yet")) if found.attached_at is None else Instant(found.attached_at),
            _("by {who}", who=found.attached_by) if found.attached_by else None,
        ),
    )
    return Facts("attachment", _("What it is"), facts, Place.MAIN)
