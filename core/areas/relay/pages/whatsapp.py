"""Who may be written to on WhatsApp, and for how long yet; phones are shown by their last digits only."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import Request
from core.areas.relay.model import WHATSAPP, Identity
from core.areas.relay.rules.window import WhatsAppUser
from core.message import _
from core.page import Column, Fact, Facts, Kind, Place, Row, Table
from core.tabulate import tabulate
from core.text import masked_phone
from core.units import Absent, Instant, Severity, Span, State, Value

__all__ = ["is_whatsapp", "shown_address", "shown_line", "windows_facts", "windows_table"]

_COLUMNS = (
    Column("phone", _("Phone"), Kind.TEXT, 1),
    Column("person", _("Person"), Kind.TEXT, 2),
    Column("state", _("State"), Kind.STATE, 1),
    Column("left", _("Left"), Kind.NUMBER, 1),
    Column("wrote", _("Last message in"), Kind.MOMENT, 2),
)


def windows_table(request: Request, users: Sequence[WhatsAppUser], identities: Sequence[Identity]) -> Table:
    """Each WhatsApp user: whether free text reaches them now, and for how long yet."""
    people = {each.user: each.person for each in identities if each.channel == WHATSAPP and each.paired}
    rows = [
        _row(request, number, each, people.get(each.user, "")) for number, each in enumerate(users, start=1)
    ]
    return tabulate(
        "whatsapp",
        _("WhatsApp windows"),
        _COLUMNS,
        rows,
        request.query,
        empty=_("Nobody has written on WhatsApp."),
        place=Place.SIDE,
    )


def windows_facts(request: Request, users: Sequence[WhatsAppUser]) -> Facts:
    """How many may be written to freely now, and how many asked to be told nothing more."""
    is_open = sum(each.left(request.now).total_seconds() > 0 and not each.stopped for each in users)
    facts = (
        Fact(_("Phones that wrote"), len(users)),
        Fact(_("Windows open"), is_open),
        Fact(_("Want to be told nothing"), sum(each.stopped for each in users)),
    )
    return Facts("whatsapp counts", _("WhatsApp"), facts)


def is_whatsapp(line: str) -> bool:
    """Whether a line is a sender on WhatsApp."""
    return line.startswith(f"{WHATSAPP}:")


def shown_line(line: str) -> str:
    """A line as a page may show it: of a phone its last digits."""
    return f"{WHATSAPP}:{masked_phone(line)}" if is_whatsapp(line) else line


def shown_address(identity: Identity) -> str:
    """A user with the channel, as a page may show it: of a phone its last digits."""
    if identity.channel != WHATSAPP:
        return identity.address
    return f"{identity.channel}:{masked_phone(identity.user)}"


def _row(request: Request, number: int, user: WhatsAppUser, person: str) -> Row:
    left = user.left(request.now)
    is_open = left.total_seconds() > 0
    closed = Absent(_("templates only"))
    cells: tuple[Value, ...] = (
        masked_phone(user.user),
        person or Absent(_("not paired")),
        _state(user, is_open=is_open),
        Span(left) if is_open else closed,
        Absent(_("not known")) if user.wrote_at is None else Instant(user.wrote_at, True),
    )
    return Row(f"{user.line}|{number}", cells)


def _state(user: WhatsAppUser, *, is_open: bool) -> State:
    if user.stopped:
        return State(Severity.NOTICE, _("STOPPED"))
    return State(Severity.GOOD, _("OPEN")) if is_open else State(Severity.IDLE, _("CLOSED"))
