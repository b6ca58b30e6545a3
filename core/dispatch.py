"""The one path by which every command runs, whatever surface it came from.

Authorise, validate, prepare (network, outside any transaction), then one transaction that holds the new
state, its events and its audit row; then the page. A refusal is audited in a transaction of its own, and
a write that reaches into another system leaves an intent before it tries (architecture.md 4).
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import cast
from weakref import WeakValueDictionary

from core.area import Outcome, Read, Request, Services, Verb, Write
from core.command import Command, Effect, Invocation, Registry, authorise, readable, validate
from core.encoding import decode, encode
from core.errors import InputError, OpsdeckError, RefusedError
from core.message import Message, _
from core.page import Code, Note, Page
from core.store.audit import AuditEntry
from core.store.idempotency import answer, save_answer
from core.text import clean, redact, shorten
from core.units import Severity

__all__ = ["ConfirmationNeededError", "Dispatcher"]

_log = logging.getLogger("opsdeck.dispatch")
_LONGEST = 300
"""Characters of one text in the audit log."""
_SHORTEST_SECRET = 6


class ConfirmationNeededError(RefusedError):
    """The command is dangerous and the person has not been asked yet."""


class Dispatcher:
    """Runs commands."""

    def __init__(self, services: Services, verbs: Iterable[Verb]) -> None:
        verbs = tuple(verbs)
        for verb in verbs:
            if isinstance(verb.does, Read) is not (verb.command.effect is Effect.READ):
                raise ValueError(f"{verb.command.name!r} does something else than its effect says")
        self.registry = Registry(verb.command for verb in verbs)
        self._services = services
        self._does = {verb.command.name: verb.does for verb in verbs}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

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

    async def touched(self, invocation: Invocation) -> Message | None:
        """What the person should know before the invocation's command is run, if it says something.

        Raises:
            InputError: there is no such command.
            StoreError: the database can't be read.
        """
        command = self.registry.find(invocation.command)
        does = self._does[command.name]
        if isinstance(does, Read) or does.touches is None:
            return None
        return await does.touches(self.request(invocation, readable(command, invocation.arguments)))

    async def _dated(self, does: Read, request: Request) -> Page:
        if request.at is not None and request.at > request.now:
            raise InputError(_("That moment lies in the future."))
        page = await does.show(request)
        return page if request.at is None else replace(page, at=request.at)

    async def _write(self, command: Command, does: Write, invocation: Invocation, request: Request) -> Page:
        if invocation.key is None:
            return await self._do(command, does, invocation, request, None)
        key = _once_key(invocation)
        async with self._turns.setdefault(key, asyncio.Lock()):  # a repeat waits for the first to end
            async with self._services.store.reading() as connection:
                earlier = await answer(connection, key)
            if earlier is not None:
                return cast("Page", decode(earlier))
            return await self._do(command, does, invocation, request, key)

    async def _do(
        self, command: Command, does: Write, invocation: Invocation, request: Request, key: str | None
    ) -> Page:
        if command.remote:
            await self._audit(command, invocation, "intended")
        try:
            prepared = await does.prepare(request) if does.prepare is not None else None
            async with self._services.store.writing() as transaction:
                earlier = await answer(transaction.connection, key) if key is not None else None
                if earlier is not None:  # another process did it meanwhile
                    return cast("Page", decode(earlier))
                outcome = await does.apply(request, prepared, transaction)
                await transaction.audit(self._entry(command, invocation, "done", outcome))
                if key is not None:
                    await save_answer(transaction, key, encode(_kept(outcome.page)))
        except Exception as error:
            await self._audit(command, invocation, "failed", error)
            raise
        return outcome.page

    async def _audit(
        self, command: Command, invocation: Invocation, result: str, error: Exception | None = None
    ) -> None:
        """Audit what is not done (yet), in a transaction of its own. Reads leave a row only when refused."""
        if error is not None:
            reason = _reason(command, invocation, error)
            fault = not isinstance(error, OpsdeckError)
            # what was to be expected is a line; a traceback may quote what was typed, so none with a secret
            told = (fault or _log.isEnabledFor(logging.DEBUG)) and not _secrets(command, invocation)
            level = logging.ERROR if fault else logging.INFO
            _log.log(level, "%s %s: %s", command.name, result, reason, exc_info=error if told else None)
            result = f"{result}: {reason}"
        async with self._services.store.writing() as transaction:
            await transaction.audit(self._entry(command, invocation, result))

    def _entry(
        self, command: Command, invocation: Invocation, result: str, outcome: Outcome | None = None
    ) -> AuditEntry:
        return AuditEntry.of(
            invocation.principal,
            command.name,
            target=shorten(outcome.target, _LONGEST) if outcome else "",
            before=outcome.before if outcome else {},
            after=outcome.after if outcome else {"arguments": _given(command, invocation)},
            result=shorten(result, _LONGEST),
        )


def _kept(page: Page) -> Page:
    """The page that a repeat of the write is answered with: a code is shown once, and not kept."""
    if not any(isinstance(block, Code) for block in page.blocks):
        return page
    text = _(
        "This was done already. Its code was shown then and isn’t kept: make a new one if it was missed."
    )
    return replace(page, blocks=(Note("once", text, Severity.NOTICE),))


def _once_key(invocation: Invocation) -> str:
    """The idempotency key as it is kept: of this person and this command only.

    An equal key of another person's must not bring up their page.
    """
    principal = invocation.principal
    parts = [principal.channel, principal.name, invocation.command, invocation.key]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _given(command: Command, invocation: Invocation) -> dict[str, str]:
    """The arguments as the audit log may keep them; what the command doesn't declare may be a secret."""
    return {
        each.name: "[secret]" if each.secret else clean(redact(invocation.arguments[each.name]), _LONGEST)
        for each in command.parameters
        if each.name in invocation.arguments
    }


def _secrets(command: Command, invocation: Invocation) -> list[str]:
    """The secrets among the arguments, each whole and in its longer words ("Basic …"), longest first."""
    typed = [invocation.arguments.get(each.name, "").strip() for each in command.parameters if each.secret]
    words = [word for text in typed for word in text.split() if len(word) >= _SHORTEST_SECRET]
    return sorted({*filter(None, typed), *words}, key=len, reverse=True)


def _reason(command: Command, invocation: Invocation, error: Exception) -> str:
    """Why it was refused or failed, in English and without secrets."""
    said = str(error.message) if isinstance(error, OpsdeckError) else type(error).__name__
    for secret in _secrets(command, invocation):
        said = said.replace(secret, "[secret]")
    return clean(redact(said), _LONGEST)
