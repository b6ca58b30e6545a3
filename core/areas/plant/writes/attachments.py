"""Giving attachments to tickets, and writing their files where a person can open them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import cast

from core.area import Outcome, Request
from core.areas.plant.model.attachments import AttachmentState
from core.areas.plant.pages.attachments_written import attached_page, saved_page
from core.areas.plant.rules.attachment_numbers import attachment_numbers, file_extension
from core.areas.plant.rules.ticket_numbers import MAINTENANCE_PREFIXES, is_sop
from core.areas.plant.store.attachments import attach, attachment_of, content_of
from core.areas.plant.store.defects import defect_of
from core.areas.plant.store.maintenance import ticket_of
from core.areas.plant.store.sops import sop_of
from core.areas.plant.writes.quality_turn import author, given
from core.errors import RefusedError
from core.message import _
from core.notify.delivery.turn import take_turn
from core.render.export import export_file
from core.settings import CoreSettings
from core.store.store import Transaction
from core.store.versions import NEWEST

__all__ = ["apply_attach", "attach_given", "prepare_save", "saved"]

_CHATS = ("telegram", "whatsapp")


async def attach_given(request: Request, transaction: Transaction, ticket: str) -> None:
    """Give a new ticket what was sent while it was reported.

    Raises:
        NotFoundError: there is no such attachment.
    """
    names = attachment_numbers(request.text("attachments") or "")
    if names:
        await given("attachments", attach(transaction, names, ticket, author(request)))


async def apply_attach(request: Request, transaction: Transaction) -> Outcome:
    """Give attachments to a ticket that is there.

    Raises:
        NotFoundError: there is no such ticket, or no such attachment.
        InputError: it can't be told which ticket is meant.
    """
    await take_turn(transaction)
    names = attachment_numbers(request.text("attachments") or "")
    ticket = await given("ticket", _ticket(transaction, request.text("ticket") or ""))
    await given("attachments", attach(transaction, names, ticket, author(request)))
    return Outcome(attached_page(names, ticket), f"ticket:{ticket}", {}, {"attachments": " ".join(names)})


async def prepare_save(request: Request) -> object:
    """Write the file of an attachment to the export folder; where it is.

    Raises:
        NotFoundError: there is no such attachment.
        RefusedError: its file isn't here, or it is asked for in a chat, which has no folder.
        OpsdeckError: it can't be written there.
    """
    if request.principal.channel in _CHATS:
        raise RefusedError(_("Files are written where opsdeck runs: ask for it in the console."))
    async with request.services.store.reading() as connection:
        found = await attachment_of(connection, request.text("media") or "")
        if found.state is not AttachmentState.KEPT:
            raise RefusedError(_("The file of {name} isn’t here.", name=found.name))
        content = await content_of(connection, found.name)
    book = request.services.settings
    folder = book.of(CoreSettings).exports or book.folders.exports
    extension = file_extension(found.content_type)
    return await asyncio.to_thread(export_file, content, found.name, extension, folder)


def saved(request: Request, prepared: object) -> Outcome:
    """Say where it is."""
    name, path = request.text("media") or "", cast("Path", prepared)
    return Outcome(saved_page(name, str(path)), f"attachment:{name}", {}, {"file": path.name})


async def _ticket(transaction: Transaction, text: str) -> str:
    """The number of the ticket that somebody means, of whichever kind."""
    connection = transaction.connection
    if is_sop(text):
        return (await sop_of(connection, text, NEWEST)).number
    if text.startswith(tuple(MAINTENANCE_PREFIXES)):
        return (await ticket_of(connection, text, NEWEST)).number
    return (await defect_of(connection, text, NEWEST)).number
