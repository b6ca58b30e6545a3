"""A page as what WhatsApp can take: text with its few marks, and pictures.

WhatsApp has no escapes, so that a foreign `*` that could begin bold text is shown as a letter that looks like
it. Each message is measured as WhatsApp and Twilio do, in UTF-16 units, its marks included.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.message import Message, _
from core.page import Chart, Gantt, Page
from core.render.chat_blocks import block_lines, drawable
from core.render.chat_lines import (
    BLANK,
    Box,
    Line,
    Piece,
    Style,
    bold,
    cut_line,
    directed,
    italic,
    line,
    pack,
    plain_of,
)
from core.render.chat_page import body_lines, heading_lines, picture_caption
from core.render.values import Formatter
from core.units import Severity

__all__ = [
    "Picture",
    "WhatsAppLimits",
    "WhatsAppPage",
    "length_of",
    "option_lines",
    "whatsapp_markup",
    "whatsapp_notice",
    "whatsapp_page",
]

_MARKS = {Style.PLAIN: "", Style.BOLD: "*", Style.ITALIC: "_", Style.CODE: "`"}
_FENCE = "```"
_LOOKALIKES = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ"})
_MARKING_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
"""An underscore that is not inside a word, where alone it would begin or end italics."""

_WEIGHT_OF_A_CHARACTER = 10
"""More than any character weighs where lines are packed, so that only their length counts."""

_FILE, _CONSOLE = (
    _("There is more: all of it is in the file."),
    _("There is more: the console shows all of it."),
)


@dataclass(frozen=True, slots=True)
class WhatsAppLimits:
    """What one message holds: `text` and `caption` in UTF-16 units.

    A page of more than `messages` texts is cut; no more than `pictures` pictures go with one page.
    """

    text: int
    caption: int = 1_024
    messages: int = 3
    pictures: int = 3


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of `figure`, to be drawn, with its caption."""

    figure: Chart | Gantt
    caption: str


@dataclass(frozen=True, slots=True)
class WhatsAppPage:
    """What is sent of a page, in order; `cut` when its texts are only its beginning."""

    texts: tuple[str, ...]
    pictures: tuple[Picture, ...] = ()
    cut: bool = False


def whatsapp_page(
    page: Page | None,
    formatter: Formatter,
    limits: WhatsAppLimits,
    *,
    lead: Message | None = None,
    closing: Message | None = None,
    drawn: bool = True,
    filed: bool = True,
    plain: bool = False,
) -> WhatsAppPage:
    """What is sent of `page`; `lead` is said before it and `closing` after it.

    Unless `drawn`, pictures are said in figures. `filed` says that what is cut follows as a file, `plain`
    that nothing is marked.
    """
    lines = [line(formatter.message(lead))] if lead else []
    pictures: tuple[Picture, ...] = ()
    if page is not None:
        wound = formatter.at(page.at)
        figures = [block for block in page.blocks if isinstance(block, Chart | Gantt) and drawable(block)]
        taken = figures[: limits.pictures] if drawn else []
        captions = {block.key: _caption(block, wound, limits, plain=plain) for block in taken}
        pictures = tuple(Picture(block, captions[block.key][0]) for block in taken)
        lines += [BLANK, *heading_lines(page, formatter)]
        lines += body_lines(page, [block for block in page.blocks if block not in taken], wound)
        for block in taken:
            if not captions[block.key][1]:
                lines += [BLANK, *block_lines(block, wound)]
    ending = [line(formatter.message(closing))] if closing else []
    texts = _packed([*lines, BLANK, *ending], formatter, limits.text, plain=plain)
    if page is None or len(texts) <= limits.messages:
        return WhatsAppPage(texts, pictures)
    rest = line(italic(formatter.message(_FILE if filed else _CONSOLE)))
    return WhatsAppPage(
        (_beginning(lines, [rest, *ending], formatter, limits.text, plain=plain),), pictures, cut=True
    )


