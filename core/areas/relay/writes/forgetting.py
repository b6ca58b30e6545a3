"""What the command to forget somebody changes (reliability.md S20)."""

from __future__ import annotations

from core.area import Outcome, Request
from core.areas.relay.model import WHATSAPP
from core.areas.relay.pages.done import done_page
from core.areas.relay.store.forgetting import Account, accounts_of, erase_account, erase_person
from core.errors import NotFoundError
from core.message import _
from core.notify.people.phones import Phones, phone_of
from core.notify.people.rows import find_person
from core.store.store import Transaction
from core.text import clean, masked_phone

__all__ = ["apply_forget"]


async def apply_forget(request: Request, transaction: Transaction) -> Outcome:
    """Forget a person with all that they are reached by, or whoever is behind a phone.

    A session in Redis is out of a command's reach: it ends by itself within a day.

    Raises:
        NotFoundError: nobody is called so, and it is no phone.
    """
    who = clean(request.text("who") or "", 200).strip()
    vault = request.services.vault
    user = Phones(vault).user_of(phone_of(who))
    name = "" if user else await _name(request, transaction, who)
    accounts = [Account(WHATSAPP, user)] if user else await accounts_of(transaction, name)
    if not accounts and not name:
        raise NotFoundError(_("Nobody called “{name}” is known here.", name=who[:60]))
    for each in accounts:
        await erase_account(transaction, each, vault.audit_key)
    if name:
        await erase_person(transaction, name)
    shown = name or masked_phone(user)
    note = _(
        "{person} is forgotten: accounts, sessions, addresses, and what was said. Tickets and the audit log"
        " keep their names; backups made before still hold the rest.",
        person=shown,
    )
    target = f"person:{name}" if name else f"{WHATSAPP}:{user}"
    return Outcome(done_page("forget", note), target, {"accounts": len(accounts)}, {"accounts": 0})


async def _name(request: Request, transaction: Transaction, who: str) -> str:
    """The person's name as it is spelled; as it was typed, where only a pairing knows it; else empty."""
    try:
        return (await find_person(transaction.connection, who, request.now)).name
    except NotFoundError:
        return who if await accounts_of(transaction, who) else ""
