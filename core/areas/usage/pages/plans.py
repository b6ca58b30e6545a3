"""Every plan of an account, and every purchase that Taara ever listed."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import Request
from core.areas.usage.model import Purchase
from core.areas.usage.pages.blocks import plan_table
from core.areas.usage.pages.common import NOT_REPORTED, account_actions, gigabytes, view_or_nothing
from core.areas.usage.store import reading
from core.message import Message, _
from core.page import Block, Column, Kind, Note, Page, Place, Row, Table
from core.query import TableQuery
from core.staleness import data_state, empty, past_notes
from core.tabulate import tabulate
from core.units import Severity

__all__ = ["plans_page"]

_TITLE = _("Plans")


async def plans_page(request: Request) -> Page:
    """The plans held now, those in use first, and the purchase history."""
    async with request.services.store.reading() as connection:
        view = await view_or_nothing(request, connection, "plans", _TITLE)
        if isinstance(view, Page):
            return view
        bought = await reading.purchases(connection, view.account.name, request.moment)
    none = empty(view.source, _("Taara lists no purchase."))
    notes = [
        Note(
            f"{held.snapshot.lineage}:{index}",
            _("{plan}: {warning}", plan=held.snapshot.plan.name, warning=text),
        )
        for held in view.plans
        for index, text in enumerate(held.snapshot.plan.warnings)
    ]
    blocks: list[Block] = [*past_notes(request, view.source), *notes]
    if len([held for held in view.plans if held.snapshot.plan.active]) > 1:
        text = _("Several plans are in use: each is reckoned by itself.")
        blocks.append(Note("several", text, Severity.NOTICE))
    blocks += [plan_table(view, request.query), _purchase_table(bought, none, request.query)]
    return Page(
        key=f"usage.plans:{view.account.name}",
        title=_TITLE,
        crumb=view.account.name,
        verdict=data_state(view.source, bool(view.plans)),
        blocks=tuple(blocks),
        actions=account_actions(view.account.name, "usage plans"),
        as_of=view.source.last_good,
        source_state=view.source,
    )


def _purchase_table(bought: Sequence[Purchase], none: Message, query: TableQuery) -> Table:
    columns = (
        Column("day", _("Bought"), Kind.TEXT, 1),
        Column("plan", _("Plan"), Kind.TEXT, 1),
        Column("price", _("Price"), Kind.NUMBER, 1),
        Column("left", _("Left"), Kind.NUMBER, 2),
        Column("kind", _("Kind"), Kind.TEXT, 3),
    )
    rows = [
        Row(
            each.id or str(index),
            (
                NOT_REPORTED if each.purchased_on is None else each.purchased_on.isoformat(),
                each.plan_name,
                NOT_REPORTED if each.price is None else each.price,
                gigabytes(each.remaining_bytes),
                _("reward") if each.reward else _("bought"),
            ),
        )
        for index, each in enumerate(bought)
    ]
    return tabulate("purchases", _("Purchases"), columns, rows, query, empty=none, place=Place.WIDE)
