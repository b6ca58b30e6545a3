"""The tables of the chats: who is behind them, what was received, what is being talked about.

Chats, users and messages are named by text, as their channel calls them (`telegram`, `5001`, `12`).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
)

from core.store.metadata import moment_column, new_metadata
from core.store.versions import versioned_table

__all__ = [
    "METADATA",
    "RELAY_ATTEMPT",
    "RELAY_CHAT",
    "RELAY_CODE",
    "RELAY_DIALOG",
    "RELAY_HANDLE",
    "RELAY_IDENTITY",
    "RELAY_INBOUND",
    "RELAY_MEDIA",
    "RELAY_MESSAGE",
    "RELAY_TURN",
    "RELAY_WHATSAPP_CONTENT",
    "RELAY_WHATSAPP_MESSAGE",
    "RELAY_WHATSAPP_USER",
    "RELAY_WORKER",
]

METADATA = new_metadata()

RELAY_IDENTITY = versioned_table(
    "relay_identity",
    METADATA,
    [Column("channel", String(40)), Column("user", String(64))],
    [
        Column("person", String(200), nullable=False),
        Column("role", SmallInteger, nullable=False),
        Column("tier", String(40), nullable=False),
        Column("chat", String(64), nullable=False),
        Column("name", String(200), nullable=False),
        Column("language", String(20), nullable=False),
    ],
)
"""Who a channel's user is. `person` is their name among the people who are told, empty for somebody who is
not paired but chose a language; `role` a `core.principal.Role`; `chat` where they are written to in private;
`name` what the channel calls them; `language` a tag, or empty until they choose."""

RELAY_CHAT = versioned_table(
    "relay_chat",
    METADATA,
    [Column("channel", String(40)), Column("chat", String(64))],
    [
        Column("kind", String(20), nullable=False),
        Column("title", String(200), nullable=False),
        Column("person", String(200), nullable=False),
        Column("present", Boolean, nullable=False),
    ],
)
"""The chats that the bot is or was in. A group that is told things has the name of its `person` (a recipient
without a user); `present` is false once the bot was blocked or removed."""

RELAY_CODE = Table(
    "relay_code",
    METADATA,
    Column("code_hash", String(64), primary_key=True),
    Column("person", String(200), nullable=False),
    Column("role", SmallInteger, nullable=False),
    Column("tier", String(40), nullable=False),
    Column("is_group", Boolean, nullable=False),
    Column("made_by", String(200), nullable=False),
    moment_column("made_at"),
    moment_column("expires_at"),
    moment_column("used_at", nullable=True),
    Column("used_by", String(120)),
)
"""Pairing codes, kept as hashes: whom a code makes its bearer, once, until it expires."""

RELAY_ATTEMPT = Table(
    "relay_attempt",
    METADATA,
    Column("channel", String(40), primary_key=True),
    Column("user", String(64), primary_key=True),
    moment_column("since"),
    Column("failures", Integer, nullable=False),
)
"""How often a user sent a pairing code that was none, and since when that is counted."""

RELAY_INBOUND = Table(
    "relay_inbound",
    METADATA,
    Column("channel", String(80), primary_key=True),
    Column("key", String(120), primary_key=True),
    moment_column("received_at"),
    Column("body", Text),
    moment_column("handled_at", nullable=True),
    Column("outcome", String(20)),
    Column("error", String(500)),
    Index(None, "received_at"),
)
"""What came in, once (reliability.md R13). `channel` is the line it came by (`telegram:42`, by the bot's id),
`key` the provider's number of it. `body` is what it said, until it is handled. `outcome` is a
`core.relay.turn.Outcome`."""

RELAY_DIALOG = Table(
    "relay_dialog",
    METADATA,
    Column("channel", String(40), primary_key=True),
    Column("chat", String(64), primary_key=True),
    Column("user", String(64), primary_key=True),
    Column("state", Text, nullable=False),
    moment_column("changed_at"),
    moment_column("ends_at"),
    Column("language", String(20), nullable=False, server_default=""),
    moment_column("began_at", nullable=True),
    Index(None, "ends_at"),
)
"""What a person is being asked, as `core.relay.dialog` encodes it; `ends_at` when silence ends it. With an
empty state it is a session in which nothing is asked at present: `language` is that of its greeting."""

RELAY_TURN = Table(
    "relay_turn",
    METADATA,
    Column("channel", String(40), primary_key=True),
    Column("user", String(64), primary_key=True),
    Column("holder", String(64), nullable=False),
    moment_column("until"),
)
"""Whose message is being dealt with, by which process; another may after `until`."""

RELAY_MESSAGE = Table(
    "relay_message",
    METADATA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("line", String(80), nullable=False),
    Column("user_key", String(32), nullable=False),
    Column("phone", String(40), nullable=False),
    Column("message_type", String(20), nullable=False),
    Column("content", Text),
    Column("error", String(500)),
    Column("state_before", String(80), nullable=False),
    Column("state_after", String(80), nullable=False),
    Column("workflow", String(40)),
    Column("seconds", Float[float]()),
    moment_column("at"),
    Index(None, "at"),
)
"""The log of what was said on WhatsApp (whatsapp.md A9). `phone` is masked and `user_key` a keyed hash of it,
by which users are told apart. `message_type` is `incoming`, `outgoing` or `error`; `workflow` is the one of
the six that came to its end with it, after so many `seconds`. `content` goes before the row does."""

RELAY_HANDLE = Table(
    "relay_handle",
    METADATA,
    Column("handle", String(32), primary_key=True),
    Column("channel", String(40), nullable=False),
    Column("chat", String(64), nullable=False),
    Column("user", String(64), nullable=False),
    Column("reply", String(200), nullable=False),
    Column("action", Text, nullable=False),
    Column("once", Boolean, nullable=False),
    moment_column("made_at"),
    moment_column("expires_at"),
    moment_column("used_at", nullable=True),
    Index(None, "expires_at"),
)
"""What stands behind the buttons. `user` is who may press, empty for anybody in the chat (whose rights are
read at the press); `reply` the key of the message it belongs to; `action` what it does, encoded; `once` that
it can be pressed only one time."""

RELAY_WORKER = Table(
    "relay_worker",
    METADATA,
    Column("worker", String(200), primary_key=True),
    Column("line", String(80), primary_key=True),
    Column("mode", String(20), nullable=False),
    Column("bot", String(100), nullable=False),
    moment_column("started_at"),
    moment_column("seen_at"),
    moment_column("polled_at", nullable=True),
    moment_column("received_at", nullable=True),
    Column("received", BigInteger, nullable=False),
    Column("answered", BigInteger, nullable=False),
    Column("refused", BigInteger, nullable=False),
    Column("errors", BigInteger, nullable=False),
    Column("waiting", Integer, nullable=False),
    Column("last_error", String(500)),
    moment_column("last_error_at", nullable=True),
)
"""Each relay process and line it keeps (`telegram:42`), as it last said of itself; counts since its start."""

RELAY_WHATSAPP_USER = Table(
    "relay_whatsapp_user",
    METADATA,
    Column("line", String(80), primary_key=True),
    Column("user", String(64), primary_key=True),
    moment_column("wrote_at", nullable=True),
    moment_column("stopped_at", nullable=True),
)
"""What each user of each WhatsApp sender (`whatsapp:15550100000`) lets us do. `wrote_at` is when they last
wrote, which opens a window of 24 hours for free text (whatsapp.md B4); nothing once the provider called it
closed. `stopped_at` is when they asked to be told nothing more."""

RELAY_WHATSAPP_MESSAGE = Table(
    "relay_whatsapp_message",
    METADATA,
    Column("line", String(80), primary_key=True),
    Column("message", String(120), primary_key=True),
    Column("user", String(64), nullable=False),
    Column("state", String(20), nullable=False),
    Column("error", String(20), nullable=False),
    moment_column("changed_at"),
    Index(None, "changed_at"),
)
"""How far each message got, as its provider reported. `message` is the provider's id of it, `state` a
`core.areas.relay.rules.delivery.DeliveryState`, `error` the provider's code, or empty."""

RELAY_WHATSAPP_CONTENT = Table(
    "relay_whatsapp_content",
    METADATA,
    Column("line", String(80), primary_key=True),
    Column("shape", String(40), primary_key=True),
    Column("content", String(64), nullable=False),
    moment_column("made_at"),
)
"""The content made at Twilio for messages with so many buttons or rows: `content` is its id there, `HX…`
(whatsapp.md B4)."""

RELAY_MEDIA = Table(
    "relay_media",
    METADATA,
    Column("token_hash", String(64), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("content_type", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    moment_column("made_at"),
    moment_column("expires_at"),
    Index(None, "expires_at"),
)
"""Pictures and files that a provider fetches from the gateway, until they expire. `token_hash` is the SHA-256
of the token in their address, so that who reads the table can't fetch them; `size` in bytes."""
