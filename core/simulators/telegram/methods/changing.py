"""What changes or removes what was sent, and answers a press (telegram.md 4)."""

from __future__ import annotations

from core.simulators.telegram.arguments import Arguments
from core.simulators.telegram.entities import Entity
from core.simulators.telegram.errors import refused
from core.simulators.telegram.keyboards import read_keyboard
from core.simulators.telegram.methods.backend import Backend, Method
from core.simulators.telegram.methods.media import read_media
from core.simulators.telegram.methods.texts import read_caption, read_text
from core.simulators.telegram.model import Attachment, Chat, Json, Message

__all__ = ["METHODS"]

_DELETABLE = 48 * 3600
"""Seconds for which a message can be taken back."""

_LONGEST_ANSWER = 200
_MOST_DELETED = 100
_UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
_TOO_LATE = "query is too old and response timeout expired or query ID is invalid"


def _edit_text(backend: Backend, arguments: Arguments) -> object:
    text, entities = read_text(arguments)
    markup = read_keyboard(arguments)
    message = _editable(backend, arguments)
    if message.attachment is not None or not message.text:
        raise refused("there is no text in the message to edit")
    return _change(backend, message, text, entities, None, markup)


def _edit_caption(backend: Backend, arguments: Arguments) -> object:
    text, entities = read_caption(arguments)
    markup = read_keyboard(arguments)
    message = _editable(backend, arguments)
    if message.attachment is None:
        raise refused("there is no caption in the message to edit")
    return _change(backend, message, text, entities, message.attachment, markup)


def _edit_media(backend: Backend, arguments: Arguments) -> object:
    """Another file with another caption; a text becomes its caption's message, an album keeps to its kind."""
    item = arguments.fields("media")
    markup = read_keyboard(arguments)
    message = _editable(backend, arguments)
    attached = message.attachment
    if attached is not None and "media_group_id" in message.extra and item.get("type") != attached.kind:
        raise refused("message can't be edited")
    media = read_media(backend, arguments, item)
    return _change(backend, message, media.text, media.entities, media.file, markup)


def _edit_markup(backend: Backend, arguments: Arguments) -> object:
    markup = read_keyboard(arguments)
    message = _editable(backend, arguments)
    return _change(backend, message, message.text, message.entities, message.attachment, markup)


def _editable(backend: Backend, arguments: Arguments) -> Message:
    chat = backend.world.reachable(arguments)
    number = arguments.integer("message_id")
    if not number:
        raise refused("message identifier is not specified")
    message = backend.world.message(chat.id, number)
    if message is None:
        raise refused("message to edit not found")
    if not message.own:
        raise refused("message can't be edited")
    return message


def _change(
    backend: Backend,
    message: Message,
    text: str,
    entities: tuple[Entity, ...],
    attachment: Attachment | None,
    markup: Json | None,
) -> object:
    if message.content == (text, entities, attachment, markup):
        raise refused(_UNCHANGED)
    backend.rates.admit(message.chat, edit=True)
    message.text, message.entities = text, entities
    message.attachment, message.markup = attachment, markup
    backend.world.edited(message)
    return message.body()


def _delete_message(backend: Backend, arguments: Arguments) -> object:
    chat = backend.world.reachable(arguments)
    message = backend.world.message(chat.id, arguments.integer("message_id"))
    if message is None:
        raise refused("message to delete not found")
    if not _may_delete(backend, chat, message):
        raise refused("message can't be deleted")
    backend.world.delete(message)
    return True


def _delete_messages(backend: Backend, arguments: Arguments) -> object:
    """Several at once; those that can't be deleted are passed over."""
    chat = backend.world.reachable(arguments)
    numbers = arguments.rows("message_ids") or []
    if not 1 <= len(numbers) <= _MOST_DELETED:
        raise refused("message identifiers are not specified")
    for number in numbers:
        message = backend.world.message(chat.id, int(number))
        if message is not None and _may_delete(backend, chat, message):
            backend.world.delete(message)
    return True


def _may_delete(backend: Backend, chat: Chat, message: Message) -> bool:
    young = backend.world.time.seconds() - message.date < _DELETABLE
    if chat.standing == "administrator":
        return young or chat.kind != "private"
    return young and (message.own or chat.kind == "private")


def _answer_callback(backend: Backend, arguments: Arguments) -> object:
    press = backend.world.pressed(arguments.text("callback_query_id"))
    if press is None or backend.world.time.monotonic() - press.at > backend.answer_within:
        raise refused(_TOO_LATE)
    text = arguments.text("text")
    if len(text) > _LONGEST_ANSWER:
        raise refused("MESSAGE_TOO_LONG")
    backend.world.answer(press, text, alert=arguments.flag("show_alert"))
    return True


METHODS: dict[str, Method] = {
    "editMessageText": _edit_text,
    "editMessageCaption": _edit_caption,
    "editMessageMedia": _edit_media,
    "editMessageReplyMarkup": _edit_markup,
    "deleteMessage": _delete_message,
    "deleteMessages": _delete_messages,
    "answerCallbackQuery": _answer_callback,
}
