"""What the conversation itself is asked: to greet, to pair, to explain itself."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from core.area import Area
from core.areas.relay.model import GROUP
from core.areas.relay.store.chats import find_chat
from core.command import Command
from core.deck import Deck
from core.encoding import decode, encode
from core.message import Message, _
from core.page import Action, Fact, Facts, Page
from core.principal import Role
from core.relay.drafting import Draft
from core.relay.guard import may
from core.relay.keyboard import action_rows
from core.relay.offers import Offer, Purpose, Rows
from core.relay.people import first_name
from core.relay.turn import Outcome
from core.relay.words import slash
from core.relay.workflows import MENU
from core.store.idempotency import answer, save_answer
from core.units import Severity, State

if TYPE_CHECKING:
    from core.store.store import Transaction

__all__ = ["OWN_COMMANDS", "OwnCommands", "is_code"]

OWN_COMMANDS = ("start", "help", "help operations", "help admin", "cancel", "pair", MENU)

_CODE = re.compile(r"[A-Za-z0-9]{4}([- ]?)[A-Za-z0-9]{4}\1[A-Za-z0-9]{4}")
_OPERATIONS = frozenset({"alerts", "incidents", "operations", "tickets"})
"""The areas that `/help_operations` is about."""

_MOST_EXPLAINED = 30
"""More commands than these are named by area first, and explained when an area is pressed."""
_MOST_NAMED = 5

_LABELS: Mapping[str, Message] = MappingProxyType(
    {
        "faq": _("Frequent questions"),
        "locations": _("Locations"),
        "overview": _("Overview"),
        "setup": _("Set up the network"),
        "status": _("Status"),
        "status-page": _("Service status"),
        "support": _("Get help"),
    }
)
"""What the buttons say that a greeting proposes."""


def is_code(text: str) -> bool:
    """Whether words are in the form of a pairing code."""
    return _CODE.fullmatch(text.strip()) is not None


class OwnCommands:
    """Answers to commands that are of chats only, and so in no registry."""

    def __init__(self, deck: Deck) -> None:
        self._deck = deck
        self._store = deck.services.store

    async def perform(self, draft: Draft, name: str, rest: Sequence[str]) -> None:
        """Answer one of `OWN_COMMANDS`; `cancel` is the dialogs' own, and the menu that of `MainMenu`."""
        words = " ".join(rest)
        match name:
            case "start" | "pair" if words:
                await self._pair(draft, words)
            case "start":
                draft.end()
                await self._greet(draft)
            case "pair":
                draft.say(_("Send the code that the console shows: /pair CODE."))
            case _:
                self._help(draft, name, words)

    async def _greet(self, draft: Draft) -> None:
        sender = draft.inbound.sender
        name = first_name(sender) if sender is not None else ""
        greeting = _("Hello {name}.", name=name) if name else _("Hello.")
        if draft.principal.role is Role.PUBLIC:
            text = _(
                "Here you can see how the service is, find answers and get help. If you belong to the team,"
                " ask for a code and send it as /pair CODE."
            )
            await self._propose(draft, greeting, text, ("status-page", "faq", "support"))
            return
        if self._may(draft, "status") is None:
            text = _(
                "Here you see how the service is, find answers and get help. /help lists what you can ask."
            )
            await self._propose(draft, greeting, text, ("status-page", "faq", "support"))
            return
        ready = await self._deck.configured(draft.principal)
        if not ready.get("network", True) and self._may(draft, "setup"):
            text = _("The network isn’t set up yet: /setup asks for what is needed.")
            await self._propose(draft, greeting, text, ("setup", "overview"))
            return
        text = _("/locations chooses your location, /status shows how it is, /help lists what you can ask.")
        await self._propose(draft, greeting, text, ("status", "locations", "overview", "support"))

    async def _propose(self, draft: Draft, lead: Message, text: Message, names: Sequence[str]) -> None:
        found = [command for name in names if (command := self._may(draft, name)) is not None]
        actions = [Action(command.name, _LABELS[command.name]) for command in found]
        draft.say(text, lead=lead, rows=tuple(action_rows(actions, lambda name: self._may(draft, name))))

    async def _pair(self, draft: Draft, code: str) -> None:
        """Redeem a code, once: when the same message comes again, it gets the same answer."""
        key = hashlib.sha256(f"pair {draft.key}".encode()).hexdigest()
        async with self._store.writing() as transaction:
            earlier = await answer(transaction.connection, key)
            if earlier is None:
                earlier = encode(await self._redeem(draft, transaction, code))
                await save_answer(transaction, key, earlier)
        said = cast("dict[str, object]", decode(earlier))
        if not said["paired"]:
            draft.outcome = Outcome.REFUSED
        draft.say(cast("Message", said["text"]), chat=draft.inbound.chat)

    async def _redeem(self, draft: Draft, transaction: Transaction, code: str) -> dict[str, object]:
        from core.areas.relay.writes.pairing import redeem

        inbound, sender = draft.inbound, draft.inbound.sender
        assert sender is not None
        name = sender.name
        if inbound.chat_kind.value == GROUP:
            group = await find_chat(
                transaction.connection, inbound.channel, inbound.chat, transaction.recorded_at
            )
            name = group.title if group is not None else ""
        result = await redeem(
            transaction,
            code,
            inbound.channel,
            sender.user,
            inbound.chat,
            inbound.chat_kind.value,
            name,
            transaction.recorded_at,
            zone=draft.principal.zone,
        )
        if isinstance(result, Message):
            return {"paired": False, "text": result}
        if result.is_group:
            text = _("From now on this group is told what {person} is told.", person=result.person)
        else:
            role = result.role.name.lower()
            text = _(
                "You are {person} from now on, with the role {role}. /help lists what you can ask.",
                person=result.person,
                role=role,
            )
        return {"paired": True, "text": text}

    def _help(self, draft: Draft, name: str, about: str) -> None:
        """What this person may ask, by area; nothing else is named to them.

        Of a few commands each has its line. Of many their names are shown, and a button for each area,
        whose press, or whose name after `/help`, explains them.
        """
        found = self._askable(draft, name, about)
        if not found:
            draft.say(_("There is nothing of that for you. /help lists what you can ask."))
            return
        brief = sum(len(commands) for _area, commands in found) > _MOST_EXPLAINED
        blocks = [_named(found)] if brief else [_explained(*each) for each in found]
        if name == "help" and not about:
            blocks.append(_of_chats())
        title, state = _("What you can ask"), State(Severity.IDLE, _("HELP"))
        page = Page(name, title, state, tuple(blocks))
        if brief:
            draft.say(_("Press an area to read what its commands do."), page=page, rows=_area_buttons(found))
        else:
            draft.say(page=page)

    def _askable(self, draft: Draft, name: str, about: str) -> list[tuple[Area, list[Command]]]:
        """The areas that are meant, with those of their commands that the person may run."""
        found: list[tuple[Area, list[Command]]] = []
        for area in self._deck.areas:
            if name == "help operations" and area.name not in _OPERATIONS:
                continue
            if about and area.name != about.casefold():
                continue
            commands = [verb.command for verb in area.verbs if may(verb.command, draft.principal)]
            if name == "help admin":
                commands = [command for command in commands if command.role is Role.ADMIN]
            if commands:
                found.append((area, commands))
        return found

    def _may(self, draft: Draft, name: str) -> Command | None:
        registry = self._deck.dispatcher.registry
        command = registry.find(name) if name in registry else None
        return command if may(command, draft.principal) else None


