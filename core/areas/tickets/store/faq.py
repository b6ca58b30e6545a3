"""FAQ entries in the store: what they say, who read them, and whom they helped."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.tickets.model import Category, FaqEntry, FaqView
from core.areas.tickets.store import tables
from core.errors import NotFoundError
from core.message import _
from core.moment import Window, to_epoch
from core.store.metadata import from_microseconds, to_microseconds
from core.store.statements import insert_missing
from core.store.store import Store, Transaction
from core.store.versions import as_of, record

__all__ = ["faq_entries", "faq_entry", "note_view", "remove_entry", "save_entry", "views_in", "vote"]

_DAY = timedelta(days=1)


async def faq_entries(connection: AsyncConnection, moment: datetime) -> list[FaqEntry]:
    """Every entry with its figures as of then, by id."""
    votes: Counter[tuple[str, bool]] = Counter()
    for row in await as_of(connection, tables.faq_votes, moment):
        votes[row["entry"], row["helpful"]] += 1
    table = tables.faq_views
    counted = (
        select(table.c.entry, func.count().label("views"))
        .where(table.c.recorded_at <= to_microseconds(moment))
        .group_by(table.c.entry)
    )
    views = {row.entry: int(row.views) for row in await connection.execute(counted)}
    return [
        FaqEntry(
            id=row["id"],
            category=Category(row["category"]),
            question=row["question"],
            answer=row["answer"],
            tags=tuple(json.loads(row["tags"])),
            updated_at=from_microseconds(row["updated_at"]),
            language=row["language"],
            views=views.get(row["id"], 0),
            helpful=votes[row["id"], True],
            not_helpful=votes[row["id"], False],
        )
        for row in await as_of(connection, tables.faq, moment)
    ]


async def faq_entry(connection: AsyncConnection, entry: str, moment: datetime) -> FaqEntry:
    """The entry of that id.

    Raises:
        NotFoundError: there is none.
    """
    wanted = entry.strip().upper()
    for found in await faq_entries(connection, moment):
        if found.id == wanted:
            return found
    raise NotFoundError(_("There is no FAQ entry “{entry}”; “faq” lists them.", entry=entry.strip()[:40]))


async def save_entry(transaction: Transaction, entry: FaqEntry) -> None:
    """Add the entry, or replace what it says; its figures stay."""
    row: dict[str, object] = {
        "id": entry.id,
        "category": entry.category.value,
        "question": entry.question,
        "answer": entry.answer,
        "tags": json.dumps(entry.tags, ensure_ascii=False),
        "updated_at": to_microseconds(entry.updated_at),
        "language": entry.language,
    }
    await record(transaction, tables.faq, [row])


async def remove_entry(transaction: Transaction, entry: str) -> None:
    """Take the entry away; as of past moments it is still there."""
    await record(transaction, tables.faq, [], scope={"id": entry})


async def vote(transaction: Transaction, entry: str, voter: str, at: datetime, *, helpful: bool) -> None:
    """Keep whether the entry helped somebody; of two votes of the same person the later one counts."""
    row = {"entry": entry, "voter": voter, "helpful": helpful, "at": to_microseconds(at)}
    await record(transaction, tables.faq_votes, [row])


async def note_view(store: Store, view: FaqView) -> None:
    """Count a view, once a day for each reader, so that a page that refreshes itself counts once."""
    day = to_epoch(view.at) // int(_DAY.total_seconds())
    table = tables.faq_views
    known = select(table.c.day).where(
        table.c.entry == view.entry, table.c.viewer == view.viewer, table.c.day == day
    )
    async with store.reading() as connection:
        if (await connection.execute(known)).first() is not None:
            return
    async with store.writing() as transaction:
        await transaction.connection.execute(
            insert_missing(transaction.connection.dialect.name, table).values(
                entry=view.entry,
                viewer=view.viewer,
                day=day,
                recorded_at=to_microseconds(transaction.recorded_at),
                at=to_microseconds(view.at),
                searched=view.searched,
            )
        )


async def views_in(connection: AsyncConnection, window: Window) -> list[FaqView]:
    """The views of the window, as known at its end."""
    table = tables.faq_views
    statement = select(table).where(
        table.c.recorded_at <= to_microseconds(window.end),
        table.c.at > to_microseconds(window.start),
        table.c.at <= to_microseconds(window.end),
    )
    rows = (await connection.execute(statement)).mappings()
    return [
        FaqView(row["entry"], row["viewer"], from_microseconds(row["at"]), row["searched"]) for row in rows
    ]
