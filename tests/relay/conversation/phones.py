"""People with phones who talk to the conversation engine: a real deck and store, only the platform is ours.

What is answered is recorded as the relay does it and then taken for sent, so that buttons belong to messages
as they do on a platform.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sqlalchemy import select, update

from core.area import discover
from core.areas.relay.model import Identity
from core.areas.relay.settings import RelaySettings
from core.areas.relay.store.identities import forget_identity, save_identity
from core.areas.relay.store.tables import RELAY_DIALOG
from core.message import ENGLISH, Message
from core.notify.delivery.tables import OUTBOX
from core.notify.people.person import Address, Person
from core.notify.people.rows import save_person
from core.page import Facts, Note, Page
from core.principal import Role
from core.relay.conversation import Conversations
from core.relay.inbound import ChatKind, Content, Inbound, Press, Sender, Text
from core.relay.recording import record
from core.relay.reply import Button, Reply
from core.relay.turn import Outcome, Turn
from tests.areas.network.world import World, opened

__all__ = [
    "ADMIN",
    "CUSTOMER",
    "GROUP",
    "OPERATOR",
    "STRANGER",
    "VIEWER",
    "FakeLine",
    "Phones",
    "labels",
    "said",
    "with_phones",
]

ADMIN, OPERATOR, VIEWER, CUSTOMER, STRANGER = "5001", "5002", "5003", "5004", "5999"
GROUP = "-100777"
_PAIRED = {
    ADMIN: ("amina", Role.ADMIN),
    OPERATOR: ("otto", Role.OPERATOR),
    VIEWER: ("vera", Role.VIEWER),
    CUSTOMER: ("carl", Role.CUSTOMER),
}


class FakeLine:
    """A platform that lets messages be deleted, unless a test says otherwise."""

    channel = "telegram"
    link = "https://t.me/opsdeck_test_bot"

    def __init__(self) -> None:
        self.deleted: list[tuple[str, str]] = []
        self.deletes = True

    async def acknowledge(self, query: str) -> None:
        pass

    async def busy(self, chat: str) -> None:
        pass

    async def delete(self, chat: str, message: str) -> bool:
        self.deleted.append((chat, message))
        return self.deletes


@dataclass
class Phones:
    """The people, and what their phones show."""

    world: World
    line: FakeLine
    settings: RelaySettings
    shown: dict[str, list[tuple[str, Reply]]] = field(default_factory=dict)
    turns: list[Turn] = field(default_factory=list)
    _randomness: Random = field(default_factory=lambda: Random(7))
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(900_001))
    _messages: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """The relay was killed and runs again: nothing is kept but what the store has."""
        self.conversations = Conversations(
            self.world.deck, {"telegram": self.line}, self.settings, self.world.clock, self._randomness
        )

    @property
    def outcome(self) -> Outcome:
        return self.turns[-1].outcome

    async def know(self, user: str, person: str = "", role: Role | None = None) -> None:
        """Pair a user, or change what they are."""
        name, usual = _PAIRED.get(user, (person, Role.VIEWER))
        async with self.world.deck.services.store.writing() as transaction:
            identity = Identity("telegram", user, person or name, usual if role is None else role, chat=user)
            await save_identity(transaction, identity)
            await save_person(transaction, Person(person or name, addresses=(Address("telegram", user),)))

    async def forget(self, user: str) -> None:
        async with self.world.deck.services.store.writing() as transaction:
            await forget_identity(transaction, "telegram", user)

    def inbound(
        self,
        content: Content,
        user: str | None = ADMIN,
        *,
        chat: str = "",
        kind: ChatKind = ChatKind.PRIVATE,
        key: str = "",
        message: str = "",
    ) -> Inbound:
        sender = None if user is None else Sender(user, f"Op {user}", "en")
        return Inbound(
            channel="telegram",
            line="telegram:42",
            key=key or str(next(self._numbers)),
            at=self.world.clock.now(),
            chat=chat or user or GROUP,
            chat_kind=kind,
            sender=sender,
            content=content,
            message=message or str(next(self._messages)),
        )

    async def write(
        self, text: str, user: str | None = ADMIN, *, group: bool = False, **more: bool
    ) -> list[Reply]:
        """Write words, in private or in the group; what is answered."""
        kind, chat = (ChatKind.GROUP, GROUP) if group else (ChatKind.PRIVATE, "")
        return await self.take(self.inbound(Text(text, **more), user, kind=kind, chat=chat))

    async def press(self, label: str, user: str = ADMIN, *, chat: str = "", back: int = 0) -> list[Reply]:
        """Press the button with that label, of the newest message that has one (or of an earlier one)."""
        message, button = self.button(label, chat or user, back)
        return await self.press_data(button.handle, user, chat=chat, message=message)

    async def press_data(self, data: str, user: str, *, message: str, chat: str = "") -> list[Reply]:
        kind = ChatKind.GROUP if (chat or user).startswith("-") else ChatKind.PRIVATE
        return await self.take(self.inbound(Press(data, "4382"), user, chat=chat, kind=kind, message=message))

    def button(self, label: str, chat: str, back: int = 0) -> tuple[str, Button]:
        """A button with the id of the message it is under."""
        found = [
            (message, button)
            for message, reply in reversed(self.shown.get(chat, []))
            for row in reply.buttons
            for button in row
            if words(button.label) == label
        ]
        assert found, f"no button {label!r} among {[labels(r) for _m, r in self.shown.get(chat, [])[-2:]]}"
        return found[back]

    async def take(self, inbound: Inbound, *, crash: bool = False) -> list[Reply]:
        """What one thing leads to, recorded and sent; or forgotten, if the relay is killed before."""
        turn = await self.conversations.take(inbound)
        _fits_a_platform(turn)
        if crash:
            self.restart()
            return list(turn.replies)
        self.turns.append(turn)
        async with self.world.deck.services.store.writing() as transaction:
            await record(transaction, [(inbound, turn)])
        await self.send(turn)
        return list(turn.replies)

    async def expire(self) -> list[Reply]:
        turns = await self.conversations.expire()
        for turn in turns:
            await self.send(turn)
        return [reply for turn in turns for reply in turn.replies]

    async def send(self, turn: Turn) -> None:
        """Take for sent what waits in the outbox."""
        async with self.world.deck.services.store.writing() as transaction:
            for reply in turn.replies:
                message = reply.edits or f"m{next(self._messages)}"
                sent = update(OUTBOX).where(OUTBOX.c.dedup_key == reply.key, OUTBOX.c.provider_id.is_(None))
                done = await transaction.connection.execute(sent.values(state="sent", provider_id=message))
                if done.rowcount:
                    self.shown.setdefault(reply.chat, []).append((message, reply))

    async def dialogs(self) -> list[str]:
        """The states of all open dialogs, as the store has them."""
        async with self.world.deck.services.store.reading() as connection:
            return list((await connection.execute(select(RELAY_DIALOG.c.state))).scalars())


def _fits_a_platform(turn: Turn) -> None:
    """What every platform wants of a message, whatever is on it."""
    behind = {handle.handle: handle for handle in turn.handles}
    for reply in turn.replies:
        buttons = [button for row in reply.buttons for button in row]
        assert len(buttons) <= 24, labels(reply)
        assert all(len(row) <= 5 for row in reply.buttons)
        assert all(words(button.label).strip() for button in buttons), labels(reply)
        assert len({button.handle for button in buttons}) == len(buttons)
        for button in buttons:
            handle = behind[button.handle.removeprefix("v1:")]
            assert (handle.reply, handle.chat) == (reply.key, reply.chat)


def words(value: Message | str) -> str:
    return ENGLISH.text(value) if isinstance(value, Message) else value


def said(replies: list[Reply]) -> str:
    """Everything that replies say, pages by title, verdict, notes and facts."""
    parts: list[str] = []
    for reply in replies:
        parts += [words(each) for each in (reply.lead, reply.text) if each is not None]
        if reply.page is not None:
            parts += _page_words(reply.page)
    return "\n".join(parts)


def labels(reply: Reply) -> list[str]:
    return [words(button.label) for row in reply.buttons for button in row]


@asynccontextmanager
async def with_phones(
    tmp_path: Path, *, settings: Mapping[str, object] | None = None, flags: Mapping[str, str] | None = None
) -> AsyncIterator[Phones]:
    """A deck with an administrator, an operator, a viewer and a customer, all paired."""
    async with opened(tmp_path, settings=flags, areas=discover()) as opened_world:
        phones = Phones(opened_world, FakeLine(), RelaySettings(**(settings or {})))  # type: ignore[arg-type]
        for user in _PAIRED:
            await phones.know(user)
        yield phones


def _page_words(page: Page) -> list[str]:
    found = [words(page.title), words(page.crumb), words(page.verdict.word)]
    for block in page.blocks:
        if isinstance(block, Note):
            found.append(words(block.text))
        elif isinstance(block, Facts):
            found += [f"{words(fact.label)} {fact.value}" for fact in block.facts]
    return found
