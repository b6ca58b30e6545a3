"""Messages with reply buttons or a list, and their limits (whatsapp.md C2)."""

from __future__ import annotations

from collections.abc import Sequence

from core.simulators.cloud_api.errors import refused
from core.simulators.cloud_api.reading import fields, rows, text
from core.simulators.whatsapp import limits
from core.simulators.whatsapp.model import Choice, Content, Json

__all__ = ["read_interactive"]

_SECTIONS = 10


def read_interactive(interactive: Json) -> Content:
    """What a message of type `interactive` says.

    Raises:
        CloudError: 131008 or 131009: something is missing, too long, too many or not unique.
    """
    kind = text(interactive, "type", "interactive['type']")
    body = text(fields(interactive, "body", "interactive['body']"), "text", "body['text']", limits.BODY)
    footer = ""
    if "footer" in interactive:
        footer = text(
            fields(interactive, "footer", "interactive['footer']"), "text", "footer['text']", limits.FOOTER
        )
    header = _header(interactive, kind)
    action = fields(interactive, "action", "interactive['action']")
    match kind:
        case "button":
            return Content(body, header, footer, choices=_buttons(action))
        case "list":
            menu = text(action, "button", "action['button']", limits.LIST_LABEL)
            return Content(body, header, footer, choices=_list(action), menu=menu)
        case _:
            raise refused(131009, f"interactive['type'] {kind} is not button or list.")


def _header(interactive: Json, kind: str) -> str:
    if "header" not in interactive:
        return ""
    header = fields(interactive, "header", "interactive['header']")
    sort = text(header, "type", "header['type']")
    if sort == "text":
        return text(header, "text", "header['text']", limits.HEADER)
    if kind == "list" or sort not in ("image", "video", "document"):
        raise refused(131009, f"header['type'] {sort} is not allowed here.")
    named = fields(header, sort, f"header['{sort}']")
    return f"({sort}: {named.get('link') or named.get('id') or ''})"


def _buttons(action: Json) -> tuple[Choice, ...]:
    listed = rows(action, "buttons", "action['buttons']")
    if not 1 <= len(listed) <= limits.BUTTONS:
        raise refused(131009, f"There must be 1 to {limits.BUTTONS} buttons, not {len(listed)}.")
    choices: list[Choice] = []
    for button in listed:
        if button.get("type") != "reply":
            raise refused(131009, "The type of a button must be reply.")
        reply = fields(button, "reply", "buttons['reply']")
        choices.append(
            Choice(
                text(reply, "id", "reply['id']", limits.BUTTON_ID),
                text(reply, "title", "reply['title']", limits.BUTTON_TITLE),
            )
        )
    _check_unique([choice.id for choice in choices], "ids of buttons")
    _check_unique([choice.title for choice in choices], "titles of buttons")
    return tuple(choices)


def _list(action: Json) -> tuple[Choice, ...]:
    sections = rows(action, "sections", "action['sections']")
    if not 1 <= len(sections) <= _SECTIONS:
        raise refused(131009, f"There must be 1 to {_SECTIONS} sections, not {len(sections)}.")
    choices: list[Choice] = []
    for section in sections:
        if len(sections) > 1 or "title" in section:
            text(section, "title", "sections['title']", limits.SECTION_TITLE)
        for row in rows(section, "rows", "sections['rows']"):
            description = ""
            if row.get("description"):
                description = text(row, "description", "rows['description']", limits.ROW_DESCRIPTION)
            choices.append(
                Choice(
                    text(row, "id", "rows['id']", limits.ROW_ID),
                    text(row, "title", "rows['title']", limits.ROW_TITLE),
                    description,
                )
            )
    if not 1 <= len(choices) <= limits.ROWS:
        raise refused(
            131009, f"There must be 1 to {limits.ROWS} rows in all sections together, not {len(choices)}."
        )
    _check_unique([choice.id for choice in choices], "ids of rows")
    return tuple(choices)


def _check_unique(values: Sequence[str], what: str) -> None:
    if len(set(values)) < len(values):
        raise refused(131009, f"The {what} must be unique.")
