"""Receiving by webhook: updates are posted, in order within a line, until they are taken (telegram.md 3)."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

import httpx

from core.simulators.telegram.arguments import Arguments
from core.simulators.telegram.errors import too_many_requests
from core.simulators.telegram.hook import Hook, longest_rest, read_hook, rest_after
from core.simulators.telegram.model import Json
from core.simulators.telegram.updates import Update
from core.simulators.telegram.world import World

__all__ = ["Webhooks"]

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a name
_PATIENCE = 60.0
"""Real seconds for which an answer is awaited."""

_SETS_APART = 1.0
_GONE_FOR = 23 * 3600.0
_NOT_EXECUTED = ("get", "setwebhook", "deletewebhook", "close", "logout")
"""How the names of methods begin that an answer to a delivery can't call."""


class Webhooks:
    """Sets a webhook and delivers to it, from the event loop on which it was set.

    `execute` runs the method that an answer asks for. `transport` replaces the network, and lets addresses
    be set that aren't loopback's. `disorder` is how many more times a line lets its second update pass the
    first.
    """

    def __init__(
        self,
        world: World,
        execute: Callable[[str, Arguments], None],
        transport: httpx.AsyncBaseTransport | None,
    ) -> None:
        self.disorder = 0
        self._world = world
        self._execute = execute
        self._transport = transport
        self._hook: Hook | None = None
        self._task: asyncio.Task[None] | None = None
        self._set_at = float("-inf")
        self._error: tuple[int, str] | None = None

    @property
    def hook(self) -> Hook | None:
        """The webhook in force."""
        return self._hook

    def set_webhook(self, arguments: Arguments) -> tuple[bool, str]:
        """`setWebhook` and, without an address, `deleteWebhook`: the result and its description.

        Raises:
            ApiError: it can't be used, or the last one was set less than a second ago.
        """
        hook = read_hook(arguments, anywhere=self._transport is not None)
        if hook is None:
            return self.delete_webhook(arguments)
        time = self._world.time
        with self._world.lock:
            if time.monotonic() - self._set_at < _SETS_APART:
                raise too_many_requests(1)
            self._set_at = time.monotonic()
            rows = arguments.rows("allowed_updates")
            self._world.updates.allow(None if rows is None else [str(row) for row in rows])
            self._drop(arguments)
            unchanged = hook == self._hook
            if not unchanged:
                self._hook, self._error = hook, None
        if not unchanged:
            self._task = asyncio.get_running_loop().create_task(self._deliver(hook))
        return True, "Webhook is already set" if unchanged else "Webhook was set"

    def delete_webhook(self, arguments: Arguments) -> tuple[bool, str]:
        """`deleteWebhook`."""
        with self._world.lock:
            was, self._hook = self._hook, None
            self._drop(arguments)
        self._world.time.ring()
        return True, "Webhook was deleted" if was else "Webhook is already deleted"

    def info(self) -> Json:
        """`getWebhookInfo`."""
        hook = self._hook
        info: Json = {
            "url": hook.url if hook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._world.updates),
        }
        if hook is not None:
            info |= {"max_connections": hook.connections, "ip_address": "127.0.0.1"}
        if self._error is not None:
            info |= {"last_error_date": self._error[0], "last_error_message": self._error[1]}
        if (allowed := self._world.updates.allowed) is not None:
            info["allowed_updates"] = allowed
        return info

    def _drop(self, arguments: Arguments) -> None:
        if arguments.flag("drop_pending_updates"):
            self._world.updates.keep_last(0)

    async def close(self) -> None:
        """Stop delivering; the webhook stays set."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _deliver(self, hook: Hook) -> None:
        """Post what waits and what comes, each line for itself, until another webhook is in force."""
        lines: dict[str, deque[Update]] = {}
        workers: dict[str, asyncio.Task[None]] = {}
        newest = 0
        client = httpx.AsyncClient(transport=self._transport, trust_env=False, timeout=_PATIENCE)
        async with client, asyncio.TaskGroup() as group:
            crew = _Crew(client, asyncio.Semaphore(hook.connections))
            while hook is self._hook:
                rings = self._world.time.rings
                with self._world.lock:
                    fresh = self._world.updates.after(newest)
                    newest = fresh[-1].id if fresh else newest
                    fresh += self._world.updates.take_repeats()
                for update in fresh:
                    lines.setdefault(update.line, deque()).append(update)
                for name in {update.line for update in fresh}:
                    if name not in workers or workers[name].done():
                        workers[name] = group.create_task(self._drain(hook, lines[name], crew))
                await self._world.time.changed(rings, float("inf"))
            for worker in workers.values():
                worker.cancel()

    async def _drain(self, hook: Hook, line: deque[Update], crew: _Crew) -> None:
        """Deliver one line, in order and one at a time."""
        failures = 0
        gone_since: float | None = None
        time = self._world.time
        while line and hook is self._hook:
            if self.disorder > 0 and len(line) > 1:
                self.disorder -= 1
                line[0], line[1] = line[1], line[0]
            update = line[0]
            if update.expires <= time.now().timestamp():
                line.popleft()
                continue
            async with crew.places:
                status, asked = await self._post(hook, update, crew.client)
            if 200 <= status < 300:
                line.popleft()
                with self._world.lock:
                    self._world.updates.remove(update.id)
                failures, gone_since = 0, None
                continue
            if status != HTTPStatus.GONE:
                gone_since = None
            elif gone_since is None:
                gone_since = time.monotonic()
            elif time.monotonic() - gone_since >= _GONE_FOR:
                self.delete_webhook(Arguments({}))
                return
            failures += 1
            longest = longest_rest(self._world.seed, update.id, failures)
            await time.sleep(rest_after(failures, asked, longest))

    async def _post(self, hook: Hook, update: Update, client: httpx.AsyncClient) -> tuple[int, str | None]:
        """Try one delivery: the status (0 without an answer), and the Retry-After that came with it."""
        headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip, deflate"}
        if hook.secret:
            headers[_SECRET_HEADER] = hook.secret
        try:
            answer = await client.post(hook.url, content=update.body, headers=headers)
        except httpx.TimeoutException:
            self._failed("Read timeout expired")
            return 0, None
        except httpx.ConnectError:
            self._failed("Connection refused")
            return 0, None
        except httpx.HTTPError:
            self._failed("Connection reset by peer")
            return 0, None
        if answer.is_success:
            self._obey(answer)
        else:
            self._failed(f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}")
        return answer.status_code, answer.headers.get("retry-after")

    def _failed(self, message: str) -> None:
        self._error = (self._world.time.seconds(), message)

    def _obey(self, answer: httpx.Response) -> None:
        """Run the method that the receiver's answer asks for, if any; nobody hears how that went."""
        try:
            body: object = json.loads(answer.content or b"null")
        except ValueError:
            return
        if not isinstance(body, dict):
            return
        values = cast("dict[str, Any]", body)
        method = str(values.pop("method", "")).lower()
        if method and not method.startswith(_NOT_EXECUTED):
            self._execute(method, Arguments(values))


class _Crew:
    """What the lines of a webhook share: the client, and the places for connections."""

    def __init__(self, client: httpx.AsyncClient, places: asyncio.Semaphore) -> None:
        self.client = client
        self.places = places
