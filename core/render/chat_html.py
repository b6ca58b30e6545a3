"""A page as what a chat can take: messages in Telegram's HTML, pictures, and a file where it is too long.

Each part carries its plain text too, for a platform without HTML and for sending it again where the HTML is
refused. Nothing is drawn here: a picture's part names the block that `core.render.png` draws from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.message import Message, _
from core.page import Chart, Gantt, Page
from core.render import FILE_FORMATS, file_as
from core.render.chat_blocks import block_lines, drawable
from core.render.chat_lines import (
    BLANK,
    Line,
    bold,
    cut_line,
    directed,
    html_of,
    italic,
    line,
    pack,
    plain_of,
)
from core.render.chat_page import body_lines, heading_lines, picture_caption
from core.render.export import file_name
from core.render.heading import heading
from core.render.values import Formatter
from core.units import Severity

__all__ = [
    "TELEGRAM",
    "ChatLimits",
    "ChatPart",
    "DocumentPart",
    "PhotoPart",
    "TextPart",
    "chat_file",
    "chat_notice",
    "chat_parts",
]

_FILE_FORMAT = "text"
_FILE_WIDTH = 80
_CUT = "\n…\n"


@dataclass(frozen=True, slots=True)
class ChatLimits:
    """What one message of a platform holds.

    `text` and `caption` count characters after tags were read, `html` the bytes before. A page of more than
    `messages` texts is sent as its beginning and a file; no more than `photos` pictures go with one page.
    """

    text: int = 4_096
    caption: int = 1_024
    html: int = 32_000
    messages: int = 3
    photos: int = 3


TELEGRAM = ChatLimits()
"""telegram.md 4: the two lengths, and the raw text a little below the 32,768 bytes it refuses."""


@dataclass(frozen=True, slots=True)
class TextPart:
    """A message of text; `html` and `plain` say the same."""

    html: str
    plain: str


@dataclass(frozen=True, slots=True)
class PhotoPart:
    """A picture of `figure`, to be drawn, with its caption; `html` and `plain` say the same."""

    figure: Chart | Gantt
    html: str
    plain: str


@dataclass(frozen=True, slots=True)
class DocumentPart:
    """A file with its caption; `html` and `plain` say the same."""

    name: str
    content: bytes
    html: str = ""
    plain: str = ""


ChatPart = TextPart | PhotoPart | DocumentPart


def chat_parts(
    page: Page | None,
    formatter: Formatter,
    *,
    limits: ChatLimits = TELEGRAM,
    lead: Message | None = None,
    closing: Message | None = None,
) -> tuple[ChatPart, ...]:
    """What is sent of `page`, in order: its texts, its pictures, and the whole as a file if it is long.

    `lead` is said before it and `closing` after it; without a page they are all there is.
    """
    lines = [line(formatter.message(lead))] if lead else []
    photos: tuple[ChatPart, ...] = ()
    if page is not None:
        wound = formatter.at(page.at)
        pictures = [block for block in page.blocks if isinstance(block, Chart | Gantt) and drawable(block)]
        taken = pictures[: limits.photos]
        photos = tuple(_photo(each, wound, limits) for each in taken)
        lines += [BLANK, *heading_lines(page, formatter)]
        lines += body_lines(page, [block for block in page.blocks if block not in taken], wound)
        lines += [each for block in taken for each in _beside_photo(block, wound, limits)]
    ending = [line(formatter.message(closing))] if closing else []
    messages = _packed([*lines, BLANK, *ending], formatter, limits)
    if page is None or len(messages) <= limits.messages:
        return (*map(_text_part, messages), *photos)
    rest = line(italic(formatter.message(_("There is more: all of it is in the file."))))
    first = _beginning(lines, [rest, *ending], formatter, limits)
    return (first, *photos, chat_file(page, _FILE_FORMAT, formatter))


def chat_file(page: Page, form: str, formatter: Formatter) -> DocumentPart:
    """`page` as a file of the format `form`, written as every export is, with its title for a caption.

    Raises:
        InputError: there is no such format.
    """
    written = formatter.for_files()
    content = file_as(form, page, written, width=_FILE_WIDTH)
    name = f"{file_name(page, form, written, formatter.now)}.{FILE_FORMATS[form]}"
    caption = directed(
        [cut_line(line(bold(heading(page, formatter).title)), TELEGRAM.caption - 1)],
        right_to_left=formatter.right_to_left,
    )
    return DocumentPart(name, content, html_of(caption), plain_of(caption))


def chat_notice(
    title: Message,
    lines: Sequence[Message],
    reason: Message,
    severity: Severity,
    formatter: Formatter,
    *,
    possible_repeat: bool = False,
    limits: ChatLimits = TELEGRAM,
) -> TextPart:
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
    return _beginning(body, [line(italic(why))] if why else [], formatter, limits)


def _photo(block: Chart | Gantt, formatter: Formatter, limits: ChatLimits) -> PhotoPart:
    """The picture, with its figures if they all go into a caption, and its title alone if not."""
    caption = picture_caption(block, formatter)
    if len(plain_of(caption)) > limits.caption:
        caption = [cut_line(caption[0], limits.caption)]
    return PhotoPart(block, html_of(caption), plain_of(caption))


def _beside_photo(block: Chart | Gantt, formatter: Formatter, limits: ChatLimits) -> list[Line]:
    """The figures that a caption had no room for, said with the page's texts."""
    if len(plain_of(picture_caption(block, formatter))) <= limits.caption:
        return []
    return [BLANK, *block_lines(block, formatter)]


def _packed(lines: Iterable[Line], formatter: Formatter, limits: ChatLimits) -> list[tuple[Line, ...]]:
    return pack(directed(lines, right_to_left=formatter.right_to_left), limits.text, limits.html)


def _beginning(
    lines: Iterable[Line], ending: Sequence[Line], formatter: Formatter, limits: ChatLimits
) -> TextPart:
    """As much of the lines as one message takes together with `ending`."""
    short = [cut_line(each, limits.text // 4) for each in ending]
    last = directed([BLANK, *short] if short else [], right_to_left=formatter.right_to_left)
    room = limits.text - len(plain_of(last)) - len(_CUT)
    weight = limits.html - len(html_of(last).encode()) - len(_CUT.encode())
    first, *more = pack(directed(lines, right_to_left=formatter.right_to_left), room, weight)
    return _text_part((*first, *([line("…")] if more else []), *last))


def _text_part(lines: Sequence[Line]) -> TextPart:
    return TextPart(html_of(lines), plain_of(lines))
