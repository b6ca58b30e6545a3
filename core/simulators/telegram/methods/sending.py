"""What puts something new into a chat (telegram.md 4)."""

from __future__ import annotations

from typing import Literal

from core.simulators.noise import chance
from core.simulators.telegram.arguments import Arguments
from core.simulators.telegram.errors import refused
from core.simulators.telegram.keyboards import read_keyboard
from core.simulators.telegram.methods.backend import Backend, Method
from core.simulators.telegram.methods.media import read_media
from core.simulators.telegram.methods.texts import read_caption, read_text
from core.simulators.telegram.model import Chat, Message

__all__ = ["METHODS"]

_ACTIONS = frozenset(
    {
        "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
        "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
    }
)  # fmt: skip
_ACTION_LASTS = 5.0
_ALBUM = range(2, 11)


def _send_message(backend: Backend, arguments: Arguments) -> object:
    text, entities = read_text(arguments)
    markup = read_keyboard(arguments)
    chat = backend.world.reachable(arguments)
    reply_to = _replied(backend, chat, arguments)
    backend.rates.admit(chat)
    message = backend.world.post(
        chat, backend.world.me, text=text, entities=entities, markup=markup, reply_to=reply_to, own=True
    )
    return message.body()


def _send_photo(backend: Backend, arguments: Arguments) -> object:
    return _send_file(backend, arguments, "photo")


def _send_document(backend: Backend, arguments: Arguments) -> object:
    return _send_file(backend, arguments, "document")


def _send_file(backend: Backend, arguments: Arguments, kind: Literal["photo", "document"]) -> object:
    attachment = backend.files.attach(arguments, kind, kind)
    caption, entities = read_caption(arguments)
    markup = read_keyboard(arguments)
    chat = backend.world.reachable(arguments)
    reply_to = _replied(backend, chat, arguments)
    backend.rates.admit(chat)
    message = backend.world.post(
        chat,
        backend.world.me,
        text=caption,
        entities=entities,
        attachment=attachment,
        markup=markup,
        reply_to=reply_to,
        own=True,
    )
    return message.body()


def _send_media_group(backend: Backend, arguments: Arguments) -> object:
    items = arguments.rows("media") or []
    if len(items) not in _ALBUM:
        raise refused("there must be from 2 to 10 items in an album")
    kinds = {str(item.get("type")) for item in items}
    if not kinds <= {"photo", "document"} or ("document" in kinds and len(kinds) > 1):
        raise refused("document can't be mixed with other media types")
    chat = backend.world.reachable(arguments)
    album = [read_media(backend, arguments, item) for item in items]
    backend.rates.admit(chat)
    number = str(int(1e16 * (1 + chance(backend.world.seed, "album", chat.id, backend.world.time.now()))))
    sent = [
        backend.world.post(
            chat,
            backend.world.me,
            text=media.text,
            entities=media.entities,
            attachment=media.file,
            own=True,
            extra={"media_group_id": number},
        )
        for media in album
    ]
    return [message.body() for message in sent]


def _send_chat_action(backend: Backend, arguments: Arguments) -> object:
    action = arguments.text("action").lower()
    if action not in _ACTIONS:
        raise refused("wrong parameter action in request")
    chat = backend.world.reachable(arguments)
    backend.world.actions[chat.id] = (action, backend.world.time.monotonic() + _ACTION_LASTS)
    return True


def _replied(backend: Backend, chat: Chat, arguments: Arguments) -> Message | None:
    """The message that the new one answers.

    Raises:
        ApiError: it is gone, and the call doesn't allow for that.
    """
    about = arguments.fields("reply_parameters")
    number = about.get("message_id") or arguments.integer("reply_to_message_id")
    if not number:
        return None
    found = backend.world.message(chat.id, int(number))
    if found is None and not about.get("allow_sending_without_reply"):
        raise refused("message to be replied not found")
    return found


METHODS: dict[str, Method] = {
    "sendMessage": _send_message,
    "sendPhoto": _send_photo,
    "sendDocument": _send_document,
    "sendMediaGroup": _send_media_group,
    "sendChatAction": _send_chat_action,
}
