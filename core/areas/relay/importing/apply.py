"""Reading what there is, and writing what an import changes."""

from __future__ import annotations

from collections.abc import Mapping

from core.area import Services
from core.areas.relay.importing.plan import Known, Plan
from core.areas.relay.model import GROUP
from core.areas.relay.store.chats import read_chats, save_chat
from core.areas.relay.store.identities import read_identities, save_identity
from core.notify.people.rows import read_people, save_person
from core.settings import CoreSettings
from core.store.store import Transaction

__all__ = ["apply_plan", "read_known"]


async def read_known(services: Services, settings: Mapping[str, str]) -> Known:
    """What there is at present; `settings` are those that are set."""
    now = services.store.present()
    async with services.store.reading() as connection:
        people = await read_people(connection, now)
        identities = await read_identities(connection, now)
        chats = await read_chats(connection, now)
    return Known(people, identities, chats, settings, services.settings.of(CoreSettings).zone)


async def apply_plan(transaction: Transaction, plan: Plan) -> dict[str, object]:
    """Write people, users and chats; what the audit log keeps of it. The settings are the caller's."""
    for person in plan.people:
        await save_person(transaction, person)
    for identity in plan.identities:
        await save_identity(transaction, identity)
    for chat in plan.chats:
        await save_chat(transaction, chat)
    return {
        "people": [each.name for each in plan.people],
        "admins": [each.address for each in plan.identities],
        "groups": [f"{each.channel}:{each.chat}" for each in plan.chats if each.kind == GROUP],
        "settings": [each.name for each in plan.settings],
    }
