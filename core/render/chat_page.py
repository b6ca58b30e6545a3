"""A page as lines for any chat: what it is and how it stands, then its blocks. Pure.

How lines become a platform's messages is said in `chat_html` and `chat_whatsapp`.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.message import _
from core.page import Block, Chart, Gantt, Meter, Note, Page
from core.render.chat_blocks import block_lines, picture_lines, title_line
from core.render.chat_lines import BLANK, Line, bold, directed, italic, line
from core.render.heading import heading
from core.render.values import Formatter
from core.units import Severity

__all__ = ["body_lines", "heading_lines", "picture_caption"]


def heading_lines(page: Page, formatter: Formatter) -> list[Line]:
    """What the page is, how it stands, and as of when: in a chat, where it stays, never by its age alone."""
    top = heading(page, formatter)
    lines = [line(bold(formatter.beside(top.title))), line(bold(top.verdict))]
    if page.as_of is not None:
        lines.append(line(italic(formatter.message(_("As of {moment}", moment=top.moment)))))
    if top.remark:
        lines.append(line(f"{Severity.NOTICE.glyph} ", italic(top.remark)))
    return lines


def body_lines(page: Page, blocks: Sequence[Block], formatter: Formatter) -> list[Line]:
    """The blocks with a blank line before each; remarks and meters in a row stand together."""
    lines: list[Line] = []
    alone = len(page.blocks) == 1
    title = formatter.value(page.title)
    for index, block in enumerate(blocks):
        if index == 0 or not (isinstance(block, Note | Meter) and type(block) is type(blocks[index - 1])):
            lines.append(BLANK)
        titled = not (alone and formatter.message(block.title) == title)
        lines += block_lines(block, formatter, titled=titled)
    return lines


def picture_caption(block: Chart | Gantt, formatter: Formatter) -> list[Line]:
    """What stands below the picture of a block: its title, and what it shows in figures."""
    lines = [title_line(block, formatter), *picture_lines(block, formatter)]
    return directed(lines, right_to_left=formatter.right_to_left)
