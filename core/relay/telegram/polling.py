"""Long polling: fetches updates, and confirms them only once each is durable (reliability.md R13, R15).

Only the holder of the line's lease polls. Who was asleep while another took over notices before the next
poll, and before it deals with what the last one brought.
"""

from __future__ import annotations

import asyncio
import logging

from telegram.error import TelegramError

from core.engine.lease import RENEW_EVERY, Lease, LeaseLostError
from core.errors import StoreError
from core.message import Message, _
from core.moment import Clock
from core.relay.tally import Tally
from core.relay.telegram.errors import ApiError
from core.relay.telegram.intake import Intake
from core.relay.telegram.line import TelegramLine
from core.relay.telegram.updates import number_of
from core.text import clean, redact

__all__ = ["Poller"]

_SETTLE_WITHIN = 1.0
"""Seconds for a batch to be dealt with before what is left of it is kept, and the next one fetched."""

_MARGIN = 0.5
_FIRST_PAUSE, _LONGEST_PAUSE, _GROWTH = 1.0, 30.0, 1.5
_REFUSED_PAUSE = 60.0
"""Seconds between two polls while the token is refused."""

log = logging.getLogger("opsdeck.relay.telegram")


class Poller:
    """Polls one bot's line while `lease`, which is held already, stays ours."""

    def __init__(
        self, line: TelegramLine, intake: Intake, lease: Lease, clock: Clock, tally: Tally, *, timeout: int
    ) -> None:
        self._line = line
        self._intake = intake
        self._lease = lease
        self._clock = clock
        self._tally = tally
        self._timeout = timeout
        self._offset = 0
        self._pause = _FIRST_PAUSE

    async def run(self) -> None:
        """Poll until cancelled.

        Raises:
            LeaseLostError: another process polls this line by now.
        """
        renewing = asyncio.create_task(self._renew(), name="lease of the line")
        polling = asyncio.create_task(self._poll(), name="poll")
        try:
            done, _left = await asyncio.wait({renewing, polling}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            renewing.cancel()
            polling.cancel()
            await asyncio.gather(renewing, polling, return_exceptions=True)

    async def _renew(self) -> None:
        while True:
            await self._clock.sleep(RENEW_EVERY)
            try:
                if not await self._lease.renew():
                    raise self._lost()
            except LeaseLostError:
                raise
            except StoreError as error:
                log.warning("the lease of %s is not renewed: %s", self._line.name, error)

    async def _poll(self) -> None:
        while True:
            await self._intake.room()
            await self._make_sure()
            try:
                updates = await self._line.updates(self._offset, self._timeout)
            except TelegramError as error:
                await self._wait_after(error)
                continue
            await self._make_sure()
            self._pause = _FIRST_PAUSE
            self._tally.polled_at = self._clock.now()
            if updates:
                await self._deal_with(updates)

    async def _deal_with(self, updates: list[object]) -> None:
        """See that each update is durable; only then does the next poll confirm them."""
        try:
            await self._intake.settle(updates, _SETTLE_WITHIN)
        except StoreError as error:
            self._tally.failed(str(error.message), self._clock.now())
            log.error("updates are not recorded and will come again: %s", error)
            await self._back_off()
            return
        numbers = [number for number in map(number_of, updates) if number is not None]
        self._offset = max(numbers, default=self._offset - 1) + 1

    async def _make_sure(self) -> None:
        """Look whether the line is still ours, where we may have been asleep for too long to know."""
        while not self._lease.held or self._lease.overdue:
            if not self._lease.held:
                raise self._lost()
            try:
                if not await self._lease.renew():
                    raise self._lost()
            except LeaseLostError:
                raise
            except StoreError as error:
                log.warning("whether %s is still ours is not known: %s", self._line.name, error)
                await self._back_off()

    async def _wait_after(self, error: TelegramError) -> None:
        """Stay away as long as the failure asks for."""
        reason = _reason(error)
        self._tally.failed(str(reason), self._clock.now())
        log.warning("%s: %s", self._line.name, reason)
        if isinstance(error, ApiError) and error.code == 409 and error.says("webhook"):
            await self._line.remove_webhook()
        if isinstance(error, ApiError) and error.retry_after is not None:
            await self._clock.sleep(error.retry_after + _MARGIN)
        elif isinstance(error, ApiError) and error.code in (401, 404):
            await self._clock.sleep(_REFUSED_PAUSE)
        else:
            await self._back_off()

    async def _back_off(self) -> None:
        await self._clock.sleep(self._pause)
        self._pause = min(self._pause * _GROWTH, _LONGEST_PAUSE)

    def _lost(self) -> LeaseLostError:
        return LeaseLostError(_("Another process polls “{line}” by now.", line=self._line.name))


def _reason(error: TelegramError) -> Message:
    """Why a poll failed, and what helps."""
    if not isinstance(error, ApiError):
        return _("Telegram can’t be reached: {reason}", reason=clean(redact(error.message), 200))
    if error.code == 409 and error.says("webhook"):
        return _("A webhook was set for this bot, so that it could not be polled; it is being removed.")
    if error.code == 409:
        return _("Another program polls this bot. Stop it: only one may.")
    if error.code in (401, 404):
        return _("Telegram does not accept TELEGRAM_BOT_TOKEN. @BotFather gives a new one.")
    return _("Telegram answered {code}: {text}", code=str(error.code), text=error.description)
