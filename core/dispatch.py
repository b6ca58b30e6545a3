"""The one path by which every command runs, whatever surface it came from.

Authorise, validate, prepare (network, outside any transaction), then one transaction that holds the new
state, its events and its audit row; then the page. A refusal is audited in a transaction of its own, and
a write that reaches into another system leaves an intent before it tries (architecture.md 4).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import cast

from core.area import Outcome, Read, Request, Services, Verb, Write
from core.command import Command, Effect, Invocation, Registry, authorise, validate
from core.encoding import decode, encode
from core.errors import InputError, OpsdeckError, RefusedError
from core.message import _
from core.page import Page
from core.store.audit import AuditEntry
from core.store.idempotency import answered, remember
from core.text import redact

__all__ = ["ConfirmationNeededError", "Dispatcher"]

_log = logging.getLogger("opsdeck.dispatch")


class ConfirmationNeededError(RefusedError):
    """The command is dangerous and the person has not been asked yet."""


class Dispatcher:
    """Runs commands."""

    def __init__(self, services: Services, verbs: Iterable[Verb]) -> None:
        verbs = tuple(verbs)
        self.registry = Registry(verb.command for verb in verbs)
        self._services = services
        self._does = {verb.command.name: verb.does for verb in verbs}

    async def run(self, invocation: Invocation) -> Page:
        """The page that answers the invocation.

        Raises:
            InputError: there is no such command, or an argument can't be used.
            RefusedError: this person may not, or was not asked yet (`ConfirmationNeededError`).
            OpsdeckError: whatever went wrong while doing it.
        """
        command = self.registry.find(invocation.command)
        try:
            authorise(command, invocation.principal)
        except RefusedError as error:
            await self._audit(command, invocation, "refused", error)
            raise
        request = self.request(invocation, validate(command, invocation.arguments))
        does = self._does[command.name]
        if isinstance(does, Read):
            return await self._dated(does, request)
        if invocation.at is not None:
            raise InputError(_("“{name}” can't be run in the past; return to live first.", name=command.name))
        if command.effect is Effect.DANGER and not invocation.confirmed:
            raise ConfirmationNeededError(_("“{name}” must be confirmed.", name=command.name))
        return await self._write(command, does, invocation, request)

    def request(self, invocation: Invocation, arguments: Mapping[str, object] | None = None) -> Request:
        """The request that an invocation becomes once its arguments are typed."""
        return Request(
            services=self._services,
            principal=invocation.principal,
            now=self._services.store.present(),
            arguments=arguments or {},
            at=invocation.at,
            query=invocation.query,
        )

    async def _dated(self, does: Read, request: Request) -> Page:
        if request.at is not None and request.at > request.now:
            raise InputError(_("That moment lies in the future."))
        page = await does.show(request)
        return page if request.at is None else replace(page, at=request.at)

    async def _write(self, command: Command, does: Write, invocation: Invocation, request: Request) -> Page:
        store = self._services.store
        if invocation.key is not None:
            async with store.reading() as connection:
                earlier = await answered(connection, invocation.key)
            if earlier is not None:
                return cast("Page", decode(earlier))
        if command.remote:
            await self._audit(command, invocation, "intended")
        try:
            prepared = await does.prepare(request) if does.prepare is not None else None
            async with store.writing() as transaction:
                outcome = await does.apply(request, prepared, transaction)
                await transaction.audit(self._entry(command, invocation, "done", outcome))
                if invocation.key is not None:
                    await remember(transaction, invocation.key, encode(outcome.page))
        except OpsdeckError as error:
            await self._audit(command, invocation, "failed", error)
            raise
        return outcome.page

    async def _audit(
        self, command: Command, invocation: Invocation, result: str, error: OpsdeckError | None = None
    ) -> None:
        """Audit what is not done (yet), in a transaction of its own. Reads leave a row only when refused."""
        entry = self._entry(command, invocation, result)
        if error is not None:
            entry = replace(entry, after=_canonical({"error": redact(str(error.message))}))
            _log.info("%s %s: %s", command.name, result, redact(str(error.message)), exc_info=error)
        async with self._services.store.writing() as transaction:
            await transaction.audit(entry)

    def _entry(
        self, command: Command, invocation: Invocation, result: str, outcome: Outcome | None = None
    ) -> AuditEntry:
        principal = invocation.principal
        secrets = {each.name for each in command.parameters if each.secret}
        given = {k: "[secret]" if k in secrets else v for k, v in invocation.arguments.items()}
        return AuditEntry(
            who=principal.name,
            role=principal.role.name.lower(),
            channel=principal.channel,
            address=principal.address,
            action=command.name,
            target=outcome.target if outcome else _canonical(given),
            before=_canonical(outcome.before) if outcome else "",
            after=_canonical(outcome.after) if outcome else "",
            result=result,
        )


def _canonical(value: Mapping[str, object]) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str) if value else ""
