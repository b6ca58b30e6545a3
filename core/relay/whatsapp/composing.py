"""An answer or a notice as the messages that WhatsApp takes. Pure.

Texts come first, the last of them with what may be answered: up to three buttons, else a list, and always the
numbers in words, for phones that show neither. Pictures and files come after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.message import _
from core.notify.channels.channel import Outgoing
from core.relay.reply import Button
from core.relay.whatsapp.options import Offered
from core.relay.whatsapp.provider import (
    LARGEST_OPTIONS,
    MOST_BUTTONS,
    MOST_ROWS,
    ButtonsMessage,
    ListMessage,
    Option,
    Sendable,
    TextMessage,
)
from core.render.chat_whatsapp import WhatsAppLimits, length_of, option_lines, whatsapp_notice
from core.render.values import Formatter
from core.text import clean, shorten

__all__ = ["Offering", "notice_text", "template_values", "with_options"]

_BUTTON, _ROW, _DESCRIPTION = 20, 24, 72
_LONGEST_LABEL = 72
_LONGEST_DATA = 200
_LARGEST_TEMPLATE = 900
"""Characters of both variables together, of the 1,024 that a template and they may have (whatsapp.md B4)."""

_CHOOSE = _("Choose:")
_OPEN = _("Choose")
_NOTHING = "–"
"""A variable may not be empty."""


@dataclass(frozen=True, slots=True)
class Offering:
    """What a message offers, in somebody's language."""

    labels: tuple[str, ...]
    data: tuple[str, ...]
    numbered: bool

    @classmethod
    def of(cls, offered: Offered, formatter: Formatter) -> Offering:
        """What is offered, its labels read."""
        labels = tuple(_label(each, formatter) for each in offered.buttons[:MOST_ROWS])
        data = tuple(each.handle[:_LONGEST_DATA] for each in offered.buttons[:MOST_ROWS])
        return cls(labels, data, offered.numbered)


def with_options(
    texts: Sequence[str], offering: Offering, formatter: Formatter, longest: int, *, plain: bool
) -> list[Sendable]:
    """The texts as messages, the last of them with what may be answered. `plain` has no buttons."""
    if not offering.labels:
        return [TextMessage(each) for each in texts]
    *before, last = texts or ("",)
    numbers = option_lines(offering.labels, formatter, plain=plain) if offering.numbered else ""
    room, choose = longest if plain else LARGEST_OPTIONS, formatter.message(_CHOOSE)
    whole = "\n\n".join(part for part in (last, numbers) if part) or choose
    ways = (((), whole), ((last,), numbers or choose), ((last, numbers), choose))
    apart, below = next(way for way in ways if length_of(way[1]) <= room)
    messages: list[Sendable] = [TextMessage(each) for each in (*before, *apart) if each]
    return [*messages, _pressable(below, offering, formatter, plain=plain)]


def notice_text(message: Outgoing, formatter: Formatter, limits: WhatsAppLimits) -> str:
    """A notice as free text."""
    wording = message.wording
    return whatsapp_notice(
        wording.title,
        wording.lines,
        wording.reason,
        message.severity,
        formatter,
        limits,
        possible_repeat=message.possible_repeat,
        plain=message.plain,
    )


def template_values(message: Outgoing, formatter: Formatter) -> tuple[str, str]:
    """What a notice puts into a template: its title and its lines, each on one line (whatsapp.md B4)."""
    title = shorten(clean(formatter.message(message.wording.title)), _LARGEST_TEMPLATE // 2)
    lines = " · ".join(clean(formatter.message(each)) for each in message.wording.lines)
    return title or _NOTHING, shorten(lines, _LARGEST_TEMPLATE - len(title)) or _NOTHING


def _pressable(text: str, offering: Offering, formatter: Formatter, *, plain: bool) -> Sendable:
    """The text with its buttons, or with a list where there are more than buttons can be."""
    if plain:
        return TextMessage(text)
    if len(offering.labels) <= MOST_BUTTONS:
        return ButtonsMessage(text, _buttons(offering))
    return ListMessage(text, shorten(formatter.message(_OPEN), _BUTTON), _rows(offering))


def _buttons(offering: Offering) -> tuple[Option, ...]:
    """Buttons with different titles, which the providers ask for."""
    titles = [shorten(each, _BUTTON) for each in offering.labels]
    if len(set(titles)) < len(titles):
        titles = [shorten(f"{number}. {each}", _BUTTON) for number, each in enumerate(offering.labels, 1)]
    return tuple(Option(data, title) for data, title in zip(offering.data, titles, strict=True))


def _rows(offering: Offering) -> tuple[Option, ...]:
    """Rows with their numbers; a label that a title has no room for stands below it in full."""
    options: list[Option] = []
    for number, (data, label) in enumerate(zip(offering.data, offering.labels, strict=True), 1):
        named = f"{number}. {label}"
        title = shorten(named, _ROW)
        options.append(Option(data, title, "" if title == named else shorten(label, _DESCRIPTION)))
    return tuple(options)


def _label(button: Button, formatter: Formatter) -> str:
    label = button.label if isinstance(button.label, str) else formatter.message(button.label)
    return clean(label, _LONGEST_LABEL) or _NOTHING
