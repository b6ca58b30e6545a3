"""One part of an answer in a chat: posted as a message of its own, or put in the place of an earlier one."""

from __future__ import annotations

from io import BytesIO

from telegram import (
    Bot,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaDocument,
    InputMediaPhoto,
    LinkPreviewOptions,
    Message,
)
from telegram.constants import ParseMode
from telegram.error import TelegramError

from core.relay.drawing import drawn
from core.relay.telegram.errors import ApiError, failure_of
from core.relay.telegram.line import chat_of
from core.render.chat_html import ChatPart, DocumentPart, PhotoPart, TextPart
from core.render.values import Formatter

__all__ = ["change_part", "post_part"]

_PICTURE = "chart.png"
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_UNCHANGED = "message is not modified"
_NOT_THERE = ("message to edit not found", "message can't be edited", "there is no text in the message")


async def post_part(
    bot: Bot,
    chat: str,
    part: ChatPart,
    keyboard: InlineKeyboardMarkup | None,
    formatter: Formatter,
    *,
    plain: bool,
) -> Message:
    """Send the part; `plain` is without markup, where it was refused with it.

    Raises:
        DeliveryError: it was not sent, or nobody knows.
    """
    to, (mode, words) = chat_of(chat), _words(part, plain=plain)
    try:
        match part:
            case TextPart():
                return await bot.send_message(
                    to, words, parse_mode=mode, reply_markup=keyboard, link_preview_options=_NO_PREVIEW
                )
            case PhotoPart():
                file = InputFile(BytesIO(await drawn(part.figure, formatter)), filename=_PICTURE)
                return await bot.send_photo(to, file, caption=words, parse_mode=mode, reply_markup=keyboard)
            case DocumentPart():
                file = InputFile(BytesIO(part.content), filename=part.name)
                return await bot.send_document(
                    to, file, caption=words, parse_mode=mode, reply_markup=keyboard
                )
    except TelegramError as error:
        raise failure_of(error) from error


async def change_part(
    bot: Bot,
    chat: str,
    number: str,
    part: ChatPart,
    keyboard: InlineKeyboardMarkup | None,
    formatter: Formatter,
    *,
    plain: bool,
) -> bool:
    """Make the message with that number show the part; false when no message of ours can be made to.

    A picture's message gets another picture; a text can take the place of a text alone.

    Raises:
        DeliveryError: it was not changed, or nobody knows.
    """
    to, (mode, words) = chat_of(chat), _words(part, plain=plain)
    try:
        message = int(number)
        match part:
            case TextPart():
                await bot.edit_message_text(
                    words,
                    to,
                    message,
                    parse_mode=mode,
                    reply_markup=keyboard,
                    link_preview_options=_NO_PREVIEW,
                )
            case PhotoPart():
                picture = await drawn(part.figure, formatter)
                photo = InputMediaPhoto(picture, caption=words, parse_mode=mode, filename=_PICTURE)
                await bot.edit_message_media(photo, to, message, reply_markup=keyboard)
            case DocumentPart():
                document = InputMediaDocument(
                    part.content, caption=words, parse_mode=mode, filename=part.name
                )
                await bot.edit_message_media(document, to, message, reply_markup=keyboard)
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


def _words(part: ChatPart, *, plain: bool) -> tuple[ParseMode | None, str]:
    """The part's text or caption, and how it is marked up."""
    return (None, part.plain) if plain else (ParseMode.HTML, part.html)
