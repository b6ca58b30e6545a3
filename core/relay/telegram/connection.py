"""One bot connected: its line, what comes in by it, and how; polling or by webhook."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from random import Random

from starlette.routing import BaseRoute
from telegram.error import TelegramError

from core.area import Services
from core.areas.relay.model import POLLING, WEBHOOK
from core.areas.relay.rules.condition import deaf_after
from core.areas.relay.settings import RelaySettings
from core.areas.relay.store.workers import poll_lease
from core.areas.relay.writes.webhook_secret import webhook_secret
from core.command import Registry
from core.engine.identity import Identity
from core.engine.lease import Lease, holder
from core.errors import RefusedError, SettingsError
from core.message import Message, _
from core.notify.delivery.claims import holder_text
from core.notify.telegram_settings import TelegramSettings
from core.relay.connection import Chore
from core.relay.pipeline import Pipeline, Takes
from core.relay.recording import Also
from core.relay.sessions.memory import plain_memory
from core.relay.tally import Tally
from core.relay.telegram.channel import TelegramChannel
from core.relay.telegram.errors import ApiError
from core.relay.telegram.intake import Intake
from core.relay.telegram.line import TOKEN_SETTING, BotAccount, TelegramLine
from core.relay.telegram.menus import Menus
from core.relay.telegram.polling import Poller
from core.relay.telegram.webhook import Webhook
from core.secret import Secret

__all__ = ["TelegramConnection", "telegram_channel", "telegram_line"]

_REGISTER_EVERY = 15.0
_MENU_EVERY = 60.0
_INTRODUCE_EVERY = 15.0

log = logging.getLogger("opsdeck.relay.telegram")


def telegram_line(settings: TelegramSettings) -> TelegramLine:
    """The line of the bot that the settings name.

    Raises:
        SettingsError: the token or the address can't be used.
    """
    return TelegramLine(BotAccount(Secret(settings.token.get_secret_value()), str(settings.base)))


def telegram_channel(services: Services, randomness: Random) -> TelegramChannel:
    """What brings notices and answers to Telegram, by a line of its own.

    Raises:
        SettingsError: the token or the address can't be used.
    """
    line = telegram_line(services.settings.of(TelegramSettings))
    return TelegramChannel(line, services.store, services.clock, randomness)


class TelegramConnection:
    """Connects the bot of the settings to a relay process."""

    def __init__(self, services: Services, registry: Registry, identity: Identity) -> None:
        """Prepare it; nothing is sent.

        Raises:
            SettingsError: the token or the address can't be used.
        """
        self._services = services
        self._identity = identity
        self._settings = services.settings.of(TelegramSettings)
        self.line = telegram_line(self._settings)
        self.line.username = self._settings.bot_name
        self._lease = Lease(services.store, poll_lease(self.line.name), identity, clock=services.clock)
        self.tally = Tally(
            worker=holder_text(identity),
            line=self.line.name,
            mode=WEBHOOK if self.by_webhook else POLLING,
            started_at=services.clock.now(),
            bot=self.line.username,
        )
        self.memory = plain_memory(services.settings.of(RelaySettings), services.clock)
        self._menus = Menus(self.line, registry, services.store, services.clock)
        self._introduced = False
        self._intake: Intake | None = None
        self._webhook: Webhook | None = None

    @property
    def by_webhook(self) -> bool:
        """Whether Telegram delivers, rather than that we fetch."""
        return self._settings.webhook is not None

    @property
    def healthy(self) -> bool:
        """Whether a poll came back well lately; by webhook there is nothing that could be overdue."""
        if self.by_webhook:
            return True
        heard = self.tally.polled_at or self.tally.started_at
        return self._services.clock.now() - heard < deaf_after(self._settings.poll_timeout)

    @property
    def chores(self) -> Sequence[Chore]:
        """Keeping the lists of commands as they should be, and learning late who we are."""
        return ((_MENU_EVERY, self._menus.refresh), (_INTRODUCE_EVERY, self.introduce_late))

    @property
    def log(self) -> Also | None:
        """What is said on Telegram is written down nowhere."""
        return None

    def reading(self, conversations: Takes) -> Takes:
        """Telegram has nothing of its own that must be read first."""
        return conversations

    async def start(self) -> None:
        """Learn from Telegram what we are called, and become the one process that polls.

        Raises:
            SettingsError: Telegram doesn't know the token, or it is another bot's.
            RefusedError: another process polls it, which is named.
            StoreError: the database did not do its part.
        """
        await self.introduce()
        await self.take_line()

    async def take_line(self) -> None:
        """Become the one process that polls this line; by webhook any number may run.

        Raises:
            RefusedError: another process polls it, which is named.
            StoreError: the database did not do its part.
        """
        if self.by_webhook or await self._lease.acquire():
            return
        store = self._services.store
        async with store.reading() as connection:
            other = await holder(connection, self._lease.name, self._services.clock.now())
        if other is None:
            raise RefusedError(_("Another relay polled this bot a moment ago; try again in half a minute."))
        raise RefusedError(
            _(
                "{program} on {host} (process {pid}) polls this bot already. Stop it first: only one may.",
                program=other.identity.program,
                host=other.identity.host,
                pid=str(other.identity.pid),
            )
        )

    async def introduce(self) -> None:
        """Learn from Telegram what we are called. That it can't be reached now is no error.

        Raises:
            SettingsError: Telegram doesn't know the token, or it is another bot's.
        """
        try:
            username = await self.line.introduce()
        except ApiError as error:
            if error.code in (401, 404):
                raise SettingsError(_refused_token()) from None
            log.warning("Telegram does not say who we are: %s", error)
            return
        except TelegramError as error:
            log.warning("Telegram can't be asked who we are: %s", error)
            return
        self._introduced = True
        self.tally.bot = username
        expected = self._settings.bot_name
        if expected and expected.casefold() != username.casefold():
            raise SettingsError(
                _(
                    "{setting} is the token of @{bot}, not of @{expected} (TELEGRAM_BOT_USERNAME).",
                    setting=TOKEN_SETTING,
                    bot=username,
                    expected=expected,
                )
            )

    async def introduce_late(self) -> None:
        """Try again, as long as Telegram hasn't said who we are; what is wrong is shown, and ends nothing."""
        if self._introduced:
            return
        try:
            await self.introduce()
        except SettingsError as error:
            log.error("%s", error)
            self.tally.failed(str(error.message), self._services.clock.now())

    async def open(self, pipeline: Pipeline) -> Sequence[BaseRoute]:
        """Hand updates to the pipeline; where Telegram delivers them, by what the gateway serves.

        Raises:
            VaultError: the kept secret can't be decrypted any more.
        """
        services = self._services
        self._intake = Intake(self.line, pipeline, services.store, services.vault, services.clock)
        if self._settings.webhook is None:
            return ()
        secret = await webhook_secret(services)
        path = self._settings.webhook.path or "/"
        self._webhook = Webhook(self.line, self._intake, secret, services.clock, path)
        return (self._webhook.route,)

    async def resume(self) -> int:
        """Hand in updates that an earlier life of ours kept and did not finish; how many.

        Raises:
            StoreError: they can't be read.
        """
        return 0 if self._intake is None else await self._intake.resume()

    async def run(self) -> None:
        """Fetch updates until cancelled; where they are delivered, only wait.

        Raises:
            LeaseLostError: another process polls by now.
        """
        assert self._intake is not None
        if self.by_webhook:
            await asyncio.Event().wait()
        timeout = int(self._settings.poll_timeout.total_seconds())
        clock = self._services.clock
        await Poller(self.line, self._intake, self._lease, clock, self.tally, timeout=timeout).run()

    def started(self, port: int | None) -> Message:
        """By which way updates come."""
        bot = self.tally.bot or self.line.name
        if not self.by_webhook:
            return _("The relay polls for @{bot}.", bot=bot)
        return _("The relay takes updates for @{bot} at port {port}.", bot=bot, port=str(port or ""))

    async def register(self) -> None:
        """Have Telegram deliver to us, however long it takes to tell it."""
        url = str(self._settings.webhook)
        while self._webhook is not None:
            try:
                await self._webhook.register(url)
            except TelegramError as error:
                log.warning("Telegram does not take the webhook yet: %s", error)
                self.tally.failed(str(_webhook_refused(error)), self._services.clock.now())
                await self._services.clock.sleep(_REGISTER_EVERY)
            else:
                return

    async def close(self) -> None:
        """Wait until every update is kept that was to be."""
        if self._intake is not None:
            await self._intake.close()

    async def let_go(self) -> None:
        """Give the line back and hang up."""
        await self._lease.release()
        await self.line.close()


def _refused_token() -> Message:
    return _("Telegram does not accept {setting}. @BotFather gives a new one.", setting=TOKEN_SETTING)


def _webhook_refused(error: TelegramError) -> Message:
    reason = error.description if isinstance(error, ApiError) else _("it can’t be reached")
    return _("Telegram does not take TELEGRAM_WEBHOOK_URL: {reason}", reason=reason)
