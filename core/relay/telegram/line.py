"""One bot's line to Telegram: python-telegram-bot's `Bot` over an HTTP client of our making.

The token stays in here: it is in no name, no `repr` and no error of ours (reliability.md S4).
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from core.engine.addresses import address
from core.engine.certificates import known_authorities
from core.errors import SettingsError
from core.json_fields import as_list
from core.message import _
from core.relay.telegram.errors import ApiError, api_error
from core.secret import Secret
from core.text import clean

__all__ = ["ALLOWED_UPDATES", "API_SETTING", "TOKEN_SETTING", "BotAccount", "TelegramLine", "chat_of"]

TOKEN_SETTING = "TELEGRAM_BOT_TOKEN"  # noqa: S105  its name
API_SETTING = "TELEGRAM_API_BASE"

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of updates that we ask for."""

_CONNECT, _READ, _WRITE = 5.0, 10.0, 15.0
"""Seconds for each step of a request; together they stay below what a try to deliver may take."""

_POLL_GRACE = 10.0
"""Seconds after the end of a long poll for its answer to arrive."""

_CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class BotAccount:
    """Which bot we are, and where its API is."""

    token: Secret
    api: str = "https://api.telegram.org"

    @property
    def bot_id(self) -> str:
        """The bot's id, which its token begins with."""
        return self.token.reveal().partition(":")[0]

    @property
    def line(self) -> str:
        """What its line is called: `telegram:42`."""
        return f"telegram:{self.bot_id}"


class TelegramLine:
    """Requests of one bot; a `core.relay.chat_line.ChatLine`.

    `transport` takes the place of the network.
    """

    channel = "telegram"

    def __init__(self, account: BotAccount, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        """Prepare it; nothing is sent.

        Raises:
            SettingsError: the token or the address can't be used.
        """
        token = account.token.reveal().strip()
        bot_id, colon, rest = token.partition(":")
        if not (colon and rest and bot_id.isascii() and bot_id.isdecimal()):
            raise SettingsError(
                _("{setting} is no bot token. @BotFather gives one like 123456:ABC….", setting=TOKEN_SETTING)
            )
        base = str(address(account.api, API_SETTING)).rstrip("/")
        self.name = account.line
        self.host = httpx.URL(base).host
        self.username = ""
        self._poll_url = f"{base}/bot{token}/getUpdates"
        self._polls = _Request(1, _READ, transport)
        self._requests = _Request(_CONNECTIONS, _READ, transport)
        self.bot = _QuietBot(
            token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=self._requests,
            get_updates_request=self._polls,
        )

    def __repr__(self) -> str:
        return f"TelegramLine({self.name})"

    @property
    def link(self) -> str:
        """Where a phone finds the bot."""
        return f"https://t.me/{self.username}" if self.username else ""

    async def introduce(self) -> str:
        """Ask Telegram who we are; the bot's username, which is kept.

        Raises:
            TelegramError: Telegram does not know us, or can't be reached.
        """
        me = await self.bot.get_me()
        self.username = clean(me.username or "", 64)
        return self.username

    async def updates(self, offset: int, timeout: int) -> list[object]:
        """What came in from update number `offset` on, unread; waits up to `timeout` seconds for the first.

        Asking confirms everything below `offset`.

        Raises:
            TelegramError: the poll failed.
        """
        wanted = {"offset": offset, "timeout": timeout, "allowed_updates": json.dumps(ALLOWED_UPDATES)}
        url = f"{self._poll_url}?{urlencode(wanted)}"
        return as_list(await self._polls.post(url, read_timeout=timeout + _POLL_GRACE))

    async def acknowledge(self, query: str) -> None:
        """Let the button stop spinning. A press too old for that is no error."""
        try:
            await self.bot.answer_callback_query(query)
        except TelegramError:
            return

    async def busy(self, chat: str) -> None:
        """Show “typing…”. That it can't be shown is no error."""
        try:
            await self.bot.send_chat_action(chat_of(chat), "typing")
        except TelegramError:
            return

    async def delete(self, chat: str, message: str) -> bool:
        """Remove a message from the chat; whether it is gone."""
        try:
            return bool(await self.bot.delete_message(chat_of(chat), int(message)))
        except ApiError as error:
            return error.says("message to delete not found")
        except (TelegramError, ValueError):
            return False

    async def remove_webhook(self) -> None:
        """Have Telegram deliver nowhere, so that we can poll. That it can't be done now is no error."""
        with contextlib.suppress(TelegramError):
            await self.bot.delete_webhook()

    async def close(self) -> None:
        """Hang up."""
        await self._polls.shutdown()
        await self._requests.shutdown()


def chat_of(chat: str) -> int | str:
    """A chat as Telegram wants it named."""
    return int(chat) if chat.lstrip("-").isdecimal() else chat


class _QuietBot(Bot):
    """A bot that does not show its token."""

    def __repr__(self) -> str:
        return "Bot()"


class _Request(HTTPXRequest):
    """Requests that follow no redirect and heed no proxy of the environment; refusals become `ApiError`."""

    def __init__(
        self, connections: int, read_timeout: float, transport: httpx.AsyncBaseTransport | None
    ) -> None:
        super().__init__(
            connection_pool_size=connections,
            connect_timeout=_CONNECT,
            read_timeout=read_timeout,
            write_timeout=_WRITE,
            media_write_timeout=_WRITE,
            pool_timeout=_CONNECT,
            httpx_kwargs={
                "transport": transport,
                "verify": known_authorities(),
                "trust_env": False,
                "follow_redirects": False,
            },
        )

    async def do_request(self, *args: Any, **options: Any) -> tuple[int, bytes]:
        """The status and body of a success.

        Raises:
            ApiError: the Bot API refused.
        """
        status, payload = await super().do_request(*args, **options)
        if not 200 <= status <= 299:
            raise api_error(status, payload)
        return status, payload
