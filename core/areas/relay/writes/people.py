"""What the commands about people in chats change."""

from __future__ import annotations

from random import Random
from secrets import SystemRandom

from core.area import Outcome, Request
from core.areas.relay.model import TELEGRAM, Identity
from core.areas.relay.pages.code import code_page
from core.areas.relay.pages.done import done_page
from core.areas.relay.pages.words import ROLE_WORDS
from core.areas.relay.store.chats import read_chats
from core.areas.relay.store.identities import read_identities
from core.areas.relay.store.reading import Bots
from core.areas.relay.writes.pairing import make_code, set_language, set_role, unpair
from core.errors import InputError, NotFoundError
from core.message import _
from core.notify.people.rows import find_person
from core.principal import Role
from core.store.store import Transaction
from core.text import clean

__all__ = ["apply_language", "apply_pair", "apply_role", "apply_unpair"]


async def apply_pair(
    request: Request, bots: Bots, transaction: Transaction, randomness: Random | None = None
) -> Outcome:
    """A code, shown once."""
    is_group = request.text("group") == "yes"
    role = Role[(request.text("role") or "viewer").upper()]
    code = await make_code(
        transaction,
        request.text("person") or "",
        role,
        request.text("tier") or "",
        is_group,
        request.principal.name,
        randomness or SystemRandom(),
    )
    after = {"role": code.role.name.lower(), "tier": code.tier, "group": is_group, "code": "[secret]"}
    return Outcome(code_page(code, bots), f"person:{code.person}", after=after)


async def apply_unpair(request: Request, transaction: Transaction) -> Outcome:
    """Nobody on the channel is that person any more."""
    name = await _paired_name(request, transaction)
    channel = clean(request.text("channel") or "", 40)
    taken = await unpair(transaction, name, channel)
    if not taken.users and not taken.groups:
        raise InputError(_("{person} isn’t paired on {channel}.", person=name, channel=channel))
    before = _audited(taken.users) | {"groups": [f"{each.channel}:{each.chat}" for each in taken.groups]}
    note = _("{person} may nothing in chats any more, and is told nothing there.", person=name)
    return Outcome(done_page("unpair", note), f"person:{name}", before)


async def apply_role(request: Request, transaction: Transaction) -> Outcome:
    """Other rights, from the next message or press on."""
    name = await _paired_name(request, transaction)
    role = Role[(request.text("role") or "").upper()]
    before = await set_role(transaction, name, role, request.text("tier"))
    if not before:
        raise InputError(_("“{person}” is a group: it is told things and has no rights.", person=name))
    note = _("{person} is {role} from their next message on.", person=name, role=ROLE_WORDS[role])
    after = {"role": role.name.lower(), "tier": request.text("tier") or before[0].tier}
    return Outcome(done_page("role", note), f"person:{name}", _audited(tuple(before)), after)


async def apply_language(request: Request, transaction: Transaction) -> Outcome:
    """The language that whoever asks is answered in, in chats and in what they are told."""
    principal, language = request.principal, request.text("language") or ""
    user = principal.name.removeprefix(f"{principal.channel}:")
    unpaired = user != principal.name
    if not unpaired and principal.channel != TELEGRAM:
        await _known_person(request, transaction)
    person = "" if unpaired else principal.name
    await set_language(transaction, principal.channel, user if unpaired else "", person, language)
    note = _("From now on you are answered in this language.")
    page = done_page("language", note, title=_("Language"))
    return Outcome(page, f"person:{principal.name}", {"language": principal.language}, {"language": language})


async def _known_person(request: Request, transaction: Transaction) -> None:
    """See that whoever sits at a console is somebody who is told things: else nothing would change."""
    try:
        await find_person(transaction.connection, request.principal.name, request.now)
    except NotFoundError as error:
        raise InputError(
            _(
                "You aren’t among the people who are told things as “{name}”. OPSDECK_LANGUAGE sets the"
                " language of the console.",
                name=request.principal.name,
            )
        ) from error


async def _paired_name(request: Request, transaction: Transaction) -> str:
    """The name of whom the request is about, as it was paired.

    Raises:
        NotFoundError: nobody of that name is paired.
    """
    wanted = (request.text("person") or "").casefold()
    moment = transaction.recorded_at
    users = await read_identities(transaction.connection, moment)
    groups = await read_chats(transaction.connection, moment)
    for each in (*users, *groups):
        if each.person and each.person.casefold() == wanted:
            return each.person
    name = clean(request.text("person") or "", 60)
    raise NotFoundError(_("Nobody called “{name}” is paired; “relay” lists who is.", name=name))


def _audited(users: tuple[Identity, ...]) -> dict[str, object]:
    """What the audit log keeps of somebody's users."""
    return {
        "users": [each.address for each in users],
        "role": sorted({each.role.name.lower() for each in users}),
        "tier": sorted({each.tier for each in users if each.tier}),
    }