def _explained(area: Area, commands: Sequence[Command]) -> Facts:
    facts = tuple(Fact(slash(command.name), command.summary) for command in commands)
    return Facts(area.name, area.title, facts)


def _named(found: Sequence[tuple[Area, Sequence[Command]]]) -> Facts:
    """The first commands of each area by their names, which a press in the text asks for."""
    facts: list[Fact] = []
    for area, commands in found:
        names = [slash(command.name) for command in commands[:_MOST_NAMED]]
        more = ["…"] if len(commands) > _MOST_NAMED else []
        facts.append(Fact(area.title, " ".join([*names, *more])))
    return Facts("areas", _("Areas"), tuple(facts))


def _area_buttons(found: Sequence[tuple[Area, Sequence[Command]]]) -> Rows:
    """A button for each area, three in a row."""
    offers = [
        Offer(area.title, Purpose.RUN, Action("help", area.title, (("area", area.name),)))
        for area, _commands in found
    ]
    return tuple(tuple(offers[start : start + 3]) for start in range(0, len(offers), 3))


def _of_chats() -> Facts:
    """The conversation's own commands, as help lists them."""
    facts = (
        Fact("/start", _("Say hello; with a code, show who you are")),
        Fact("/help", _("This list; /help_operations and /help_admin are parts of it")),
        Fact("/menu", _("What people ask most")),
        Fact("/cancel", _("Stop what is being asked")),
    )
    return Facts("chat", _("Here"), facts)
