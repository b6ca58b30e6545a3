"""Telegram as a channel: notices and answers become messages with buttons, pictures and files.

Whatever waits, repeats or counts is the sender's business; here a message is made and handed over once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from io import BytesIO
from random import Random
from zoneinfo import ZoneInfo

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
)
from telegram.constants import ParseMode
from telegram.error import TelegramError

from core.message import _
from core.moment import Clock
from core.notify.channels.channel import Capabilities, Limit, Outgoing, Receipt
from core.notify.channels.failures import DeliveryError, FormatError, UncertainError
from core.notify.delivery.budgets import Budgets
from core.relay.languages import formatter_for, language_of
from core.relay.notices import offers_of
from core.relay.reply import Button, Delivery, Reply, decode_reply
from core.relay.telegram.errors import ApiError, failure_of
from core.relay.telegram.line import TelegramLine, chat_of
from core.render.chat_html import (
    ChatPart,
    DocumentPart,
    PhotoPart,
    TextPart,
    chat_file,
    chat_notice,
    chat_parts,
)
from core.render.values import Formatter
from core.store.store import Store
from core.text import shorten

__all__ = ["TelegramChannel"]

_PRIVATE = Limit(3, 3.0)
_GROUP = Limit(18, 60.0, for_replies=6)
_ALL = Limit(25, 1.0)

_LONGEST_LABEL = 64
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_UNCHANGED = "message is not modified"
_NOT_THERE = ("message to edit not found", "message can't be edited", "there is no text in the message")

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

    def limit(self, address: str) -> Limit:
        """One a second in a private chat with a burst of three; groups take 20 a minute, edits included."""
        return _GROUP if address.startswith("-") else _PRIVATE

    def line(self, address: str) -> str:
        """The Bot API's host."""
        return self._line.host

    async def send(self, message: Outgoing) -> Receipt:
        """Deliver it once, in as many messages as it takes; the last one has the buttons."""
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
        only = parts[0] if reply.edits and len(parts) == 1 else None
        if isinstance(only, TextPart) and await self._edited(
            chat, reply.edits, only, keyboard, message.plain
        ):
            return Receipt(reply.edits)
        return await self._post_all(chat, parts, keyboard, formatter, message.plain)

    async def edit(self, message: Outgoing, provider_id: str) -> Receipt:
        """Make the message say something else, with new buttons where there is still something to press."""
        formatter = self._formatter(message)
        keyboard = _keyboard(await self._notice_buttons(message), formatter)
        chat, part = message.recipient.address, _notice(message, formatter)
        if not await self._edited(chat, provider_id, part, keyboard, message.plain):
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
        number = ""
        for index, part in enumerate(parts):
            await self._wait_for(chat, first=index == 0)
            last = index == len(parts) - 1
            try:
                sent = await self._post(chat, part, keyboard if last else None, formatter, plain)
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
            number = str(sent.message_id)
        return Receipt(number, messages=len(parts))

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

    async def _post(
        self,
        chat: str,
        part: ChatPart,
        keyboard: InlineKeyboardMarkup | None,
        formatter: Formatter,
        plain: bool,
    ) -> Message:
        """Send one part.

        Raises:
            DeliveryError: it was not sent, or nobody knows.
        """
        bot, to = self._line.bot, chat_of(chat)
        mode, words = (None, part.plain) if plain else (ParseMode.HTML, part.html)
        try:
            match part:
                case TextPart():
                    return await bot.send_message(
                        to, words, parse_mode=mode, reply_markup=keyboard, link_preview_options=_NO_PREVIEW
                    )
                case PhotoPart():
                    picture = await asyncio.to_thread(_drawn, part, formatter)
                    file = InputFile(BytesIO(picture), filename="chart.png")
                    return await bot.send_photo(
                        to, file, caption=words, parse_mode=mode, reply_markup=keyboard
                    )
                case DocumentPart():
                    file = InputFile(BytesIO(part.content), filename=part.name)
                    return await bot.send_document(
                        to, file, caption=words, parse_mode=mode, reply_markup=keyboard
                    )
        except TelegramError as error:
            raise failure_of(error) from error

    async def _edited(
        self, chat: str, number: str, part: TextPart, keyboard: InlineKeyboardMarkup | None, plain: bool
    ) -> bool:
        """Make the message say this; false when there is no such message of ours to change."""
        mode, words = (None, part.plain) if plain else (ParseMode.HTML, part.html)
        await self._wait_for(chat, first=True)
        try:
            await self._line.bot.edit_message_text(
                words,
                chat_of(chat),
                int(number),
                parse_mode=mode,
                reply_markup=keyboard,
                link_preview_options=_NO_PREVIEW,
            )
        except ValueError:
            return False
        except ApiError as error:
            if error.says(_UNCHANGED):
                return True
            if error.says(*_NOT_THERE):
                return False
            raise failure_of(error) from error
        except TelegramError as error:
            raise failure_of(error) from error
        return True


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


def _drawn(part: PhotoPart, formatter: Formatter) -> bytes:
    from core.render.png import png_of

    return png_of(part.figure, formatter)


def _keyboard(buttons: Sequence[Sequence[Button]], formatter: Formatter) -> InlineKeyboardMarkup | None:
    rows = [[_button(each, formatter) for each in row] for row in buttons if row]
    return InlineKeyboardMarkup(rows) if rows else None


def _button(button: Button, formatter: Formatter) -> InlineKeyboardButton:
    label = button.label if isinstance(button.label, str) else formatter.message(button.label)
    return InlineKeyboardButton(shorten(label, _LONGEST_LABEL), callback_data=button.handle)
