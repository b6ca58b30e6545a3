"""What is filed with the plant's backend, and having something tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.area import Outcome, Read, Request, Verb, Write
from core.areas.plant.commands.parameters import NumberedType
from core.command import Command, Effect, Parameter
from core.message import _
from core.page import Page
from core.principal import Role
from core.text import clean

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["FILING_VERBS"]


def _number(text: str) -> str:
    return clean(text.strip().upper(), 60)


async def _list(request: Request) -> Page:
    from core.areas.plant.pages.filing import filings_page

    return await filings_page(request)


async def _retry(request: Request, _prepared: object, transaction: Transaction) -> Outcome:
    from core.areas.plant.writes.filing import apply_retry

    return await apply_retry(request, transaction)


FILING_VERBS = (
    Verb(
        Command(
            "plant backend",
            _("What is filed with the plant’s backend: what waits, was refused, or is there"),
        ),
        Read(_list),
    ),
    Verb(
        Command(
            "plant backend retry",
            _("File something with the plant’s backend that waits or was refused, now"),
            (
                Parameter(
                    "number",
                    _("Which? Its number, like RJT-2026-0001."),
                    NumberedType(_number),
                    required=True,
                ),
            ),
            role=Role.OPERATOR,
            effect=Effect.WRITE,
        ),
        Write(_retry),
    ),
)
