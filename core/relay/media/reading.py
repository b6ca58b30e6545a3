"""Files read before the conversation hears what was said with them (whatsapp.md A4, B6).

While a report is being made that takes attachments, what is sent belongs to it. At other times it is kept,
and its sender asked what it is about. What is said with it counts as said.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from random import Random
from zoneinfo import ZoneInfo

from core.area import Services
from core.areas.plant.rules.attachment_numbers import attachment_numbers
from core.areas.relay.settings import RelaySettings
from core.command import Command
from core.message import Message, _
from core.notify.delivery.turn import take_turn
from core.page import Action
from core.principal import Principal, Role
from core.relay.aliases import SEED_COMMANDS
from core.relay.dialog import Dialog, state_name
from core.relay.greetings import is_greeting
from core.relay.guard import may
from core.relay.handles import data_of, new_handle
from core.relay.inbound import ChatKind, Inbound, Text
from core.relay.manners import Manners
from core.relay.media.keeping import Keeper
from core.relay.media.sent import Sent
from core.relay.offers import PRESS_WITHIN, Purpose
from core.relay.own_commands import OWN_COMMANDS
from core.relay.people import principal_of
from core.relay.pipeline import Takes
from core.relay.reply import Button, Reply
from core.relay.sessions.store import DialogStore
from core.relay.situation import read_identities
from core.relay.turn import DialogChange, Handle, OpenDialog, Outcome, Turn
from core.relay.words import Names
from core.settings import CoreSettings

__all__ = ["Admit", "Again", "MediaReading", "Repeated"]

_PARAMETER = "attachments"
"""What a command calls the files that belong to it; one that has it takes them."""

_OFFERS = (
    Action("defect", _("Report a defect")),
    Action("maintenance", _("Maintenance issue")),
    Action("media attach", _("Add to a ticket")),
)
"""What can be done with a file that was sent by itself."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """The buttons of a question that is put once more, with what stands behind them."""

    buttons: tuple[Button, ...] = ()
    handles: tuple[Handle, ...] = ()


Again = Callable[[Inbound, str], Awaitable[Repeated]]
"""Makes the buttons of the open question anew, for the reply of a key, where old ones can't be used."""

Admit = Callable[[Inbound], Awaitable[Turn | None]]
"""Counts what came in; what it leads to when its sender sends too much."""


