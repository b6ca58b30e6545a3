"""Characters and whose turn it is."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from core.area import Request
from core.areas.production.pages.common import NO_DATA, actions, none_in, page_source, part_notes
from core.areas.production.rules.rotation import CharacterTurn, rotation
from core.areas.production.settings import ProductionSettings
from core.areas.production.store import reading
from core.areas.production.store.snapshot import Snapshot, read_snapshot, uses
from core.message import Message, _
from core.page import Block, Column, Fact, Facts, Kind, Page, Place, Row, Table
from core.query import TableQuery
from core.staleness import data_state, past_notes
from core.tabulate import tabulate
from core.units import Absent, Instant, Quantity, Severity, State, Unit

__all__ = ["character_table", "characters_page", "read_turns"]

_NEVER = Absent(_("never"))


async def characters_page(request: Request) -> Page:
    """The rotation: how far each is behind its part, and who is next."""
    settings = request.services.settings.of(ProductionSettings)
    async with request.services.store.reading() as connection:
        snapshot = await read_snapshot(connection, settings, request.moment)
        turns = await read_turns(connection, snapshot)
    source = page_source(snapshot, "characters")
    none = none_in(snapshot, "characters", _("No character was reported yet."))
    following = next((turn for turn in turns if turn.next), None)
    blocks: tuple[Block, ...] = (
        *past_notes(request, source),
        character_table(turns, request.query, none),
        *((_next(following),) if turns else ()),
        *(part_notes(snapshot, "characters") if snapshot.asked else ()),
    )
    return Page(
        key="production.characters",
        title=_("Characters"),
        verdict=data_state(source, bool(turns)),
        blocks=blocks,
        actions=actions("characters"),
        as_of=source.last_good,
        source_state=source,
    )


async def read_turns(connection: AsyncConnection, snapshot: Snapshot) -> tuple[CharacterTurn, ...]:
    """The rotation as of the snapshot's moment."""
    characters = await reading.characters(connection, snapshot.now)
    if not characters:
        return ()
    last_used = await reading.last_used(connection, snapshot.now)
    found = await uses(connection, snapshot)
    return rotation(characters, found, last_used, snapshot.today, snapshot.settings.daily_target)


def character_table(turns: Sequence[CharacterTurn], query: TableQuery | None, none: Message) -> Table:
    """The characters in the order of their configuration."""
    columns = (
        Column("state", _("State"), Kind.STATE, 1),
        Column("character", _("Character"), Kind.TEXT, 1),
        Column("deficit", _("Behind"), Kind.NUMBER, 1),
        Column("today", _("Today"), Kind.NUMBER, 2),
        Column("ideal", _("Ideal today"), Kind.NUMBER, 3),
        Column("window", _("7 days"), Kind.NUMBER, 2),
        Column("week", _("This week"), Kind.NUMBER, 3),
        Column("cap", _("Weekly cap"), Kind.NUMBER, 3),
        Column("used", _("Last used"), Kind.MOMENT, 2),
    )
    rows = [_row(turn) for turn in turns]
    return tabulate("characters", _("Characters"), columns, rows, query, empty=none, place=Place.WIDE)


def _row(turn: CharacterTurn) -> Row:
    character = turn.character
    cells = (
        _state(turn),
        character.name or character.id,
        NO_DATA if turn.deficit is None else Quantity(turn.deficit, Unit.COUNT, 1),
        turn.used_today,
        NO_DATA if turn.ideal_today is None else Quantity(turn.ideal_today, Unit.COUNT, 1),
        turn.used_window,
        turn.used_this_week,
        Absent(_("no cap")) if character.weekly_cap is None else character.weekly_cap,
        _NEVER if turn.last_used_at is None else Instant(turn.last_used_at),
    )
    return Row(character.id, cells)


def _state(turn: CharacterTurn) -> State:
    if turn.next:
        return State(Severity.GOOD, _("next"))
    if not turn.character.enabled:
        return State(Severity.IDLE, _("off"))
    if turn.character.paused:
        return State(Severity.IDLE, _("paused"))
    if not turn.eligible:
        return State(Severity.NOTICE, _("at its cap"))
    return State(Severity.IDLE, _("waiting"))


def _next(following: CharacterTurn | None) -> Facts:
    nobody = Absent(_("nobody may be used: all are off, paused or at their weekly cap"))
    name = nobody if following is None else following.character.name or following.character.id
    return Facts("next", _("Rotation"), (Fact(_("Next"), name, _("the furthest behind its part")),))
