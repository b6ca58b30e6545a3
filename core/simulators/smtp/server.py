"""The mail server: as much of SMTP (RFC 5321) as a client that hands in one mail needs, and its mailbox."""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections import deque
from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["Mail", "MailServerSimulator", "Refusal"]

Stage: TypeAlias = Literal["connect", "auth", "mail", "rcpt", "data", "end"]
"""Where in the conversation something goes wrong; “end” is after the whole mail has arrived."""

_LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Refusal:
    """What goes wrong with one conversation: the reply at that stage, or, without one, a broken line.

    At “end” without a reply the mail is taken all the same: nobody told the client.
    """

    stage: Stage
    reply: str | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that was taken."""

    sender: str
    recipient: str
    content: bytes


class MailServerSimulator:
    """Listens on 127.0.0.1, on the running event loop; a `user` must sign in when one is named."""

    def __init__(self, *, user: str = "", password: str = "") -> None:
        self.mails: list[Mail] = []
        self.port = 0
        self._user = user
        self._password = password
        self._refusals: deque[Refusal] = deque()
        self._server: asyncio.Server | None = None

    def refuse(self, *refusals: Refusal) -> None:
        """Spoil the next conversations, each with one of these."""
        self._refusals.extend(refusals)

    async def __aenter__(self) -> MailServerSimulator:
        self._server = await asyncio.start_server(self._converse, "127.0.0.1", 0, limit=_LARGEST)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        refusal = self._refusals.popleft() if self._refusals else None
        conversation = _Conversation(self, reader, writer, refusal)
        try:
            await conversation.run()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client has hung up
        finally:
            writer.close()

    def accepts(self, credentials: str) -> bool:
        """Whether these are the user and password, as AUTH PLAIN carries them."""
        try:
            parts = base64.b64decode(credentials).decode().split("\0")
        except (binascii.Error, UnicodeDecodeError):
            return False
        return parts[1:] == [self._user, self._password]

    @property
    def asks_for_sign_in(self) -> bool:
        return bool(self._user)


class _BrokenLineError(ConnectionError):
    """The conversation ends here, as ordered."""


class _Conversation:
    """One connection from its greeting to its end."""

    def __init__(
        self,
        server: MailServerSimulator,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        refusal: Refusal | None,
    ) -> None:
        self._server = server
        self._reader = reader
        self._writer = writer
        self._refusal = refusal
        self._sender = ""
        self._recipient = ""

    async def run(self) -> None:
        await self._say("connect", "220 simulated mail server")
        while line := await self._line():
            verb, _, rest = line.partition(" ")
            match verb.upper():
                case "EHLO":
                    more = ["250-simulated", *(["250-AUTH PLAIN"] if self._server.asks_for_sign_in else [])]
                    await self._reply(*more, "250 8BITMIME")
                case "AUTH":
                    right = self._server.accepts(rest.partition(" ")[2])
                    await self._say("auth", "235 welcome" if right else "535 5.7.8 wrong user or password")
                case "MAIL":
                    self._sender = _address(rest)
                    await self._say("mail", "250 go on")
                case "RCPT":
                    self._recipient = _address(rest)
                    await self._say("rcpt", "250 go on")
                case "DATA":
                    await self._take_mail()
                case "QUIT":
                    await self._reply("221 bye")
                    return
                case _:
                    await self._reply("500 unknown")

    async def _take_mail(self) -> None:
        if not await self._say("data", "354 go ahead"):
            return
        content = await self._reader.readuntil(b"\r\n.\r\n")
        mail = Mail(self._sender, self._recipient, content[:-3])
        unanswered = self._refusal == Refusal("end")
        if self._refusal is None or self._refusal.stage != "end" or unanswered:
            self._server.mails.append(mail)
        await self._say("end", "250 taken")

    async def _say(self, stage: Stage, usual: str) -> bool:
        """Answer as usual, or as was ordered for this stage; whether it was as usual."""
        if self._refusal is None or self._refusal.stage != stage:
            await self._reply(usual)
            return True
        if self._refusal.reply is None:
            raise _BrokenLineError
        await self._reply(self._refusal.reply)
        return False

    async def _reply(self, *lines: str) -> None:
        self._writer.write("".join(f"{line}\r\n" for line in lines).encode("ascii"))
        await self._writer.drain()

    async def _line(self) -> str:
        return (await self._reader.readline()).decode("ascii", "replace").strip()


def _address(rest: str) -> str:
    """What stands between the angle brackets."""
    return rest.partition("<")[2].partition(">")[0]
