"""Attachments as rows: of a ticket, and in lists."""

from __future__ import annotations

from collections.abc import Sequence

from core.areas.plant.model.attachments import Attachment, AttachmentState
from core.message import Message, _
from core.page import Action, Column, Kind, Place, Row, Table
from core.query import TableQuery
from core.tabulate import tabulate
from core.units import Absent, Instant, Quantity, Severity, State, Unit, Value

__all__ = ["attachments_table", "size_of", "state_of", "ticket_attachments", "type_word"]

_COLUMNS = (
    Column("name", _("Attachment"), Kind.TEXT, 1),
    Column("type", _("Type"), Kind.TEXT, 1),
    Column("size", _("Size"), Kind.NUMBER, 1),
    Column("received", _("Received"), Kind.MOMENT, 2),
    Column("from", _("From"), Kind.TEXT, 2),
    Column("state", _("State"), Kind.STATE, 2),
    Column("caption", _("Said with it"), Kind.TEXT, 3),
)
_TICKET = Column("ticket", _("Ticket"), Kind.TEXT, 1)
_TYPES: dict[str, Message] = {
    "image": _("photo"),
    "audio": _("recording"),
    "video": _("video"),
    "text": _("document"),
    "application": _("document"),
}
_STATES = {
    AttachmentState.WAITING: State(Severity.WARNING, _("not here yet")),
    AttachmentState.KEPT: State(Severity.GOOD, _("kept")),
    AttachmentState.FAILED: State(Severity.SERIOUS, _("couldn’t be fetched")),
}
_MEGABYTE = 1_000_000
_SMALLEST = 0.01
"""What a file is said to have that has less."""


def ticket_attachments(found: Sequence[Attachment]) -> tuple[Table, ...]:
    """What belongs to a ticket; no table where nothing does."""
    if not found:
        return ()
    return (attachments_table(_("Photos and documents"), found, TableQuery()),)


def attachments_table(
    title: Message, found: Sequence[Attachment], query: TableQuery, *, tickets: bool = False
) -> Table:
    """A row for each, which opens it; with the `tickets` that they belong to where those differ."""
    rows = [
        Row(
            each.name,
            (*_cells(each), *((each.ticket or _none(),) if tickets else ())),
            _open_attachment(each),
        )
        for each in found
    ]
    columns = (*_COLUMNS, _TICKET) if tickets else _COLUMNS
    return tabulate("attachments", title, columns, rows, query, empty=_("There is none."), place=Place.WIDE)


def _open_attachment(attachment: Attachment) -> Action:
    """What opens it."""
    return Action("media", _("Open {name}", name=attachment.name), (("media", attachment.name),))


def type_word(content_type: str) -> Message:
    """What a person calls a file of that type."""
    return _TYPES.get(content_type.partition("/")[0], _("file"))


def size_of(attachment: Attachment) -> Value:
    """How large its file is."""
    if attachment.state is not AttachmentState.KEPT:
        return Absent(_("its file isn’t here"))
    return Quantity(max(attachment.size / _MEGABYTE, _SMALLEST), Unit.MEGABYTE, 2)


def state_of(attachment: Attachment) -> State:
    """How far it got."""
    return _STATES[attachment.state]


def _cells(attachment: Attachment) -> tuple[Value, ...]:
    return (
        attachment.name,
        type_word(attachment.content_type),
        size_of(attachment),
        Instant(attachment.received_at),
        attachment.phone,
        state_of(attachment),
        attachment.caption or Absent(_("nothing")),
    )


def _none() -> Absent:
    return Absent(_("none yet"))
