"""Asking for something to be filed with the plant's backend, and having it tried again."""

from __future__ import annotations

from dataclasses import replace

from core.area import Outcome, Request
from core.areas.plant.model.filing import Filing, FilingState
from core.areas.plant.pages.filing import filing_note, retried_page
from core.areas.plant.settings import PlantSettings
from core.areas.plant.store.filing import filing_of, record_filings
from core.errors import RefusedError
from core.message import _
from core.notify.delivery.turn import take_turn
from core.page import Page
from core.store.store import Transaction
from core.store.versions import NEWEST

__all__ = ["apply_retry", "ask_filing"]


async def ask_filing(request: Request, transaction: Transaction, filing: Filing, page: Page) -> Page:
    """Have it filed with the backend, where there is one; the page of the write, saying so."""
    if not request.services.settings.of(PlantSettings).files:
        return page
    await record_filings(transaction, [filing])
    return replace(page, blocks=(*page.blocks, filing_note(filing)))


async def apply_retry(request: Request, transaction: Transaction) -> Outcome:
    """Let something be tried again at once.

    Raises:
        NotFoundError: nothing is filed of that.
        RefusedError: the backend has it.
    """
    await take_turn(transaction)
    before = await filing_of(transaction.connection, request.text("number") or "", NEWEST)
    if before.state is FilingState.FILED:
        raise RefusedError(
            _("The plant’s backend has {number} as {filed}.", number=before.number, filed=before.filed_as)
        )
    under_way = before.next_try is not None and before.next_try > transaction.recorded_at
    if under_way and before.reason is None:
        raise RefusedError(_("{number} is being tried right now.", number=before.number))
    after = replace(before, state=FilingState.WAITING, next_try=None)
    await record_filings(transaction, [after])
    return Outcome(
        retried_page(after),
        f"filing:{after.number}",
        {"state": before.state.value},
        {"state": after.state.value},
    )
