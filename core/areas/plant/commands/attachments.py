"""Photos and documents that people sent: listed, looked at, written to files, given to tickets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.area import Outcome, Read, Request, Verb, Write
from core.areas.plant.commands.attachment_parameters import AttachmentsType
from core.areas.plant.commands.maintenance_parameters import ANY_TICKET
from core.areas.plant.commands.parameters import NumberedType, words
from core.areas.plant.rules.attachment_numbers import attachment_number
from core.command import Command, Effect, Parameter
from core.message import _
from core.page import Page
from core.principal import Role

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["ATTACHMENT_VERBS"]

_MEDIA = Parameter(
    "media",
    _("Which attachment? Its number, like MED-2026-0001."),
    NumberedType(attachment_number),
    required=True,
    source="plant attachment",
)
_SHOWN = words(("loose", _("what belongs to no ticket yet")), ("all", _("all")))


async def _show(request: Request) -> Page:
    from core.areas.plant.pages.attachment import attachment_page

    return await attachment_page(request)


async def _list(request: Request) -> Page:
    from core.areas.plant.pages.attachments import attachments_page

    return await attachments_page(request)


async def _write_file(request: Request) -> object:
    from core.areas.plant.writes.attachments import prepare_save

    return await prepare_save(request)


async def _save(request: Request, prepared: object, _transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.attachments import saved

    return saved(request, prepared)


async def _attach(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.attachments import apply_attach

    return await apply_attach(request, transaction)


ATTACHMENT_VERBS = (
    Verb(
        Command("media", _("One photo or document that somebody sent, and what it belongs to"), (_MEDIA,)),
        Read(_show),
    ),
    Verb(
        Command(
            "media list",
            _("Photos and documents that people sent, the newest first"),
            (Parameter("show", _("Which ones?"), _SHOWN, default="loose"),),
        ),
        Read(_list),
    ),
    Verb(
        Command(
            "media save",
            _("Write a photo or document to a new file in the export folder, to be opened there"),
            (_MEDIA,),
            effect=Effect.WRITE,
        ),
        Write(_save, _write_file),
    ),
    Verb(
        Command(
            "media attach",
            _("Add photos or documents to a ticket that is there"),
            (
                Parameter(
                    "attachments",
                    _("Which photos or documents? Their numbers, like MED-2026-0001."),
                    AttachmentsType(some=True),
                    required=True,
                    source="plant attachment",
                ),
                ANY_TICKET,
            ),
            role=Role.VIEWER,
            effect=Effect.WRITE,
        ),
        Write(_attach),
    ),
)
