"""What a notice offers to press, and the handles behind it."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from core.message import Message, _
from core.notify.alerting.alert import EdgeKind
from core.notify.alerting.notice_rows import ToldNotice, told_notice
from core.notify.channels.channel import Outgoing
from core.page import Action
from core.relay.handles import data_of, new_handle, write_handles
from core.relay.offers import PRESS_WITHIN, Purpose
from core.relay.reply import Button
from core.relay.turn import Handle
from core.store.store import Store

__all__ = ["offers_of"]


async def offers_of(message: Outgoing, store: Store, randomness: Random) -> tuple[tuple[Button, ...], ...]:
    """Buttons for what can be done about a notice, their handles kept; none where nothing can be.

    Anybody in the chat may press them; whether they have the right is read at the press.
    """
    async with store.reading() as connection:
        told = await told_notice(connection, message.covers[0]) if message.covers else None
    labelled = _actions(told)
    if not labelled:
        return ()
    handles = [
        Handle(
            handle=new_handle(randomness),
            channel=message.recipient.channel,
            chat=message.recipient.address,
            user="",
            reply=message.key,
            purpose=Purpose.RUN.value,
            action=action,
            expires_at=store.present() + PRESS_WITHIN,
        )
        for _label, action in labelled
    ]
    async with store.writing() as transaction:
        await write_handles(transaction, handles)
    pairs = zip(labelled, handles, strict=True)
    row = tuple(Button(label, data_of(handle.handle)) for (label, _action), handle in pairs)
    return (row,)


def _actions(told: ToldNotice | None) -> Sequence[tuple[Message, Action]]:
    """What can be done about it; one that is over is only looked at."""
    if told is None or not told.alerts:
        return ()
    first, *others = told.alerts
    if others:
        return ((_("Open"), Action("alerts", _("Alerts"))),)
    own = (("alert", str(first)),)
    look = (_("Open"), Action("alert", _("Open"), own))
    if told.edge is EdgeKind.RESOLVED:
        return (look,)
    return (
        (_("See to it"), Action("alert ack", _("See to it"), own)),
        (_("Keep it quiet"), Action("alert mute", _("Keep it quiet"), own)),
        look,
    )
