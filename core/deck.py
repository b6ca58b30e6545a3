"""The one wiring place: settings, store, areas, commands and the engine made into a deck."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType, TracebackType

from core.area import (
    Area,
    Connections,
    Nothing,
    PaneLight,
    Scope,
    Services,
    discover,
    pane_lights,
    with_strict_roles,
)
from core.command import Choice, Invocation, readable
from core.danger import Danger, given_facts
from core.dispatch import Dispatcher
from core.engine import housekeeping
from core.engine.identity import this_process
from core.engine.lease import Lease
from core.engine.politeness import Politeness
from core.engine.scheduler import JOBS, Engine, EngineMode, EngineState
from core.moment import Clock
from core.notify.alerting.reaction import Alerting
from core.notify.delivering import ChannelFactory, delivery_jobs, make_sender
from core.notify.delivery.sender import Sender
from core.notify.rules import load_rules
from core.notify.settings import NotifySettings
from core.page import Action, Page
from core.principal import Principal
from core.settings import CoreSettings, SettingsBook
from core.store.maintenance import Retention
from core.store.store import ChangeMark, Store
from core.vault import Vault

__all__ = ["Deck"]

_OBJECTS_SHOWN = 30
_NONE: Mapping[str, str] = MappingProxyType({})


class Deck:
    """Everything opsdeck is in one process, below any surface."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.areas = services.areas
        self.dispatcher = Dispatcher(services, (verb for area in self.areas for verb in area.verbs))
        self.engine: Engine | None = None
        self.sender: Sender | None = None

    @classmethod
    async def open(cls, book: SettingsBook, clock: Clock, *, areas: tuple[Area, ...] | None = None) -> Deck:
        """Open the store, upgrading it where needed, and put the areas on it.

        Every write transaction is followed by alerting first, then by what each area does about events.

        Raises:
            SettingsError: a setting or an alert rule is wrong, or the key can't be used.
            StoreError: the database can't be opened.
        """
        settings = book.of(CoreSettings)
        book.folders.make()
        vault = Vault.open(book.folders.config)
        areas = discover() if areas is None else areas
        if settings.strict_admin:
            areas = tuple(with_strict_roles(area) for area in areas)
        rules = load_rules(book.folders, expiries=book.of(NotifySettings).expiries)
        alerting = Alerting(rules, clock)
        url = settings.database_url or f"sqlite:///{book.folders.database}"
        store = await Store.open(url, clock=clock, audit_key=vault.audit_key, backups=book.folders.backups)
        services = Services(
            store=store,
            clock=clock,
            settings=book,
            vault=vault,
            politeness=Politeness(clock, jitter=random.Random()),  # noqa: S311  spreads requests, guards nothing
            connections=Connections(),
            areas=areas,
        )
        reactions = [area.reacts(services) for area in services.areas if area.reacts is not None]
        return cls(replace(services, store=store.reacting(alerting.take, *reactions)))

    async def start_engine(self, program: str, channels: Sequence[ChannelFactory] = ()) -> None:
        """Run the jobs here, or stand by while another process does; deliver notices either way.

        `channels` make the channels of the platforms that a caller knows, beside those the settings name.
        """
        services = self.services
        settings = services.settings.of(CoreSettings)
        identity = this_process(program)
        lease = Lease(services.store, JOBS, identity, clock=services.clock)
        guarded = replace(services, store=services.store.guarded_by(lease.check))
        jobs = [job for area in self.areas if area.jobs is not None for job in area.jobs(guarded)]
        jobs += delivery_jobs(guarded, channels)
        jobs += housekeeping.jobs(
            guarded.store,
            backups=services.settings.folders.backups,
            keep=Retention(
                samples=timedelta(days=settings.raw_days),
                versions=timedelta(days=settings.version_days),
                events=timedelta(days=settings.event_days),
                polls=timedelta(days=settings.poll_days),
            ),
            backups_kept=settings.backups_kept,
            database_mb=settings.database_warning_mb,
            disk_mb=settings.disk_warning_mb,
        )
        spread = random.Random()  # noqa: S311  spreads the first runs, guards nothing
        self.engine = Engine(guarded.store, services.clock, lease, jobs, settings.zone, spread=spread)
        await self.engine.start()
        self.sender = make_sender(services, identity, channels)
        self.sender.start()

    @property
    def engine_state(self) -> EngineState:
        """Who runs the jobs, as far as this process knows."""
        return self.engine.state if self.engine is not None else EngineState(EngineMode.STOPPED)

    async def close(self) -> None:
        """Stop the engine and the sender, hang up, and close the store; within ten seconds."""
        await asyncio.gather(*(each.stop() for each in (self.engine, self.sender) if each is not None))
        await self.services.connections.close()
        await self.services.store.close()

    async def __aenter__(self) -> Deck:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def run(self, invocation: Invocation) -> Page:
        """The page that answers a command; see `Dispatcher.run`."""
        return await self.dispatcher.run(invocation)

    async def lights(self, principal: Principal, at: datetime | None) -> Mapping[str, PaneLight]:
        """Each pane at a glance, by its key."""
        request = self.dispatcher.request(Invocation("", principal, at=at))
        own = await pane_lights(request)
        lights = {pane.key: light for pane, light in own}
        for area in self.areas:
            lights |= {pane.key: pane.of_others(own) for pane in area.panes if pane.of_others is not None}
        return lights

    async def scope(self, principal: Principal) -> Scope | None:
        """What the person's views are of at present; the first area that has such a thing says it."""
        request = self.dispatcher.request(Invocation("", principal))
        for area in self.areas:
            if area.scope is not None and (found := await area.scope(request)) is not None:
                return found
        return None

    async def choices(
        self, command: str, parameter: str, principal: Principal, given: Mapping[str, str] = _NONE
    ) -> Sequence[Choice]:
        """What would do for a parameter: its own choices, or those its area offers at present.

        `given` are the arguments known so far, on which the choices may depend. Whoever may not run
        the command is offered nothing, because choices name what there is.
        """
        found = self.dispatcher.registry.find(command)
        declared = found.parameter(parameter)
        if declared is None:
            return ()
        if declared.type.choices or not declared.source:
            return declared.type.choices
        request = self.dispatcher.request(Invocation(command, principal), readable(found, given))
        if not request.may(command):
            return ()
        for area in self.areas:
            if declared.source in area.choices:
                return await area.choices[declared.source](request)
        return ()

    async def check(
        self,
        command: str,
        parameter: str,
        value: str,
        principal: Principal,
        given: Mapping[str, str] = _NONE,
    ) -> None:
        """Let an answer pass that will do beside what was `given` before, before anything else is asked.

        What nobody can tell beforehand passes too: the command itself decides.

        Raises:
            InputError: it won't do; the sentence says what would, and names the parameter if it is another.
        """
        found = self.dispatcher.registry.find(command)
        declared = found.parameter(parameter)
        if declared is None or not declared.source:
            return
        request = self.dispatcher.request(Invocation(command, principal), readable(found, given))
        for area in self.areas:
            if declared.source in area.checks and request.may(command):
                await area.checks[declared.source](request, str(declared.type.parse(value)))

    def nothing(self, command: str, parameter: str) -> Nothing | None:
        """What is said while there is nothing to choose among for a parameter, if its area says it."""
        declared = self.dispatcher.registry.find(command).parameter(parameter)
        source = declared.source if declared is not None else ""
        return next((area.nothing[source] for area in self.areas if source in area.nothing), None)

    async def danger(self, command: str, arguments: Mapping[str, str], principal: Principal) -> Danger:
        """What the person should know before they say yes to a dangerous command with these arguments.

        Raises:
            InputError: there is no such command.
            StoreError: the database can't be read.
        """
        declared = self.dispatcher.registry.find(command)
        choices = {name: await self.choices(command, name, principal) for name in arguments}
        touched = await self.dispatcher.touched(Invocation(command, principal, arguments))
        return Danger(declared.summary, given_facts(declared, arguments, choices), touched)

    async def objects(self, principal: Principal, text: str) -> Sequence[Action]:
        """Things of any area whose name fits, and which the person may open."""
        request = self.dispatcher.request(Invocation("", principal))
        found: list[Action] = []
        for area in self.areas:
            if area.objects is not None:
                found += [each for each in await area.objects(request, text) if request.may(each.command)]
        return found[:_OBJECTS_SHOWN]

    async def configured(self, principal: Principal) -> Mapping[str, bool]:
        """For each area that can be set up, whether it was."""
        request = self.dispatcher.request(Invocation("", principal))
        return {
            area.name: await area.configured(request) for area in self.areas if area.configured is not None
        }

    async def change_mark(self) -> ChangeMark:
        """Differs from its last value when anything changed in the store."""
        return await self.services.store.change_mark()
