"""`opsdeck doctor`: is everything in order, and if not, what to do about it."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import timedelta

from console.configuration import groups
from console.exits import Exit
from console.flags import read_flags
from console.world import World, open_world
from core.command import Invocation
from core.engine.lease import holder
from core.engine.scheduler import JOBS
from core.errors import OpsdeckError
from core.folders import Folders
from core.message import ENGLISH, Message, _
from core.render.values import Formatter
from core.settings import CoreSettings, SettingsBook
from core.store.backup import check
from core.store.maintenance import room
from core.store.polls import sources
from core.units import Severity

__all__ = ["run_doctor"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: how bad, what, and what to do."""

    severity: Severity
    what: Message
    remedy: Message | None = None


def run_doctor(options: argparse.Namespace) -> int:
    """Check settings, store and sources in this order; a later check needs the ones before it."""
    findings = asyncio.run(_everything(options))
    return Exit.DONE if all(each.severity <= Severity.NOTICE for each in findings) else Exit.FAILED


async def _everything(options: argparse.Namespace) -> list[Finding]:
    found: list[Finding] = []

    def tell(finding: Finding) -> None:
        found.append(finding)
        remedy = f"\n    {finding.remedy}" if finding.remedy is not None else ""
        print(f"{finding.severity.glyph} {finding.what}{remedy}")  # noqa: T201

    try:
        if not getattr(options, "demo", False):
            _settings(options, tell)
        async with open_world(options, "command line", tell=lambda message: None) as world:
            async for finding in _store(world):
                tell(finding)
            async for finding in _sources(world):
                tell(finding)
    except OpsdeckError as error:
        tell(Finding(Severity.CRITICAL, error.message))
    return found


def _settings(options: argparse.Namespace, tell) -> None:
    """Every setting can be read, and none is misspelt.

    Raises:
        SettingsError: one is wrong; nothing else can be checked then.
    """
    book = SettingsBook(Folders.default(), flags=read_flags(options))
    count = sum(len(book.settings(group)) for group in groups())
    tell(Finding(Severity.GOOD, _("{count} settings can be read", count=count)))
    for name, place in book.unknown(groups()):
        tell(
            Finding(
                Severity.WARNING,
                _("{name} in {place} is no setting of opsdeck", name=name, place=place),
                _("Correct its name or remove it; “opsdeck config show” lists all."),
            )
        )


async def _store(world: World) -> AsyncGenerator[Finding]:
    store = world.deck.services.store
    report = await check(store)
    for problem in report.all_problems:
        yield Finding(Severity.CRITICAL, problem, _("Restore a backup: “opsdeck db restore” lists them."))
    if report.good:
        yield Finding(Severity.GOOD, _("The database {place} is sound", place=store.place))
        yield Finding(Severity.GOOD, _("The audit log is whole: {count} rows", count=report.rows["audit"]))
    settings = world.book.of(CoreSettings)
    megabyte = 1_000_000
    warnings = await room(
        store, least_free=settings.disk_warning_mb * megabyte, most=settings.database_warning_mb * megabyte
    )
    for warning in warnings:
        yield Finding(Severity.WARNING, warning)
    if not warnings:
        yield Finding(Severity.GOOD, _("There is room on the disk"))


async def _sources(world: World) -> AsyncGenerator[Finding]:
    """Each area is set up, each source answers, and somebody polls."""
    store, now = world.deck.services.store, world.deck.services.store.present()
    formatter = Formatter(ENGLISH, world.person.zone, now)
    configured = await world.deck.configured(world.person)
    for area in world.deck.areas:
        if configured.get(area.name) is False:
            yield Finding(
                Severity.WARNING,
                _("{area} isn't set up", area=area.title),
                _("Run “opsdeck {command}”.", command=area.setup),
            )
    if not any(configured.values()):
        return
    try:
        await world.deck.run(Invocation("refresh", world.person))
    except OpsdeckError as error:
        yield Finding(Severity.CRITICAL, error.message)
    async with store.reading() as connection:
        known = await sources(connection, store.present())
        polling = await holder(connection, JOBS)
    failing = [each for each in known if not each.good]
    for each in failing:
        what = _(
            "{source} {subject}: {reason}", source=each.source, subject=each.subject, reason=each.reason or ""
        )
        age = formatter.age(each.last_good) if each.last_good else "never"
        yield Finding(Severity.WARNING, what, _("Last good: {age}.", age=age))
    if known and not failing:
        yield Finding(Severity.GOOD, _("All {count} sources answer", count=len(known)))
    if polling is None or now - polling.renewed_at > timedelta(minutes=1):
        yield Finding(
            Severity.NOTICE,
            _("Nothing is polling at present"),
            _("Leave a console open: it runs the engine."),
        )
    else:
        identity = polling.identity
        yield Finding(
            Severity.GOOD, _("The engine runs on {host}, process {pid}", host=identity.host, pid=identity.pid)
        )
