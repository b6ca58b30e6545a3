"""What the commands about the outbox change."""

from __future__ import annotations

from typing import cast

from core.area import Outcome, Request
from core.areas.alerts.pages.words import done_page
from core.errors import InputError, NotFoundError
from core.message import _, plural
from core.notify.channels.channel import Channel
from core.notify.channels.configured import configured_channels
from core.notify.notice import Recipient
from core.notify.outbox import resend
from core.notify.people.person import Person
from core.notify.people.rows import find_person
from core.notify.selftest import send_test
from core.notify.settings import NotifySettings
from core.store.store import Transaction

__all__ = ["apply_resend", "apply_selftest", "apply_test"]

_SELF = "self-test"


async def apply_resend(request: Request, transaction: Transaction) -> Outcome:
    """A row that was given up begins anew."""
    number = cast("int", request.arguments["row"])
    if not await resend(transaction, number, expiries=_settings(request).expiries):
        raise NotFoundError(
            _(
                "Row {number} was not given up; “outbox --which dead” lists those that were.",
                number=str(number),
            )
        )
    note = _("Row {number} goes out once more.", number=str(number))
    return Outcome(done_page("outbox.resend", note), f"outbox:{number}")


async def apply_test(request: Request, transaction: Transaction) -> Outcome:
    """A test notice by one channel, to a person or to the channel's own addresses."""
    channel = _channel(request, request.text("channel") or "")
    name = request.text("person")
    if name is None:
        recipients = _own(channel)
    else:
        recipients = [_reached(await find_person(transaction.connection, name, request.now), channel)]
    if not recipients:
        raise InputError(
            _("{channel} has no address of its own; say to whom: “people” lists them.", channel=channel.name)
        )
    key = f"{request.now.isoformat()}:{channel.name}"
    await send_test(transaction, recipients, key, expiries=_settings(request).expiries)
    note = _("A test notice goes out by {channel}; “outbox” shows how it went.", channel=channel.name)
    return Outcome(done_page("notify.test", note), f"channel:{channel.name}")


async def apply_selftest(request: Request, transaction: Transaction) -> Outcome:
    """A test notice by each channel to each of its own addresses."""
    sent = 0
    for channel in _channels(request):
        for recipient in _own(channel):
            key = f"{request.now.isoformat()}:{channel.name}:{recipient.address}"
            sent += await send_test(transaction, [recipient], key, expiries=_settings(request).expiries)
    note = plural(
        "{count} test notice goes out; “outbox” shows how it went.",
        "{count} test notices go out; “outbox” shows how they went.",
        sent,
    )
    return Outcome(done_page("notify.selftest", note), "channels")


def _settings(request: Request) -> NotifySettings:
    return request.services.settings.of(NotifySettings)


def _channels(request: Request) -> list[Channel]:
    return configured_channels(_settings(request), request.services.clock)


def _channel(request: Request, name: str) -> Channel:
    known = {channel.name: channel for channel in _channels(request)}
    if name not in known:
        raise InputError(
            _("“{name}” isn’t set up; there is {known}.", name=name[:40], known=", ".join(sorted(known)))
        )
    return known[name]


def _own(channel: Channel) -> list[Recipient]:
    return [Recipient(_SELF, channel.name, address) for address in channel.own_addresses]


def _reached(person: Person, channel: Channel) -> Recipient:
    for each in person.addresses:
        if each.channel == channel.name:
            return Recipient(person.name, each.channel, each.address, person.language, person.zone.key)
    raise NotFoundError(
        _(
            "{person} has no address for {channel}; “people address” sets one.",
            person=person.name,
            channel=channel.name,
        )
    )
