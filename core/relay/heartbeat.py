"""Telling an outside watcher that all is well, so that it raises the alarm once it hears nothing (R16).

The watcher is a dead man's switch. It is asked for with a plain GET every minute, but only while the relay is
well: nobody on this side can be relied on to say that nothing works any more, and silence needs nobody.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

import httpx

from core.area import Services
from core.areas.relay.model import BEAT_EVERY, HEARTBEAT
from core.areas.relay.settings import RelaySettings
from core.engine.addresses import address, check_secure
from core.engine.exchange import Exchange
from core.errors import OpsdeckError, UnreachableError
from core.message import Message, _
from core.store.polls import Poll

__all__ = ["Heartbeat"]

_SETTING = "OPSDECK_HEARTBEAT_URL"
_LARGEST_ANSWER = 64 * 1024

log = logging.getLogger("opsdeck.relay")


class Heartbeat:
    """Tells the watcher of the settings that all is well, and the store what came of it.

    `ailment` says what is amiss at present, if anything. `transport` takes the place of the network.
    """

    def __init__(
        self,
        services: Services,
        ailment: Callable[[], Message | None],
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Prepare it; nothing is sent. Without a watcher in the settings there is nothing to do.

        Raises:
            SettingsError: the watcher's address can't be used.
        """
        settings = services.settings.of(RelaySettings)
        self._store = services.store
        self._clock = services.clock
        self._ailment = ailment
        self._watcher = settings.watcher
        self._path, self._params = "", dict[str, str]()
        self._exchange: Exchange | None = None
        text = settings.heartbeat_url.get_secret_value().strip()
        if not text:
            return
        base = address(text, _SETTING)
        check_secure(base, _SETTING)
        self._path, self._params = base.path, dict(httpx.URL(text).params)
        self._exchange = Exchange(
            str(base.copy_with(path="/")),
            service=_("Outside watcher"),
            setting=_SETTING,
            politeness=services.politeness,
            clock=services.clock,
            headers={"Accept": "*/*"},
            cap=_LARGEST_ANSWER,
            transport=transport,
        )

    async def beat(self) -> None:
        """Tell the watcher, unless something is amiss; why it wasn't told is kept, and ends nothing.

        Raises:
            StoreError: the database did not do its part.
        """
        if self._exchange is None:
            return
        at = self._clock.now()
        reason = self._ailment()
        if reason is not None:
            reason = _("It is told nothing while something is amiss. {reason}", reason=reason)
        else:
            reason = await self._tell(self._exchange)
        if reason is not None:
            log.warning("the outside watcher was not told that all is well: %s", reason)
        poll = Poll(
            HEARTBEAT, self._watcher, at, good=reason is None, reason=reason, next_try=at + BEAT_EVERY
        )
        async with self._store.writing() as transaction:
            await transaction.poll(poll)

    async def close(self) -> None:
        """Hang up."""
        if self._exchange is not None:
            await self._exchange.close()

    async def _tell(self, exchange: Exchange) -> Message | None:
        """Ask for the watcher's address once; why it took no notice, if it did not."""
        try:
            reply = await exchange.reply("GET", self._path, params=self._params)
            if not 200 <= reply.status < 300:
                raise UnreachableError(
                    _("{host} answered {status}.", host=self._watcher, status=reply.status)
                )
        except OpsdeckError as error:
            return error.message
        return None
