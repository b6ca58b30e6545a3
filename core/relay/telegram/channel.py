"""Telegram as a channel: notices and answers become messages with buttons, pictures and files.

Whatever waits, repeats or counts is the sender's business; here a message is made and handed over once.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence
from random import Random
from zoneinfo import ZoneInfo

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from core.message import _
from core.moment import Clock
from core.notify.channels.channel import Capabilities, Limit, Outgoing, Receipt
from core.notify.channels.failures import DeliveryError, FormatError, UncertainError
from core.notify.delivery.budgets import Budgets
from core.relay.languages import formatter_for, language_of
from core.relay.notices import offers_of
from core.relay.reply import Button, Delivery, Reply, decode_reply
from core.relay.telegram.line import TelegramLine
from core.relay.telegram.parts import change_part, post_part
from core.render.chat_html import ChatPart, TextPart, chat_file, chat_notice, chat_parts
from core.render.values import Formatter
from core.store.store import Store
from core.text import shorten

__all__ = ["TelegramChannel"]

_PRIVATE = Limit(3, 3.0)
_GROUP = Limit(18, 60.0, for_replies=6)
_ALL = Limit(25, 1.0)

_LATELY = 1_000
"""Answers whose messages are remembered."""

_LONGEST_LABEL = 64

log = logging.getLogger("opsdeck.relay.telegram")


class TelegramChannel:
    """Sends by one bot's line.

    What notices offer to press is kept in `store` before they go out, under handles out of `randomness`.
    """

    name = "telegram"
    capabilities = Capabilities(buttons=True, longest=4_096)
    own_addresses = ()
    total = _ALL

    def __init__(self, line: TelegramLine, store: Store, clock: Clock, randomness: Random) -> None:
        self._line = line
        self._store = store
        self._clock = clock
        self._randomness = randomness
        self._starts = Budgets()
        self._lately: OrderedDict[tuple[str, str], str] = OrderedDict()

    def limit(self, address: str) -> Limit:
        """One a second in a private chat with a burst of three; groups take 20 a minute, edits included."""
        return _GROUP if address.startswith("-") else _PRIVATE

    def line(self, address: str) -> str:
        """The Bot API's host."""
        return self._line.host

    async def send(self, message: Outgoing) -> Receipt:
        """Deliver it once, in as many messages as it takes; the last one has the buttons.

        The receipt names them all. An answer that changes an earlier one changes each of its messages, where
        it takes as many as that one did, and is said anew where it doesn't.
        """
        formatter = self._formatter(message)
        chat = message.recipient.address
        if not message.wording.content:
            keyboard = _keyboard(await self._notice_buttons(message), formatter)
            return await self._post_all(
                chat, [_notice(message, formatter)], keyboard, formatter, message.plain
            )
        reply = decode_reply(message.wording.content)
        keyboard = _keyboard(reply.buttons, formatter)
        parts = await _parts(reply, formatter)
        shown = self._lately.get((chat, reply.edits), reply.edits)
        if shown and await self._change_all(chat, shown.split(), parts, keyboard, formatter, message.plain):
            return Receipt(shown, messages=len(parts))
        return await self._post_all(chat, parts, keyboard, formatter, message.plain)

    async def edit(self, message: Outgoing, provider_id: str) -> Receipt:
        """Make the message say something else, with new buttons where there is still something to press."""
        formatter = self._formatter(message)
        keyboard = _keyboard(await self._notice_buttons(message), formatter)
        chat, parts = message.recipient.address, [_notice(message, formatter)]
        numbers = provider_id.split()
        if not await self._change_all(chat, numbers, parts, keyboard, formatter, message.plain):
            raise FormatError(_("The message that was to be changed is not there any more."))
        return Receipt(provider_id)

    async def close(self) -> None:
        """Hang up."""
        await self._line.close()

    def _formatter(self, message: Outgoing) -> Formatter:
        recipient = message.recipient
        return formatter_for(language_of(recipient.language), ZoneInfo(recipient.zone), self._clock.now())

    async def _notice_buttons(self, message: Outgoing) -> tuple[tuple[Button, ...], ...]:
        return await offers_of(message, self._store, self._randomness)

    async def _post_all(
        self,
        chat: str,
        parts: Sequence[ChatPart],
        keyboard: InlineKeyboardMarkup | None,
        formatter: Formatter,
        plain: bool,
    ) -> Receipt:
        """Send the parts one after the other, none faster than the chat allows."""
        numbers: list[str] = []
        for index, part in enumerate(parts):
            await self._wait_for(chat, first=index == 0)
            last = index == len(parts) - 1
            try:
                sent = await post_part(
                    self._line.bot, chat, part, keyboard if last else None, formatter, plain=plain
                )
            except DeliveryError as error:
                if index == 0:
                    raise
                log.warning("an answer arrived in part: %s of %s messages", index, len(parts), exc_info=error)
                raise UncertainError(
                    _(
                        "Only {count} of {total} messages arrived: {reason}",
                        count=str(index),
                        total=str(len(parts)),
                        reason=error.message,
                    )
                ) from error
            numbers.append(str(sent.message_id))
        self._note(chat, numbers)
        return Receipt(" ".join(numbers), messages=len(parts))

    def _note(self, chat: str, numbers: Sequence[str]) -> None:
        """Remember which messages came together: a press may be dealt with before the store knows of them."""
        if not numbers:
            return
        self._lately[chat, numbers[-1]] = " ".join(numbers)
        while len(self._lately) > _LATELY:
            self._lately.popitem(last=False)

    async def _change_all(
        self,
        chat: str,
        numbers: Sequence[str],
        parts: Sequence[ChatPart],
        keyboard: InlineKeyboardMarkup | None,
        formatter: Formatter,
        plain: bool,
    ) -> bool:
        """Put each part in the place of an earlier one; false when they can't all be put there."""
        if len(numbers) != len(parts):
            return False
        last = len(parts) - 1
        for index, (number, part) in enumerate(zip(numbers, parts, strict=True)):
            await self._wait_for(chat, first=index == 0)
            below = keyboard if index == last else None
            if not await change_part(self._line.bot, chat, number, part, below, formatter, plain=plain):
                return False
        return True

    async def _wait_for(self, chat: str, *, first: bool) -> None:
        """Count a message, after waiting for its turn; for the first of an answer the sender has waited."""
        limit = self.limit(chat)
        while not first:
            now = self._clock.monotonic()
            left = max(self._starts.wait(chat, limit, now), self._starts.wait("", self.total, now))
            if left <= 0:
                break
            await self._clock.sleep(left)
        now = self._clock.monotonic()
        self._starts.spend(chat, limit, now)
        self._starts.spend("", self.total, now)
        self._starts.forget(now, 2 * _GROUP.seconds)


def _notice(message: Outgoing, formatter: Formatter) -> TextPart:
    wording = message.wording
    return chat_notice(
        wording.title,
        wording.lines,
        wording.reason,
        message.severity,
        formatter,
        possible_repeat=message.possible_repeat,
    )


async def _parts(reply: Reply, formatter: Formatter) -> Sequence[ChatPart]:
    if reply.delivery is Delivery.DOCUMENT and reply.page is not None:
        return (await asyncio.to_thread(chat_file, reply.page, reply.format or "text", formatter),)
    return chat_parts(reply.page, formatter, lead=reply.lead, closing=reply.text)


def _keyboard(buttons: Sequence[Sequence[Button]], formatter: Formatter) -> InlineKeyboardMarkup | None:
    rows = [[_button(each, formatter) for each in row] for row in buttons if row]
    return InlineKeyboardMarkup(rows) if rows else None


def _button(button: Button, formatter: Formatter) -> InlineKeyboardButton:
    label = button.label if isinstance(button.label, str) else formatter.message(button.label)
    return InlineKeyboardButton(shorten(label, _LONGEST_LABEL), callback_data=button.handle)
