"""A provider as the house sees it: of its users' phones nothing passes but what they are called (S20).

Whatever is stored, logged and shown stands behind this, and so holds no phone: not the sessions and their
keys, not the log, the windows, the outbox, the audit. `core.notify.people.phones` says what users are called.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.errors import StoreError
from core.message import _
from core.notify.channels.failures import CredentialsError, DeliveryError, GoneError, TemporaryError
from core.notify.people.phones import Phones, find_phone
from core.relay.whatsapp.provider import (
    Acknowledgement,
    Event,
    InboundEvent,
    MessageLimits,
    Provider,
    Received,
    Receives,
    Sendable,
    Sends,
    WebhookCall,
)
from core.store.store import Store
from core.text import masked_phone
from core.vault import VaultError

__all__ = ["private"]


def private(provider: Provider, phones: Phones, store: Store) -> Provider:
    """The provider with users in place of phones, both ways; `store` knows the phone behind each."""
    return replace(
        provider,
        sends=_PrivateSends(provider.sends, phones, store),
        receives=_PrivateReceives(provider.receives, phones),
    )


class _PrivateSends:
    """Sends to users; a `Sends`."""

    def __init__(self, sends: Sends, phones: Phones, store: Store) -> None:
        self._sends = sends
        self._phones = phones
        self._store = store

    @property
    def host(self) -> str:
        return self._sends.host

    @property
    def limits(self) -> MessageLimits:
        return self._sends.limits

    async def send(self, user: str, message: Sendable) -> str:
        return await self._sends.send(await self._phone(user), message)

    async def mark_read(self, message: str) -> None:
        await self._sends.mark_read(message)

    async def close(self) -> None:
        await self._sends.close()

    async def _phone(self, user: str) -> str:
        """The phone behind a user.

        Raises:
            DeliveryError: it isn't kept any more, or can't be read.
        """
        try:
            async with self._store.reading() as connection:
                number = await find_phone(connection, user)
        except StoreError as error:
            raise TemporaryError(error.message, own=True) from error
        if number is None:
            raise GoneError(_("The phone {phone} isn’t kept any more.", phone=masked_phone(user)))
        try:
            return self._phones.phone(number)
        except VaultError as error:
            raise CredentialsError(
                _("The phones can’t be decrypted: the key has changed. Put the key back from your backup.")
            ) from error


class _PrivateReceives:
    """Reads events, and says of whose phone they are only what the user is called; a `Receives`."""

    def __init__(self, receives: Receives, phones: Phones) -> None:
        self._receives = receives
        self._phones = phones

    @property
    def methods(self) -> Sequence[str]:
        return self._receives.methods

    @property
    def acknowledgement(self) -> Acknowledgement:
        return self._receives.acknowledgement

    def challenge(self, call: WebhookCall) -> str | None:
        return self._receives.challenge(call)

    def genuine(self, call: WebhookCall) -> bool:
        return self._receives.genuine(call)

    def events(self, call: WebhookCall) -> Sequence[Received]:
        return [
            each if each.event is None else replace(each, event=self._named(each.event))
            for each in self._receives.events(call)
        ]

    def event(self, raw: object) -> Event:
        return self._named(self._receives.event(raw))

    def failure(self, code: str) -> DeliveryError:
        return self._receives.failure(code)

    def closes_window(self, code: str) -> bool:
        return self._receives.closes_window(code)

    def _named(self, event: Event) -> Event:
        if isinstance(event, InboundEvent) and event.user:
            phone = self._phones.kept(event.user)
            return replace(event, user=phone.user, phone=phone)
        return replace(event, user=self._phones.user_of(event.user))
