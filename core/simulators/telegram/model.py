"""Who and what there is on the other side of a bot: users, chats, messages, files, buttons pressed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from core.simulators.telegram.entities import Entity

__all__ = [
    "GROUP_ANONYMOUS",
    "Attachment",
    "Chat",
    "ChatKind",
    "Json",
    "Message",
    "Press",
    "Standing",
    "User",
]

Json: TypeAlias = dict[str, Any]
ChatKind: TypeAlias = Literal["private", "group", "supergroup", "channel"]

Standing: TypeAlias = Literal[
    "stranger", "member", "administrator", "blocked", "deactivated", "left", "kicked", "deleted"
]
"""How the bot stands in a chat. In a private one: a `stranger` whom nobody has started, a `member`, or
`blocked` by a user who may also be `deactivated`."""


@dataclass(frozen=True, slots=True)
class User:
    """A person or a bot. `language` is the tag that their app is set to."""

    id: int
    name: str
    username: str = ""
    language: str = "en"
    is_bot: bool = False

    @property
    def body(self) -> Json:
        """It in JSON."""
        body: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.name}
        if self.username:
            body["username"] = self.username
        if self.language and not self.is_bot:
            body["language_code"] = self.language
        return body


GROUP_ANONYMOUS = User(1087968824, "Group", "GroupAnonymousBot", is_bot=True)
"""Who stands as the sender where an administrator writes as the group."""


@dataclass(slots=True)
class Chat:
    """A chat, and how the bot stands in it. `members` are statuses by user id, without the bot's.

    `migrated_to` is the supergroup that a group became.
    """

    id: int
    kind: ChatKind
    title: str
    username: str = ""
    standing: Standing = "member"
    members: dict[int, str] = field(default_factory=dict[int, str])
    migrated_to: int | None = None

    @property
    def body(self) -> Json:
        """It in JSON."""
        body: Json = {"id": self.id, "type": self.kind}
        body["first_name" if self.kind == "private" else "title"] = self.title
        if self.username:
            body["username"] = self.username
        return body


@dataclass(frozen=True, slots=True)
class Attachment:
    """A photo or a document. `content` is what was uploaded; the size of a photo is in pixels."""

    kind: Literal["photo", "document"]
    file_id: str
    unique_id: str
    name: str
    mime: str
    content: bytes
    width: int = 0
    height: int = 0

    @property
    def body(self) -> Json | list[Json]:
        """It in JSON; a photo in its sizes, the smaller first."""
        file: Json = {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.content),
        }
        if self.kind == "document":
            return file | {"file_name": self.name, "mime_type": self.mime}
        ratio = max(self.width, self.height, 90) / 90
        small = {"width": max(1, int(self.width / ratio)), "height": max(1, int(self.height / ratio))}
        thumb = {"file_id": f"{self.file_id}s", "file_unique_id": f"{self.unique_id}s", "file_size": 900}
        return [thumb | small, file | {"width": self.width, "height": self.height}]


@dataclass(slots=True)
class Message:
    """A message in a chat. `text` is the caption where there is an attachment; `own` says that the bot sent
    it; `extra` is what service messages and forwarded ones have besides."""

    chat: Chat
    id: int
    date: int
    sender: User | None
    text: str = ""
    entities: tuple[Entity, ...] = ()
    attachment: Attachment | None = None
    markup: Json | None = None
    reply_to: Message | None = None
    sender_chat: Chat | None = None
    own: bool = False
    edited: int | None = None
    deleted: bool = False
    extra: Json = field(default_factory=dict[str, Any])

    @property
    def content(self) -> tuple[object, ...]:
        """What an edit has to change for there to be something changed."""
        return self.text, self.entities, self.attachment, self.markup

    def body(self, *, with_reply: bool = True) -> Json:
        """It in JSON."""
        body: Json = {"message_id": self.id}
        if self.sender is not None:
            body["from"] = self.sender.body
        if self.sender_chat is not None:
            body["sender_chat"] = self.sender_chat.body
        body |= {"chat": self.chat.body, "date": self.date}
        if self.edited is not None:
            body["edit_date"] = self.edited
        if self.reply_to is not None and with_reply:
            body["reply_to_message"] = self.reply_to.body(with_reply=False)
        prefix = ""
        if self.attachment is not None:
            body[self.attachment.kind] = self.attachment.body
            prefix = "caption_"
        if self.text:
            body["caption" if prefix else "text"] = self.text
            if self.entities:
                body[f"{prefix}entities"] = [each.body for each in self.entities]
        if self.markup is not None:
            body["reply_markup"] = self.markup
        return body | self.extra


@dataclass(slots=True)
class Press:
    """A button that was pressed: its client shows a spinner until `answered` (seconds of the clock)."""

    id: str
    user: User
    message: Message
    label: str
    data: str
    at: float
    answered: float | None = None
    text: str = ""
    alert: bool = False

    @property
    def spinning(self) -> bool:
        """Whether the client still waits to hear that the press arrived."""
        return self.answered is None
