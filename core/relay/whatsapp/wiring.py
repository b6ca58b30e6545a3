"""The provider that the settings name, its lines to the hosts it has, and the channel over it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from random import Random

import httpx

from core.area import Services
from core.engine.addresses import check_secure
from core.engine.exchange import Exchange
from core.engine.politeness import Politeness
from core.message import Message
from core.moment import Clock
from core.notify.people.phones import Phones
from core.notify.whatsapp_settings import WhatsAppSettings
from core.relay.media.download import Downloads
from core.relay.media.hosts import AllowedHosts
from core.relay.whatsapp.channel import Publish, WhatsAppChannel
from core.relay.whatsapp.meta.client import MetaClient
from core.relay.whatsapp.meta.errors import SERVICE as META
from core.relay.whatsapp.meta.media import STORAGES as META_STORAGES
from core.relay.whatsapp.meta.media import MetaFiles
from core.relay.whatsapp.meta.webhook import MetaWebhook
from core.relay.whatsapp.phones import line_of, link_of
from core.relay.whatsapp.private import private
from core.relay.whatsapp.provider import Provider
from core.relay.whatsapp.twilio.client import TwilioClient, basic_authorization
from core.relay.whatsapp.twilio.content import Contents
from core.relay.whatsapp.twilio.errors import SERVICE as TWILIO
from core.relay.whatsapp.twilio.media import STORAGES as TWILIO_STORAGES
from core.relay.whatsapp.twilio.media import TwilioFiles
from core.relay.whatsapp.twilio.signature import TwilioKeys
from core.relay.whatsapp.twilio.webhook import TwilioWebhook
from core.relay.whatsapp.webhook import status_url_of
from core.secret import Secret
from core.store.store import Store

__all__ = ["provider_of", "whatsapp_channel"]

_AT_ONCE = 16
_A_SECOND = 80.0
"""Requests to a provider at the same time, and the starts that it takes in a second (whatsapp.md B3, C3)."""

_TIME_LIMIT = 15.0


def whatsapp_channel(
    services: Services, randomness: Random, publish: Publish | None = None
) -> WhatsAppChannel:
    """What brings notices and answers to WhatsApp.

    Raises:
        SettingsError: an address can't be used.
    """
    settings = services.settings.of(WhatsAppSettings)
    provider = provider_of(settings, services.store, services.clock)
    return WhatsAppChannel(
        private(provider, Phones(services.vault), services.store),
        services.store,
        services.clock,
        randomness,
        templates=settings.approved,
        notices=settings.notices,
        publish=publish,
    )


def provider_of(
    settings: WhatsAppSettings,
    store: Store,
    clock: Clock,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Provider:
    """The provider that the settings name; `transport` takes the place of the network.

    Raises:
        SettingsError: an address can't be used.
    """
    lines = _Lines(clock, transport)
    return _twilio(settings, store, clock, lines) if settings.provider == "twilio" else _meta(settings, lines)


class _Lines:
    """Makes exchanges with a provider's hosts, which share their politeness."""

    def __init__(self, clock: Clock, transport: httpx.AsyncBaseTransport | None) -> None:
        self.clock = clock
        self._transport = transport
        self._politeness = Politeness(
            clock,
            per_host=_AT_ONCE,
            rate=_A_SECOND,
            burst=int(_A_SECOND),
            jitter=random.Random(),  # noqa: S311  it spreads requests, and hides nothing
        )

    def to(self, base: str, service: Message, setting: str) -> Exchange:
        """An exchange with a host, over TLS unless it is this machine.

        Raises:
            SettingsError: the address can't be used.
        """
        check_secure(httpx.URL(base), setting)
        return Exchange(
            base,
            service=service,
            setting=setting,
            politeness=self._politeness,
            clock=self.clock,
            timeout=_TIME_LIMIT,
            transport=self._transport,
        )

    def downloads(
        self, base: str, storages: tuple[str, ...], more: str, headers: Mapping[str, str], *, everywhere: bool
    ) -> Downloads:
        """Downloads from a provider's hosts, and from `more` that the settings name."""
        hosts = AllowedHosts(httpx.URL(base), (*storages, *more.split()))
        return Downloads(hosts, headers, everywhere=everywhere, transport=self._transport)


def _twilio(settings: WhatsAppSettings, store: Store, clock: Clock, lines: _Lines) -> Provider:
    token, line = Secret(settings.token.get_secret_value()), line_of(settings.sender)
    base, headers = str(settings.twilio_base), basic_authorization(settings.account, token)
    contents = Contents(
        lines.to(str(settings.content_base), TWILIO, "TWILIO_CONTENT_BASE"), headers, line, store, clock
    )
    client = TwilioClient(
        lines.to(base, TWILIO, "TWILIO_API_BASE"),
        contents,
        account=settings.account,
        headers=headers,
        sender=settings.sender,
        host=httpx.URL(base).host,
        status_url=status_url_of(str(settings.webhook)) if settings.webhook is not None else "",
        clock=clock,
    )
    keys = TwilioKeys(
        [token, Secret(settings.previous_token.get_secret_value())],
        [Secret(settings.shared_key.get_secret_value())],
    )
    downloads = lines.downloads(base, TWILIO_STORAGES, settings.media_hosts, headers, everywhere=False)
    files = TwilioFiles(downloads, settings.account)
    return Provider(line, link_of(settings.sender), client, TwilioWebhook(keys), files)


def _meta(settings: WhatsAppSettings, lines: _Lines) -> Provider:
    base = str(settings.meta_base)
    client = MetaClient(
        lines.to(base, META, "WHATSAPP_API_BASE"),
        phone_id=settings.phone_id,
        token=Secret(settings.access_token.get_secret_value()),
        version=settings.meta_version,
        host=httpx.URL(base).host,
        clock=lines.clock,
    )
    secrets = [Secret(each) for each in settings.app_secret.get_secret_value().split()]
    verify_token = Secret(settings.verify_token.get_secret_value())
    receives = MetaWebhook(secrets, verify_token, settings.phone_id)
    headers = {"Authorization": f"Bearer {settings.access_token.get_secret_value()}"}
    files = MetaFiles(
        lines.to(base, META, "WHATSAPP_API_BASE"),
        lines.downloads(base, META_STORAGES, settings.media_hosts, headers, everywhere=True),
        version=settings.meta_version,
        headers=headers,
    )
    return Provider(line_of(settings.phone_id), link_of(settings.sender), client, receives, files)