def whatsapp_notice(
    title: Message,
    lines: Sequence[Message],
    reason: Message,
    severity: Severity,
    formatter: Formatter,
    limits: WhatsAppLimits,
    *,
    possible_repeat: bool = False,
    plain: bool = False,
) -> str:
    """A notice as one message: how bad and what, the lines below it, and why the person is told.

    A notice that may have arrived before says so (reliability.md R3). One too long keeps its beginning and
    its reason.
    """
    said = _("(possible repeat) {title}", title=title) if possible_repeat else title
    body = [
        line(f"{severity.glyph} ", bold(formatter.message(said))),
        *(line(formatter.message(each)) for each in lines),
    ]
    why = formatter.message(reason)
    return _beginning(body, [line(italic(why))] if why else [], formatter, limits.text, plain=plain)


def option_lines(labels: Sequence[str], formatter: Formatter, *, plain: bool = False) -> str:
    """What may be answered, each with its number."""
    lines = [line(f"{number}. {label}") for number, label in enumerate(labels, 1)]
    return whatsapp_markup(directed(lines, right_to_left=formatter.right_to_left), plain=plain)


def whatsapp_markup(lines: Sequence[Line], *, plain: bool = False) -> str:
    """The lines with WhatsApp's marks; no foreign text in them is taken for one."""
    if plain:
        return plain_of(lines)
    written: list[str] = []
    for index, each in enumerate(lines):
        grid = each.box is Box.GRID
        if grid and (index == 0 or lines[index - 1].box is not Box.GRID):
            written.append(_FENCE)
        written.append(each.text.replace("`", "ˋ") if grid else _marked(each))
        if grid and (index + 1 == len(lines) or lines[index + 1].box is not Box.GRID):
            written.append(_FENCE)
    return "\n".join(written)


def length_of(text: str) -> int:
    """The length of a text as it is limited: in UTF-16 units, so that an emoji counts as two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _marked(each: Line) -> str:
    """One line; a mark stands only where WhatsApp reads it, between a word and what is none."""
    pieces = each.pieces
    written = ["> "] if each.box is Box.QUOTE else []
    for index, piece in enumerate(pieces):
        before = pieces[index - 1].text[-1:] if index else ""
        after = pieces[index + 1].text[:1] if index + 1 < len(pieces) else ""
        written.append(_marked_piece(piece, before, after))
    return "".join(written)


def _marked_piece(piece: Piece, before: str, after: str) -> str:
    text = _MARKING_UNDERSCORE.sub("ˍ", piece.text.translate(_LOOKALIKES))
    mark, core = _MARKS[piece.style], text.strip()
    start = text.find(core) if core else 0
    lead, tail = text[:start], text[start + len(core) :]
    joined = (not lead and before.isalnum()) or (not tail and after.isalnum())
    return text if not mark or not core or joined else f"{lead}{mark}{core}{mark}{tail}"


def _caption(
    block: Chart | Gantt, formatter: Formatter, limits: WhatsAppLimits, *, plain: bool
) -> tuple[str, bool]:
    """The caption of a block's picture, and whether the figures it shows are all in it."""
    lines = picture_caption(block, formatter)
    caption = whatsapp_markup(lines, plain=plain)
    if length_of(caption) <= limits.caption:
        return caption, True
    return whatsapp_markup([cut_line(lines[0], limits.caption // 3)], plain=plain), False


def _packed(lines: Iterable[Line], formatter: Formatter, longest: int, *, plain: bool) -> tuple[str, ...]:
    """The lines in messages of at most `longest` units, cut at the ends of lines."""
    marked = directed(lines, right_to_left=formatter.right_to_left)
    room = longest
    while True:
        texts = tuple(
            whatsapp_markup(each, plain=plain) for each in pack(marked, room, room * _WEIGHT_OF_A_CHARACTER)
        )
        over = max((length_of(each) - longest for each in texts), default=0)
        if over <= 0 or room == 1:
            return texts
        room = max(room - over, 1)


def _beginning(
    lines: Iterable[Line], ending: Sequence[Line], formatter: Formatter, longest: int, *, plain: bool
) -> str:
    """As much of the lines as one message takes together with `ending`."""
    short = [cut_line(each, longest // 4) for each in ending]
    last = whatsapp_markup(directed(short, right_to_left=formatter.right_to_left), plain=plain)
    room = longest - length_of(last) - len("\n…\n\n")
    first, *more = _packed(lines, formatter, room, plain=plain) or ("",)
    return "\n".join([first, *(["…"] if more else []), *(["", last] if last else [])])
