"""Who is behind a chat's user: pairing by a code, and what is changed of that later (reliability.md S8).

Pairing gives a user the rights of a person, and the person an address. A group is only ever told things: its
code makes no user anything. Everything here runs in the caller's transaction. What `redeem` does is audited
here, because no command stands behind it; the rest is audited with the command that asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from core.areas.relay.model import GROUP, PRIVATE, Chat, Identity, PairingCode
from core.areas.relay.rules.pairing_code import ATTEMPTS, LASTING, new_code
from core.areas.relay.store.chats import read_chats, save_chat
from core.areas.relay.store.codes import add_code, add_failure, failures, find_code, prune_codes, use_code
from core.areas.relay.store.identities import (
    find_identity,
    forget_identity,
    identities_of,
    save_identity,
)
from core.errors import NotFoundError
from core.message import Message, _
from core.notify.delivery.recipients import enable
from core.notify.people.person import Address, Person, Subscription
from core.notify.people.rows import find_person, save_person
from core.principal import Principal, Role
from core.store.audit import AuditEntry
from core.store.store import Transaction
from core.text import clean
from core.units import Severity

__all__ = ["Paired", "Unpaired", "make_code", "redeem", "set_language", "set_role", "unpair"]

_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Paired:
    """Somebody who is known from now on: the person, and what they may. A group may nothing."""

    person: str
    role: Role
    tier: str
    is_group: bool


@dataclass(frozen=True, slots=True)
class Unpaired:
    """What a person had: the users they were, and the groups that were told in their name."""

    users: tuple[Identity, ...]
    groups: tuple[Chat, ...]


async def make_code(
    transaction: Transaction,
    person: str,
    role: Role,
    tier: str,
    is_group: bool,
    made_by: str,
    randomness: Random,
) -> PairingCode:
    """A code that makes its first bearer `person` with that role and tier; it lasts ten minutes.

    For a group (`is_group`) the chat it is sent in is told what `person` is told, and nobody in it gets
    rights. `randomness` must not be guessable. Somebody known keeps the spelling of their name.
    """
    now = transaction.recorded_at
    known = await _person(transaction, person)
    await prune_codes(transaction, now)
    code = PairingCode(
        person=known.name if known is not None else clean(person.strip(), 200),
        role=Role.PUBLIC if is_group else role,
        tier="" if is_group else tier,
        is_group=is_group,
        made_by=clean(made_by, 200),
        made_at=now,
        expires_at=now + LASTING,
        text=new_code(randomness),
    )
    await add_code(transaction, code)
    return code


async def redeem(
    transaction: Transaction,
    code: str,
    channel: str,
    user: str,
    chat: str,
    chat_kind: str,
    name: str,
    now: datetime,
    *,
    zone: ZoneInfo = _UTC,
) -> Paired | Message:
    """What a user who sent a code becomes by it, or the sentence that refuses it.

    `chat_kind` is where it was sent (a `ChatKind`'s value), `name` what the channel calls the user, or the
    group; `zone` is where somebody new reads the clock. A person's own code that was sent where others read
    along is spent without an effect.
    """
    if await failures(transaction.connection, channel, user, now) >= ATTEMPTS:
        return _("Too many codes were wrong. Wait an hour, then send a new one.")
    found = await find_code(transaction.connection, code, now)
    who = f"{channel}:{user}"
    if found is None:
        await add_failure(transaction, channel, user, now)
        await _audit(transaction, who, channel, chat, None, result="refused: no such code")
        return _("This code isn’t known, was used already, or is older than ten minutes. Ask for a new one.")
    if found.is_group and chat_kind != GROUP:
        return _("This code is for a group: add me to the group and send it there.")
    if not await use_code(transaction, code, who, now):
        return _("This code was used already. Ask for a new one.")
    if not found.is_group and chat_kind != PRIVATE:
        await _audit(transaction, who, channel, chat, found, result="refused: not sent in private")
        return _("Others can read this code here, so it’s void. Ask for a new one and send it to me alone.")
    name = clean(name, 200)
    if found.is_group:
        await save_chat(transaction, Chat(channel, chat, GROUP, name, found.person))
    else:
        await _know(transaction, found, channel, user, chat, name)
    await _tell(transaction, found, Address(channel, chat), zone)
    await _audit(transaction, who, channel, chat, found)
    return Paired(found.person, found.role, found.tier, found.is_group)


async def unpair(transaction: Transaction, person: str, channel: str = "") -> Unpaired:
    """Take from a person every chat on the channel, or on all: their users, and groups told in their name.

    The person stays among the people, reached by whatever isn't a chat.
    """
    moment = transaction.recorded_at
    users = [
        each
        for each in await identities_of(transaction.connection, person, moment)
        if channel in ("", each.channel)
    ]
    for each in users:
        await forget_identity(transaction, each.channel, each.user)
    groups = [
        each
        for each in await read_chats(transaction.connection, moment)
        if each.person == person and channel in ("", each.channel)
    ]
    for each in groups:
        await save_chat(transaction, replace(each, person=""))
    known = await _person(transaction, person)
    if known is not None:
        left = {each.channel for each in (*users, *groups)}
        kept = tuple(each for each in known.addresses if each.channel not in left)
        await save_person(transaction, replace(known, addresses=kept))
    return Unpaired(tuple(users), tuple(groups))


async def set_role(
    transaction: Transaction, person: str, role: Role, tier: str | None = None
) -> list[Identity]:
    """Another role, and another tier where given, for every user of the person's; as they were before."""
    known = await identities_of(transaction.connection, person, transaction.recorded_at)
    for each in known:
        changed = replace(each, role=role, tier=each.tier if tier is None else tier)
        await save_identity(transaction, changed)
    return known


async def set_language(transaction: Transaction, channel: str, user: str, person: str, language: str) -> None:
    """Remember the language that somebody chose: for the person in all they are told, or for the user alone.

    `person` is empty for somebody who isn't paired, `user` for a person who didn't choose it in a chat.
    """
    moment = transaction.recorded_at
    users = await identities_of(transaction.connection, person, moment) if person else []
    if user and not any((each.channel, each.user) == (channel, user) for each in users):
        own = await find_identity(transaction.connection, channel, user, moment)
        users.append(own or Identity(channel, user))
    for each in users:
        await save_identity(transaction, replace(each, language=language))
    known = await _person(transaction, person) if person else None
    if known is not None:
        await save_person(transaction, replace(known, language=language))


async def _know(
    transaction: Transaction,
    code: PairingCode,
    channel: str,
    user: str,
    chat: str,
    name: str,
) -> None:
    """From now on the user is the code's person; the language they chose before stays."""
    before = await find_identity(transaction.connection, channel, user, transaction.recorded_at)
    identity = Identity(
        channel=channel,
        user=user,
        person=code.person,
        role=code.role,
        tier=code.tier,
        chat=chat,
        name=name,
        language=before.language if before is not None else "",
    )
    await save_identity(transaction, identity)
    await save_chat(transaction, Chat(channel, chat, PRIVATE, name))


async def _tell(transaction: Transaction, code: PairingCode, address: Address, zone: ZoneInfo) -> None:
    """Reach the code's person at the address from now on; somebody new is told warnings and worse.

    Customers ask; they are told nothing they didn't ask for.
    """
    known = await _person(transaction, code.person)
    told = code.is_group or code.role >= Role.VIEWER
    new = Person(
        code.person,
        zone=zone,
        subscriptions=(Subscription(severity=Severity.WARNING),) if told else (),
    )
    person = known or new
    others = tuple(each for each in person.addresses if each.channel != address.channel)
    await save_person(transaction, replace(person, addresses=(*others, address)))
    await enable(transaction, address.channel, address.address)


async def _person(transaction: Transaction, name: str) -> Person | None:
    """The person of that name, in any letter case, if there is one."""
    try:
        return await find_person(transaction.connection, name, transaction.recorded_at)
    except NotFoundError:
        return None


async def _audit(
    transaction: Transaction,
    who: str,
    channel: str,
    chat: str,
    code: PairingCode | None,
    result: str = "done",
) -> None:
    after: dict[str, object] = {}
    if code is not None:
        after = {"person": code.person, "role": code.role.name.lower(), "made_by": code.made_by}
    principal = Principal(who, Role.PUBLIC, channel, chat)
    target = "" if code is None else f"person:{code.person}"
    await transaction.audit(AuditEntry.of(principal, "pair", target=target, after=after, result=result))
