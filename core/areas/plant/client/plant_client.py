"""The plant's backend, asked for whole lists of what it knows (whatsapp.md A3).

It knows its things by numeric ids only and can't be asked for one by its number: ids are made into numbers
and codes by what other lists say (`names`). A list is read page by page, and as a whole or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from core.areas.plant.client.causes import BACKEND, no_list, not_taken, refusal
from core.engine.exchange import Exchange
from core.engine.politeness import Politeness
from core.engine.token_safety import secure_address, without_token
from core.errors import BadAnswerError
from core.json_fields import JsonObject, as_list, as_object
from core.message import Message, _
from core.moment import Clock
from core.secret import Secret

__all__ = ["LISTS", "PlantClient"]

LISTS: dict[str, tuple[str, Message]] = {
    "departments": ("api/departments", _("its departments")),
    "users": ("api/users", _("its people")),
    "products": ("api/products", _("its products")),
    "machines": ("api/machines", _("its machines")),
    "orders": ("api/orders", _("its orders")),
    "rejects": ("api/defects/rejects", _("its rejects")),
    "returns": ("api/defects/returns", _("its returns")),
    "maintenance": ("api/maintenance/tickets", _("its maintenance tickets")),
    "sops": ("api/sop/tickets", _("its failed procedures")),
    "boms": ("api/finance/boms", _("its bills of materials")),
}
"""The lists there are: where each is, and what it is called."""

_SETTING = "PLANT_BASE_URL"
_TIME_LIMIT = 15.0
_PAGE = 100
_MOST_ROWS = 50_000
_REQUESTS_PER_SECOND = 3.0


class PlantClient:
    """One backend. Safe to use from many tasks of one event loop."""

    def __init__(
        self,
        base_url: str,
        token: Secret,
        politeness: Politeness,
        clock: Clock,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Prepare the line; nothing is sent. `base_url` may end in /api or not.

        Raises:
            SettingsError: the address can't be used.
        """
        base = secure_address(base_url, _SETTING).removesuffix("/api")
        self._token = token
        self._exchange = Exchange(
            base,
            service=BACKEND,
            setting=_SETTING,
            politeness=politeness,
            clock=clock,
            timeout=_TIME_LIMIT,
            transport=transport,
        )
        politeness.allow(httpx.URL(base).host, _REQUESTS_PER_SECOND)

    async def rows(self, name: str) -> list[JsonObject]:
        """Every row of one of the `LISTS`, each id once.

        Raises:
            UnreachableError: no answer, or a fault over there.
            RateLimitedError: it asked us to slow down.
            SignInError: it does not accept the token.
            UnknownSubjectError: it has no such list.
            BadAnswerError: the answer is no list of things, or one that never ends.
        """
        path, part = LISTS[name]
        found: dict[object, JsonObject] = {}
        skip = 0
        while True:
            rows, total = await self._page(path, part, skip)
            for row in rows:
                found[row.get("id")] = row
            skip += len(rows)
            if not rows or skip >= total:
                return [row for identifier, row in found.items() if isinstance(identifier, int)]
            if skip >= _MOST_ROWS:
                raise BadAnswerError(_("The plant’s backend has too much to say of {part}.", part=part))

    async def create(self, name: str, fields: Mapping[str, object]) -> JsonObject:
        """Make a new row of one of the `LISTS`; the row as it is there. Asked once: who repeats looks first.

        Raises:
            UnreachableError: no answer, or a fault over there; it may have been made nevertheless.
            RateLimitedError: it asked us to slow down.
            SignInError: it does not accept the token, or not for this.
            RefusedError: it does not take it; the message says why.
            BadAnswerError: the answer is no row.
        """
        path, part = LISTS[name]
        reply = await self._exchange.reply("POST", path, json=dict(fields), headers=self._signed())
        answer = self._exchange.judge(without_token(reply, self._token))
        if answer.status >= 400:
            raise not_taken(answer.status, answer.document, part)
        row = as_object(answer.document)
        return as_object(row.get("data")) or row

    def _signed(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token.reveal()}"}

    async def close(self) -> None:
        """Hang up."""
        await self._exchange.close()

    async def _page(self, path: str, part: Message, skip: int) -> tuple[list[JsonObject], int]:
        """The rows from `skip` on, and how many there are altogether."""
        reply = await self._exchange.reply(
            "GET",
            path,
            headers=self._signed(),
            params={"skip": str(skip), "limit": str(_PAGE)},
        )
        answer = self._exchange.judge(without_token(reply, self._token))
        if answer.status >= 400:
            raise refusal(answer.status, answer.document, part)
        document = as_object(answer.document)
        data, total = document.get("data"), document.get("total")
        if not isinstance(data, list) or not isinstance(total, int):
            raise no_list(part)
        return [as_object(each) for each in as_list(document["data"])], total
