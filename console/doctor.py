"""`opsdeck doctor`: is everything in order, and if not, what to do about it."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from console.configuration import groups, read_settings, shortcomings, unknown_settings
from console.exits import Exit
from console.world import World, open_world
from core.areas.overview.pages.sources import Polled, polled_sources
from core.command import Invocation
from core.engine.lease import holder
from core.engine.scheduler import JOBS
from core.errors import OpsdeckError
from core.message import Message, _, plural
from core.settings import CoreSettings
from core.store.backup import check
from core.store.maintenance import room
from core.text import paragraph
from core.units import Severity

__all__ = ["run_doctor"]

_RENEWED_WITHIN = timedelta(minutes=1)
"""An engine that renewed its lease within this is at work."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: how bad, what, and what to do."""

    severity: Severity
    what: Message
    remedy: Message | None = None


def run_doctor(options: argparse.Namespace) -> int:
    """Check settings, store and sources in this order; a later check needs the ones before it.

    It ends with `Exit.DONE` when nothing needs doing and with `Exit.FAILED` when something does.
    """
    findings = asyncio.run(_everything(options))
    return Exit.DONE if all(each.severity <= Severity.NOTICE for each in findings) else Exit.FAILED


async def _everything(options: argparse.Namespace) -> list[Finding]:
    found: list[Finding] = []

    def tell(finding: Finding) -> None:
        found.append(finding)
        _print(finding)

    try:
        if not getattr(options, "demo", False):
            for finding in _settings(options):
                tell(finding)
        async with open_world(options, "command line", tell=lambda message: None, once=True) as world:
            for checks in (_store, _areas, _sources, _engine):
                async for finding in checks(world):
                    tell(finding)
    except OpsdeckError as error:
        tell(Finding(Severity.CRITICAL, error.message))
    return found


def _print(finding: Finding) -> None:
    """The finding on standard output, what to do below it; its mark coloured on a terminal."""
    if sys.stdout.isatty():
        from console.printing import print_finding

        print_finding(finding.severity, finding.what, finding.remedy)
        return
    print(f"{finding.severity.glyph} {paragraph(str(finding.what))}")  # noqa: T201
    if finding.remedy is not None:
        print(f"  {paragraph(str(finding.remedy))}", flush=True)  # noqa: T201


def _settings(options: argparse.Namespace) -> Iterator[Finding]:
    """Every setting can be read, and none is misspelt.

    Raises:
        SettingsError: one is wrong; nothing else can be checked then.
    """
    book = read_settings(options)
    count = sum(len(book.settings(group)) for group in groups())
    yield Finding(Severity.GOOD, _("All {count} settings can be read.", count=count))
    for complaint in unknown_settings(book):
        yield Finding(Severity.WARNING, complaint, _("Correct its name or remove it."))
    for complaint in shortcomings(book):
        yield Finding(Severity.WARNING, complaint)


async def _store(world: World) -> AsyncGenerator[Finding]:
    """The database is sound, its audit log whole, and there is room to grow."""
    store = world.deck.services.store
    report = await check(store)
    yield Finding(Severity.NOTICE, _("The database is {place}.", place=store.place))
    for line in report.lines:
        if report.good:
            yield Finding(Severity.GOOD, line)
        else:
            yield Finding(Severity.CRITICAL, line, _("Restore a backup: “opsdeck db restore” lists them."))
    settings = world.book.of(CoreSettings)
    warnings = await room(store, database_mb=settings.database_warning_mb, disk_mb=settings.disk_warning_mb)
    for warning in warnings:
        yield Finding(Severity.WARNING, warning)
    if not warnings:
        yield Finding(Severity.GOOD, _("There is room on the disk."))


async def _areas(world: World) -> AsyncGenerator[Finding]:
    """Each area that can be set up was."""
    configured = await world.deck.configured(world.person)
    # Every source is optional, but without any there is nothing to look at.
    severity = Severity.NOTICE if any(configured.values()) else Severity.WARNING
    for area in world.deck.areas:
        if configured.get(area.name) is False:
            remedy = (
                _("Run “opsdeck {command}”.", command=area.setup)
                if area.setup
                else _("Its settings are in .env.example.")
            )
            yield Finding(severity, _("{area} isn't set up.", area=area.title), remedy)


async def _sources(world: World) -> AsyncGenerator[Finding]:
    """Each source answers when it is asked right now."""
    if not any((await world.deck.configured(world.person)).values()):
        return
    failure: Message | None = None
    if world.person.read_only:
        yield Finding(Severity.NOTICE, _("The sources were not asked: this session may only read."))
    else:
        try:
            await world.deck.run(Invocation("refresh", world.person))
        except OpsdeckError as error:
            failure = error.message
            yield Finding(Severity.CRITICAL, failure, _("Until then every page shows the last good data."))
    polled = await polled_sources(world.deck.dispatcher.request(Invocation("sources", world.person)))
    failing: dict[Message | None, list[Polled]] = {}
    for each in polled:
        if not each.health.good and each.health.reason != failure:
            failing.setdefault(each.health.reason, []).append(each)
    for reason, group in failing.items():
        yield Finding(Severity.WARNING, _complaint(group, reason))
    if polled and failure is None and not failing:
        yield Finding(Severity.GOOD, _("All {count} sources answer.", count=len(polled)))


def _complaint(group: Sequence[Polled], reason: Message | None) -> Message:
    """Which sources fail for one and the same reason, the first of them by name."""
    said = {"name": group[0].name, "reason": reason or _("it failed without a reason.")}
    if len(group) == 1:
        return _("{name}: {reason}", **said)
    return plural(
        "{name} and {count} more: {reason}", "{name} and {count} more: {reason}", len(group) - 1, **said
    )


async def _engine(world: World) -> AsyncGenerator[Finding]:
    """Somebody polls."""
    store = world.deck.services.store
    now = store.present()
    async with store.reading() as connection:
        polling = await holder(connection, JOBS, now)
    if polling is None or now - polling.renewed_at > _RENEWED_WITHIN:
        yield Finding(
            Severity.NOTICE,
            _("Nothing is polling at present."),
            _("Leave a console open: it runs the engine."),
        )
        return
    who = polling.identity
    sentence = _(
        "{program} on {host} polls the sources, process {pid}.",
        program=who.program,
        host=who.host,
        pid=str(who.pid),
    )
    yield Finding(Severity.GOOD, sentence)
