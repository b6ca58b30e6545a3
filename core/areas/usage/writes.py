"""What the usage area's writes do: accounts in two steps, asking Taara right now, importing a history."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Outcome, Request
from core.areas.usage.collection import connections
from core.areas.usage.collection.collect import Collector, PollResult
from core.areas.usage.importing.history import import_history
from core.areas.usage.importing.monitor_database import MonitorDatabase, read_monitor_database
from core.areas.usage.model import ApiCall, TaaraAccess
from core.areas.usage.pages.outcomes import (
    Asked,
    collected_page,
    forgotten_page,
    imported_page,
    set_up_page,
)
from core.areas.usage.settings import UsageSettings
from core.areas.usage.store import collector_state, credentials, reading, tables
from core.areas.usage.store.recording import PollAttempt, record_success
from core.errors import InputError, NotFoundError
from core.event import Event
from core.message import _
from core.secret import Secret
from core.store.store import Transaction
from core.store.versions import record
from core.units import Severity

if TYPE_CHECKING:
    from core.areas.usage.client import Answer

__all__ = [
    "apply_collect",
    "apply_forget",
    "apply_import",
    "apply_setup",
    "prepare_collect",
    "prepare_import",
    "prepare_setup",
    "refresh",
]


@dataclass(frozen=True, slots=True)
class _Tested:
    """Access that worked, and what the account showed."""

    name: str
    access: TaaraAccess
    started: datetime
    answer: Answer
    calls: Sequence[ApiCall]


async def prepare_setup(request: Request) -> object:
    """Try new access: sign in, read the plans, sign out.

    Raises:
        UpstreamError: Taara did not accept it. The access in use is untouched.
    """
    services = request.services
    access = TaaraAccess(
        country_code=request.text("country") or services.settings.of(UsageSettings).country_code,
        phone=request.text("phone") or "",
        passcode=Secret(request.text("passcode") or ""),
        partner=request.text("partner") or "",
        hotspot=request.text("hotspot") or "",
    )
    async with services.store.reading() as connection:
        name = await _named(request, connection, "name") or ""
    client, calls, started = (
        connections.new_client(services, access),
        list[ApiCall](),
        services.store.present(),
    )
    try:
        answer = await client.poll(calls)
    finally:
        await client.close()
    return _Tested(name, access, started, answer, calls)


async def apply_setup(request: Request, prepared: object, transaction: Transaction) -> Outcome:
    """Keep the access that was tested, and what the test read."""
    assert isinstance(prepared, _Tested)
    services, settings = request.services, request.services.settings.of(UsageSettings)
    account = credentials.account_of(prepared.name, prepared.access)
    known = await credentials.watched(services, transaction.connection, transaction.recorded_at)
    before = {each.account.name: each.account.phone for each in known}.get(account.name)
    await credentials.save(transaction, services.vault, account.name, prepared.access)
    await collector_state.forget(transaction, account.name)
    interval = timedelta(minutes=settings.poll_minutes)
    attempt = PollAttempt(
        account=account,
        started=prepared.started,
        ended=transaction.recorded_at,
        interval=interval,
        next_try=prepared.started + interval,
        monthly=settings.allowance_gb,
        burst=settings.burst_gb,
        zone=ZoneInfo(settings.timezone),
    )
    bundle = prepared.answer.bundle
    await record_success(transaction, attempt, bundle, prepared.answer.body, prepared.calls)
    title = _(
        "{person} set up the Taara account {account}", person=request.principal.name, account=account.name
    )
    subject = _subject(account.name)
    await transaction.emit(Event("usage.account.set", "usage", subject, Severity.GOOD, title, request.now))
    return Outcome(
        set_up_page(account, bundle),
        subject,
        {} if before is None else {"phone": before},
        {"phone": account.phone},
    )


async def apply_forget(request: Request, transaction: Transaction) -> Outcome:
    """Stop watching an account and forget its access; its readings stay.

    Raises:
        NotFoundError: there is no such account.
        InputError: its access comes from the settings.
    """
    connection = transaction.connection
    name = await _named(request, connection, "name") or ""
    known = {each.name for each in await reading.accounts(connection, transaction.recorded_at)}
    if name not in known | await _watched(request, connection):
        raise NotFoundError(_("There is no account “{name}”.", name=name[:60]))
    await credentials.forget(transaction, name)
    if name in await _watched(request, connection):
        raise InputError(
            _("The access of {account} is in the settings. Take TAARA_PASSCODE out of them.", account=name)
        )
    await record(transaction, tables.accounts, [], scope={"name": name})
    title = _(
        "{person} stopped watching the Taara account {account}", person=request.principal.name, account=name
    )
    subject = _subject(name)
    event = Event("usage.account.forgotten", "usage", subject, Severity.NOTICE, title, request.now)
    await transaction.emit(event)
    return Outcome(forgotten_page(name), subject)


async def prepare_collect(request: Request) -> object:
    """Ask Taara right now, for one account or all, and write down what comes.

    Raises:
        NotFoundError: no such account, or none at all, is set up.
        RefusedError: it is being asked already, or was just now.
        OpsdeckError: why not one account could be read; the last good data stays.
    """
    async with request.services.store.reading() as connection:
        name = await _named(request, connection)
    results = await Collector(request.services).collect(everything=True, only=name)
    if not results:
        raise NotFoundError(_("No Taara account is set up. Run “usage setup” first."))
    return results


async def apply_collect(request: Request, prepared: object, transaction: Transaction) -> Outcome:
    """Show what came; it is on record already."""
    results = cast("list[PollResult]", prepared)
    asked: list[Asked] = []
    for each in results:
        bundle = None
        if each.error is None:
            bundle = await reading.bundle_at(transaction.connection, each.account, transaction.recorded_at)
        asked.append((each.account, bundle, each.error and each.error.message))
    target = _subject(results[0].account) if len(results) == 1 else "accounts"
    good = [each.account for each in results if each.error is None]
    return Outcome(collected_page(asked), target, {}, {"read": good})


async def prepare_import(request: Request) -> object:
    """Read the file, which is not changed.

    Raises:
        InputError: it isn't there, or no such file.
    """
    return await asyncio.to_thread(read_monitor_database, Path(request.text("file") or ""))


async def apply_import(request: Request, prepared: object, transaction: Transaction) -> Outcome:
    """Take over what is new in it."""
    assert isinstance(prepared, MonitorDatabase)
    name = await _named(request, transaction.connection)
    settings = request.services.settings.of(UsageSettings)
    imported = await import_history(transaction, prepared, name, credentials.DEFAULT, settings)
    title = _(
        "{person} imported {count} readings from {file}",
        person=request.principal.name,
        count=imported.readings,
        file=imported.file,
    )
    event = Event("usage.imported", "usage", "source:taara", Severity.GOOD, title, request.now)
    await transaction.emit(event)
    after = {"readings": imported.readings, "calls": imported.calls, "file": imported.file}
    return Outcome(imported_page(imported), "source:taara", {}, after)


async def refresh(request: Request) -> None:
    """Ask Taara right now, for the account the request is about or for all.

    Before an account was set up there is nothing to ask.

    Raises:
        OpsdeckError: Taara can't be used, or was asked just now; the last good data stays.
    """
    async with request.services.store.reading() as connection:
        name = await _named(request, connection)
    await Collector(request.services).collect(everything=True, only=name)


async def _named(request: Request, connection: AsyncConnection, argument: str = "account") -> str | None:
    """The account that an argument names, written as it is known already, whatever its letters' case."""
    text = request.text(argument)
    if text is None:
        return None
    wanted = text.strip()
    known = {each.name for each in await reading.accounts(connection, request.now)}
    known |= await _watched(request, connection)
    return next((each for each in sorted(known) if each.casefold() == wanted.casefold()), wanted)


async def _watched(request: Request, connection: AsyncConnection) -> set[str]:
    found = await credentials.watched(request.services, connection, request.services.store.present())
    return {each.account.name for each in found}


def _subject(account: str) -> str:
    return f"account:{account}"