class MediaReading:
    """Reads for `conversations`, which hear what was said; a `core.relay.pipeline.Takes`.

    `admit` counts what is answered without them (`core.relay.connection.Converses.admit`). `again` puts
    buttons under a question that is repeated; without it those above are pressed. `randomness` makes handles
    and must not be guessable.
    """

    def __init__(
        self,
        conversations: Takes,
        keeper: Keeper,
        services: Services,
        dialogs: DialogStore,
        manners: Manners,
        randomness: Random,
        admit: Admit,
        again: Again | None = None,
    ) -> None:
        self._conversations = conversations
        self._admit = admit
        self._keeper = keeper
        self._store = services.store
        self._clock = services.clock
        self._dialogs = dialogs
        self._manners = manners
        self._randomness = randomness
        self._again = again
        self._zone: ZoneInfo = services.settings.of(CoreSettings).zone
        self._commands = {verb.command.name: verb.command for area in services.areas for verb in area.verbs}
        prefix = services.settings.of(RelaySettings).prefix
        self._names = Names([*self._commands, *OWN_COMMANDS], SEED_COMMANDS, prefix)

    async def take(self, inbound: Inbound) -> Turn:
        """What one thing that came in leads to.

        Raises:
            StoreError: the database can't be used.
        """
        if not inbound.media or inbound.sender is None or inbound.chat_kind is not ChatKind.PRIVATE:
            return await self._conversations.take(inbound)
        principal, opened = await self._known(inbound)
        if principal.role < Role.VIEWER:  # nobody whom we don't know fills the store
            return await self._conversations.take(replace(inbound, media=()))
        content = inbound.content
        caption = content.text if isinstance(content, Text) else ""
        said = caption if isinstance(content, Text) and not content.forwarded else ""
        kept = await self._keeper.keep(inbound, principal, caption)
        if not kept:
            return Turn(Outcome.LIMITED)
        return await self._deal(Sent(inbound, principal, opened, said, tuple(kept)))

    async def _known(self, inbound: Inbound) -> tuple[Principal, OpenDialog | None]:
        """Who sent it, and the session that goes on."""
        assert inbound.sender is not None
        user = inbound.sender.user
        async with self._store.reading() as connection:
            found = await read_identities(connection, [(inbound.channel, user)])
            dialogs = await self._dialogs.read(connection, [inbound])
        opened = dialogs.get((inbound.channel, inbound.chat, user))
        if opened is not None and opened.ends_at <= self._clock.now():
            opened = None
        identity, person = found.get((inbound.channel, user), (None, None))
        language = opened.language if opened is not None else ""
        return (
            principal_of(
                inbound.channel, inbound.chat, inbound.sender, identity, person, self._zone, language
            ),
            opened,
        )

    async def _deal(self, sent: Sent) -> Turn:
        """Give it to the open report, or to a command that was said with it, or ask what it is about."""
        dialog = sent.dialog
        if dialog is not None and sent.names and self._takes(dialog.command):
            dialog = _with(dialog, sent.names)
            if not sent.said:
                return await self._admit(sent.inbound) or await self._ask_again(sent, dialog)
            await self._keep_dialog(sent, dialog)
            return await self._hear(sent, sent.said, sent.for_report)
        if sent.said and dialog is not None:
            return await self._hear(sent, sent.said, sent.by_itself)
        if sent.said and (is_greeting(sent.said) or self._names.read(sent.said).name):
            named = self._names.read(sent.said).name
            belongs = bool(sent.names) and self._takes(named)
            text = f"{sent.said} {_PARAMETER}={','.join(sent.names)}" if belongs else sent.said
            return await self._hear(sent, text, sent.for_report if belongs else sent.by_itself)
        return await self._admit(sent.inbound) or self._offer(sent)

    def _takes(self, name: str) -> bool:
        command = self._commands.get(name)
        return command is not None and command.parameter(_PARAMETER) is not None

    async def _hear(self, sent: Sent, text: str, lead: Message) -> Turn:
        """Let the conversation hear the words, and say first what became of the file."""
        inbound = replace(sent.inbound, content=Text(text), media=())
        return _led(await self._conversations.take(inbound), lead, sent)

    async def _keep_dialog(self, sent: Sent, dialog: Dialog) -> None:
        """Write down what the form knows by now, before the conversation reads it."""
        # It follows from the file alone: what was said with it finds the form as this leaves it.
        inbound = replace(sent.inbound, key=f"{sent.inbound.key}:media")
        turn = Turn(Outcome.ANSWERED, dialog=self._change(sent, dialog.encoded()))
        async with self._store.writing() as transaction:
            await take_turn(transaction)
            await self._dialogs.write(transaction, [(inbound, turn)])

    async def _ask_again(self, sent: Sent, dialog: Dialog) -> Turn:
        """Say that it belongs to the report, and put the open question once more."""
        repeated = Repeated() if self._again is None else await self._again(sent.inbound, sent.key)
        command = self._commands[dialog.command]
        parameter = command.parameter(dialog.asking)
        reply = Reply(
            sent.key,
            sent.inbound.chat,
            lead=sent.for_report,
            text=None if parameter is None else parameter.prompt,
            buttons=tuple((each,) for each in repeated.buttons),
        )
        return self._turn(sent, reply, repeated.handles, dialog.encoded())

    def _offer(self, sent: Sent) -> Turn:
        """Ask what it is about; what couldn't be taken is about nothing."""
        offers = [each for each in _OFFERS if may(self._command(each), sent.principal)] if sent.names else []
        handles = tuple(self._handle(sent, each) for each in offers)
        buttons = tuple(
            (Button(offer.label, data_of(handle.handle)),)
            for offer, handle in zip(offers, handles, strict=True)
        )
        reply = Reply(sent.key, sent.inbound.chat, text=sent.by_itself, buttons=buttons)
        state = sent.opened.state if sent.opened is not None else None
        return self._turn(sent, reply, handles, state)

    def _command(self, offer: Action) -> Command | None:
        return self._commands.get(offer.command)

    def _handle(self, sent: Sent, offer: Action) -> Handle:
        assert sent.inbound.sender is not None
        return Handle(
            handle=new_handle(self._randomness),
            channel=sent.inbound.channel,
            chat=sent.inbound.chat,
            user=sent.inbound.sender.user,
            reply=sent.key,
            purpose=Purpose.RUN.value,
            action=replace(offer, arguments=((_PARAMETER, " ".join(sent.names)),)),
            expires_at=self._clock.now() + PRESS_WITHIN,
        )

    def _turn(self, sent: Sent, reply: Reply, handles: tuple[Handle, ...], state: str | None) -> Turn:
        person = sent.principal
        before = state_name(sent.opened.state) if sent.opened is not None else ""
        return Turn(
            Outcome.ANSWERED,
            (reply,),
            handles,
            dialog=None if sent.opened is None else self._change(sent, state or ""),
            language=person.language,
            zone=person.zone.key,
            person=person.name,
            states=(before, before),
        )

    def _change(self, sent: Sent, state: str) -> DialogChange:
        """The session as it goes on: a file keeps it alive like words."""
        assert sent.inbound.sender is not None
        assert sent.opened is not None
        return DialogChange(
            sent.inbound.channel,
            sent.inbound.chat,
            sent.inbound.sender.user,
            state,
            self._clock.now() + self._manners.silence,
            sent.opened.language,
            sent.opened.began_at,
        )


def _with(dialog: Dialog, names: Sequence[str]) -> Dialog:
    """The form with these attachments beside those that it has."""
    before = dict(dialog.arguments).get(_PARAMETER, "")
    together = " ".join(dict.fromkeys((*attachment_numbers(before), *names)))
    others = tuple(pair for pair in dialog.arguments if pair[0] != _PARAMETER)
    return replace(dialog, arguments=(*others, (_PARAMETER, together)))


def _led(turn: Turn, lead: Message, sent: Sent) -> Turn:
    """The turn with something said first, if anything is said at all."""
    if not turn.replies:
        return turn
    first, *rest = turn.replies
    if first.lead is None and not first.edits:
        return replace(turn, replies=(replace(first, lead=lead), *rest))
    said = Reply(f"{sent.inbound.line}:{sent.inbound.key}:media", sent.inbound.chat, text=lead)
    return replace(turn, replies=(said, *turn.replies))
