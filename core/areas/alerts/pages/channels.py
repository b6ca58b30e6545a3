"""The ways out: which channels are set up, and how the last notices by each went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from core.area import Request
from core.message import _, plural
from core.notify.channels.channel import Channel
from core.notify.delivery.rows import UNFINISHED, OutboxState, values_of
from core.notify.delivery.tables import OUTBOX, OUTBOX_ATTEMPT
from core.page import Action, Column, Kind, Page, Place, Row
from core.store.metadata import from_microseconds
from core.tabulate import tabulate
from core.units import Absent, Instant, Severity, State, Value

__all__ = ["channels_page"]

_COLUMNS = (
    Column("channel", _("Channel"), Kind.TEXT, 0),
    Column("state", _("State"), Kind.STATE, 0),
    Column("sent", _("Last delivered"), Kind.MOMENT, 1),
    Column("waiting", _("Waiting"), Kind.NUMBER, 1),
    Column("dead", _("Given up"), Kind.NUMBER, 1),
    Column("own", _("Own addresses"), Kind.TEXT, 2),
)


async def channels_page(request: Request, channels: Sequence[Channel]) -> Page:
    """Every one of the channels that are set up now."""
    async with request.services.store.reading() as connection:
        ended = select(OUTBOX_ATTEMPT.c.channel, func.max(OUTBOX_ATTEMPT.c.ended_at))
        ended = ended.where(OUTBOX_ATTEMPT.c.outcome == OutboxState.SENT.value)
        sent = dict((await connection.execute(ended.group_by(OUTBOX_ATTEMPT.c.channel))).tuples().all())
        counts = select(OUTBOX.c.channel, OUTBOX.c.state, func.count()).group_by(
            OUTBOX.c.channel, OUTBOX.c.state
        )
        by_state = {
            (channel, state): int(count)
            for channel, state, count in (await connection.execute(counts)).tuples()
        }
    table = tabulate(
        "channels",
        _("Channels"),
        _COLUMNS,
        [_row(each, sent.get(each.name), by_state) for each in channels],
        request.query,
        place=Place.WIDE,
    )
    alone = len(channels) == 1
    verdict = State(Severity.WARNING, _("CONSOLE ALONE")) if alone else State(Severity.GOOD, _("SET UP"))
    return Page(
        key="notify",
        title=_("Channels"),
        crumb=plural("{count} channel", "{count} channels", len(channels)),
        verdict=verdict,
        blocks=(table,),
        actions=(Action("notify selftest", _("Test every channel")), Action("outbox", _("The outbox"))),
        as_of=request.now,
    )


def _row(channel: Channel, sent: int | None, counts: Mapping[tuple[str, str], int]) -> Row:
    waiting = sum(counts.get((channel.name, state), 0) for state in values_of(UNFINISHED))
    dead = counts.get((channel.name, OutboxState.DEAD.value), 0)
    last: Value = Absent(_("nothing was sent by it yet"))
    if sent is not None:
        last = Instant(from_microseconds(sent))
    state = State(Severity.WARNING, _("GIVES UP")) if dead else State(Severity.GOOD, _("WORKS"))
    if sent is None and not dead:
        state = State(Severity.UNKNOWN, _("UNTRIED"))
    own: Value = ", ".join(channel.own_addresses) or Absent(_("it has none; name a person to test it"))
    return Row(
        channel.name,
        (channel.name, state, last, waiting, dead, own),
        Action("notify test", _("Test it"), (("channel", channel.name),)),
    )
