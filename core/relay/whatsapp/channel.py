"""WhatsApp as a channel: notices and answers become messages with buttons, lists, pictures and files.

Whatever waits, repeats or counts is the sender's business; here a message is made and handed over once. Free
text goes only to who wrote within 24 hours: it is refused here, rather than by the provider some time later.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from zoneinfo import ZoneInfo

from core.areas.relay.rules.window import WhatsAppUser
from core.areas.relay.store.whatsapp import find_user
from core.errors import StoreError
from core.message import _
from core.moment import Clock
from core.notify.channels.channel import Capabilities, Limit, Outgoing, Receipt
from core.notify.channels.failures import (
    DeliveryError,
    GoneError,
    NotAskedError,
    TemporaryError,
    UncertainError,
)
from core.notify.delivery.budgets import Budgets
from core.notify.notice import NoticeClass
from core.notify.whatsapp_templates import Template, template_for
from core.page import Page
from core.relay.drawing import drawn
from core.relay.languages import formatter_for, known_language, language_of
from core.relay.notices import offers_of
from core.relay.reply import Delivery, Reply, decode_reply
from core.relay.whatsapp.composing import Offering, notice_text, template_values, with_options
from core.relay.whatsapp.options import Offered, offered, read_handles
from core.relay.whatsapp.phones import CHANNEL
from core.relay.whatsapp.provider import (
    ButtonsMessage,
    ListMessage,
    MediaMessage,
    Provider,
    Sendable,
    TemplateMessage,
    TextMessage,
)
from core.relay.whatsapp.windows import said_of_closed
from core.render.chat_html import chat_file
from core.render.chat_whatsapp import Picture, WhatsAppLimits, whatsapp_page
from core.render.values import Formatter
from core.store.store import Store

__all__ = ["Publish", "WhatsAppChannel"]

Publish = Callable[[bytes, str, str], Awaitable[str]]
"""What makes a file fetchable for a while: its content, its type and its name; the URL."""

_PNG = "image/png"
_FILE_TYPES = {
    "txt": "text/plain",
    "csv": "text/csv",
    "html": "text/html",
    "md": "text/markdown",
    "json": "application/json",
    "pdf": "application/pdf",
}
_LONGEST_MEMORY = 120.0
"""Seconds after which a start counts against no budget any more."""

log = logging.getLogger("opsdeck.relay.whatsapp")


@dataclass(frozen=True, slots=True)
class _Message:
    """What is composed for one message of the outbox; the provider's id of `named` is the row's."""

    parts: tuple[Sendable, ...]

    @property
    def named(self) -> int:
        """The part whose buttons may be pressed, else the last one."""
        for index, each in enumerate(self.parts):
            if isinstance(each, ButtonsMessage | ListMessage):
                return index
        return len(self.parts) - 1


class WhatsAppChannel:
    """Sends by one provider's sender.

    What `store` knows of windows and of who stopped decides; what notices offer to press is kept there, under
    handles out of `randomness`. `templates` are those of the settings, and `notices` whether people are told
    anything unasked. Without `publish` pictures are said in figures.
    """

    name = CHANNEL
    own_addresses = ()

    def __init__(
        self,
        provider: Provider,
        store: Store,
        clock: Clock,
        randomness: Random,
        *,
        templates: Mapping[str, Template],
        notices: bool = True,
        publish: Publish | None = None,
    ) -> None:
        self._line = provider.line
        self._sends = provider.sends
        self._store = store
        self._clock = clock
        self._randomness = randomness
        self._templates = templates
        self._notices = notices
        self._publish = publish
        self._limits = WhatsAppLimits(self._sends.limits.text)
        self._starts = Budgets()
        self.capabilities = Capabilities(buttons=True, longest=self._sends.limits.text)
        self.total = self._sends.limits.total

    def limit(self, address: str) -> Limit:
        """What the provider lets one user be sent."""
        return self._sends.limits.user

    def line(self, address: str) -> str:
        """The host of the provider's API."""
        return self._sends.host

    async def send(self, message: Outgoing) -> Receipt:
        """Deliver it once, in as many messages as it takes."""
        try:
            composed = await self._prepare(message)
        except StoreError as error:  # nothing has left us: there is no doubt about the message
            raise TemporaryError(error.message, own=True) from error
        return await self._post_all(message.recipient.address, composed)

    async def close(self) -> None:
        """Hang up."""
        await self._sends.close()

    def _formatter(self, message: Outgoing, code: str) -> Formatter:
        """What writes for the reader in the language of a code; in their own where it is none of ours."""
        language = language_of(known_language(code) or message.recipient.language)
        return formatter_for(language, ZoneInfo(message.recipient.zone), self._clock.now())

    async def _prepare(self, message: Outgoing) -> _Message:
        """What is handed over for the message, if it may be sent.

        Raises:
            GoneError: they asked to be told nothing more.
            NotAskedError: nobody is told things here, or WhatsApp takes only a template and there is none.
        """
        async with self._store.reading() as connection:
            known = await find_user(connection, self._line, message.recipient.address)
        told = message.cls is not NoticeClass.REPLY
        if told and known.stopped:
            raise GoneError(_("They asked to be told nothing more on WhatsApp (STOP); START changes that."))
        if told and not self._notices:
            raise NotAskedError(_("Nobody is told things on WhatsApp (WHATSAPP_NOTIFICATIONS_ENABLED)."))
        if known.left(self._clock.now()).total_seconds() <= 0:
            return _Message((self._template(message, known),))
        formatter = self._formatter(message, message.recipient.language)
        return _Message(tuple(await self._compose(message, formatter)))

    def _template(self, message: Outgoing, known: WhatsAppUser) -> TemplateMessage:
        """A notice for somebody whose window is closed, all of it in the language of its template.

        Raises:
            NotAskedError: there is no template for it; says how long ago the window closed.
        """
        language = known_language(message.recipient.language) or "en"
        template = template_for(self._templates, message.kind, language)
        if message.wording.content or template is None:
            raise NotAskedError(said_of_closed(known, self._clock.now()))
        code = template.code or language
        return TemplateMessage(template.name, code, template_values(message, self._formatter(message, code)))

    async def _compose(self, message: Outgoing, formatter: Formatter) -> Sequence[Sendable]:
        if not message.wording.content:
            rows = await offers_of(message, self._store, self._randomness)
            buttons = Offered(tuple(each for row in rows for each in row))
            text = notice_text(message, formatter, self._limits)
            return self._with_options([text], buttons, formatter, plain=message.plain)
        reply = decode_reply(message.wording.content)
        if reply.delivery is Delivery.DOCUMENT and reply.page is not None:
            return [await self._file(reply.page, reply.format or "text", formatter)]
        return await self._compose_reply(reply, formatter, plain=message.plain)

    async def _compose_reply(self, reply: Reply, formatter: Formatter, *, plain: bool) -> Sequence[Sendable]:
        made = whatsapp_page(
            reply.page,
            formatter,
            self._limits,
            lead=reply.lead,
            closing=reply.text,
            drawn=self._publish is not None,
            filed=self._publish is not None,
            plain=plain,
        )
        async with self._store.reading() as connection:
            handles = await read_handles(connection, (each for row in reply.buttons for each in row))
        parts = self._with_options(made.texts, offered(reply, handles), formatter, plain=plain)
        if reply.page is not None:
            wound = formatter.at(reply.page.at)
            parts += [await self._picture(each, wound) for each in made.pictures]
            if made.cut and self._publish is not None:
                parts.append(await self._file(reply.page, "text", formatter))
        return parts

    def _with_options(
        self, texts: Sequence[str], offer: Offered, formatter: Formatter, *, plain: bool
    ) -> list[Sendable]:
        offering = Offering.of(offer, formatter)
        return with_options(texts, offering, formatter, self._limits.text, plain=plain)

    async def _picture(self, picture: Picture, formatter: Formatter) -> Sendable:
        assert self._publish is not None
        url = await self._publish(await drawn(picture.figure, formatter), _PNG, "chart.png")
        return MediaMessage(url, _PNG, "chart.png", picture.caption)

    async def _file(self, page: Page, form: str, formatter: Formatter) -> Sendable:
        """A page as a file; as a link to it where WhatsApp takes no files of the kind."""
        if self._publish is None:
            sorry = _("No file can be fetched from here: WHATSAPP_WEBHOOK_URL is not set.")
            return TextMessage(formatter.message(sorry))
        part = await asyncio.to_thread(chat_file, page, form, formatter)
        content_type = _FILE_TYPES.get(part.name.rpartition(".")[2], "application/octet-stream")
        url = await self._publish(part.content, content_type, part.name)
        if content_type in self._sends.limits.media:
            return MediaMessage(url, content_type, part.name, part.plain)
        return TextMessage(formatter.message(_("{name}: {url}", name=part.name, url=url)))

    async def _post_all(self, user: str, message: _Message) -> Receipt:
        """Send the parts one after the other, none faster than the provider allows."""
        named, total = "", len(message.parts)
        for index, part in enumerate(message.parts):
            await self._wait_for(user, first=index == 0)
            try:
                number = await self._sends.send(user, part)
            except DeliveryError as error:
                if index == 0:
                    raise
                log.warning("an answer arrived in part: %s of %s messages", index, total, exc_info=error)
                raise UncertainError(
                    _(
                        "Only {count} of {total} messages arrived: {reason}",
                        count=str(index),
                        total=str(total),
                        reason=error.message,
                    )
                ) from error
            if index == message.named:
                named = number
        return Receipt(named, messages=total)

    async def _wait_for(self, user: str, *, first: bool) -> None:
        """Count a message, after waiting for its turn; for the first of an answer the sender has waited."""
        limit = self.limit(user)
        while not first:
            now = self._clock.monotonic()
            left = max(self._starts.wait(user, limit, now), self._starts.wait("", self.total, now))
            if left <= 0:
                break
            await self._clock.sleep(left)
        now = self._clock.monotonic()
        self._starts.spend(user, limit, now)
        self._starts.spend("", self.total, now)
        self._starts.forget(now, _LONGEST_MEMORY)
