"""E-mail as a channel, by a mail server that takes ours over SMTP.

A message's `Message-ID` is the same at every try, so that mail programs show a repeat once; messages of one
subject refer to one thread.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from typing import Literal

from aiosmtplib import SMTP
from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPConnectResponseError,
    SMTPConnectTimeoutError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
)

from core.engine.loopback import is_loopback
from core.errors import SettingsError
from core.message import Message, _
from core.moment import Clock
from core.notify.channels.channel import Capabilities, Limit, Outgoing, Receipt
from core.notify.channels.failures import (
    CredentialsError,
    DeliveryError,
    FormatError,
    GoneError,
    TemporaryError,
    UncertainError,
)
from core.notify.channels.words import stable_id, words_of
from core.text import clean, redact

__all__ = ["EmailChannel", "MailServer", "Security"]

Security = Literal["tls", "starttls", "none"]

_TIME_LIMIT = 15.0
_UNKNOWN_MAILBOX = frozenset({550, 551, 553})


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in, and as whom. Without a `user` nobody signs in."""

    host: str
    port: int
    security: Security
    sender: str
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"MailServer({self.host}:{self.port})"


class EmailChannel:
    """Sends each message as a mail of its own, over a connection of its own."""

    name = "email"
    capabilities = Capabilities()
    total = Limit(60, 60.0)

    def __init__(self, server: MailServer, clock: Clock) -> None:
        """Prepare it; nothing is sent.

        Raises:
            SettingsError: the sender is no address, or a password would go out unprotected.
        """
        self._server = server
        self._clock = clock
        self._sender = _address(server.sender)
        if self._sender is None:
            raise SettingsError(_("OPSDECK_MAIL_FROM must be an e-mail address."))
        if server.user and server.security == "none" and not is_loopback(server.host):
            raise SettingsError(
                _("OPSDECK_SMTP_SECURITY must be tls or starttls: the password would go out unprotected.")
            )

    @property
    def own_addresses(self) -> tuple[str, ...]:
        """The sender's own."""
        return (self._server.sender,)

    def limit(self, address: str) -> Limit:
        """What a person can read."""
        return Limit(10, 60.0)

    def line(self, address: str) -> str:
        """The mail server."""
        return f"{self._server.host}:{self._server.port}"

    async def send(self, message: Outgoing) -> Receipt:
        """Hand it in once."""
        mail = self._mail(message)
        client = await self._connect()
        try:
            try:
                await client.mail(self._server.sender)
                await client.rcpt(message.recipient.address)
            except (SMTPException, OSError) as error:
                raise _before_data(error) from error
            try:
                await client.data(mail)
            except (SMTPException, OSError) as error:
                raise _after_data(error) from error
        finally:
            client.close()
        return Receipt(stable_id(message))

    async def close(self) -> None:
        """A connection is open only while a mail is handed in."""

    async def _connect(self) -> SMTP:
        server = self._server
        client = SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            timeout=_TIME_LIMIT,
        )
        try:
            await client.connect()
        except SMTPAuthenticationError as error:
            client.close()
            raise CredentialsError(
                _(
                    "{host} does not accept OPSDECK_SMTP_USER and OPSDECK_SMTP_PASSWORD: {answer}",
                    host=server.host,
                    answer=_answer(error),
                )
            ) from error
        except (SMTPException, OSError) as error:
            client.close()
            raise TemporaryError(
                _(
                    "The mail server {host} can't be reached: {reason}",
                    host=self.line(""),
                    reason=_reason(error),
                )
            ) from error
        return client

    def _mail(self, message: Outgoing) -> bytes:
        """The mail as it goes over the line.

        Raises:
            GoneError: the recipient's address is none.
        """
        recipient = _address(message.recipient.address)
        if recipient is None or self._sender is None:
            raise GoneError(_("“{address}” is no e-mail address.", address=message.recipient.address))
        now = self._clock.now()
        words = words_of(message, now)
        thread = hashlib.sha256(message.subject.encode()).hexdigest()[:32]
        mail = EmailMessage(policy=SMTP_POLICY)
        mail["From"] = self._sender
        mail["To"] = recipient
        mail["Subject"] = words.title
        mail["Date"] = format_datetime(now)
        mail["Message-ID"] = f"<{stable_id(message)}@{self._sender.domain}>"
        mail["References"] = f"<{thread}@{self._sender.domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(words.text(), cte="quoted-printable")
        return mail.as_bytes()


def _before_data(error: Exception) -> DeliveryError:
    """What it means that the mail was refused, or the line broke, before anything of it had left us."""
    if not isinstance(error, SMTPResponseException):
        return TemporaryError(_("The mail server broke off: {reason}", reason=_reason(error)))
    refused = _("The mail server refused: {answer}", answer=_answer(error))
    if error.code == 421:
        return TemporaryError(refused)
    if error.code < 500:
        return TemporaryError(refused, own=True)
    if isinstance(error, SMTPRecipientRefused):
        return GoneError(refused) if error.code in _UNKNOWN_MAILBOX else FormatError(refused)
    return CredentialsError(refused)


def _after_data(error: Exception) -> DeliveryError:
    """What it means that the mail was refused, or the line broke, while or after it went over."""
    if not isinstance(error, SMTPResponseException):
        return UncertainError(_("The mail server broke off before it had taken the mail."))
    refused = _("The mail server refused: {answer}", answer=_answer(error))
    if error.code == 421:
        return TemporaryError(refused)
    return TemporaryError(refused, own=True) if error.code < 500 else FormatError(refused)


def _address(text: str) -> Address | None:
    """The address, or nothing when it is none that SMTP takes in its plain form."""
    try:
        found = Address(addr_spec=text)
    except (ValueError, IndexError):
        return None
    return found if found.domain and text.isascii() and text.isprintable() and " " not in text else None


def _answer(error: SMTPResponseException) -> str:
    return f"{error.code} {clean(redact(str(error.message)), 200)}"


def _reason(error: Exception) -> Message | str:
    if isinstance(error, SMTPConnectTimeoutError):
        return _("no answer in time")
    if isinstance(error, SMTPConnectResponseError):
        return _answer(error)
    if isinstance(error, SMTPConnectError) or not isinstance(error, OSError):
        return clean(str(error), 200)
    return clean(error.strerror or str(error), 200)
