"""What WhatsApp itself allows, whichever provider asks (whatsapp.md B4, C2)."""

from __future__ import annotations

__all__ = [
    "BODY",
    "BUTTONS",
    "BUTTON_ID",
    "BUTTON_TITLE",
    "FOOTER",
    "HEADER",
    "LIST_LABEL",
    "ROWS",
    "ROW_DESCRIPTION",
    "ROW_ID",
    "ROW_TITLE",
    "SECTION_TITLE",
    "TEXT",
    "WINDOW",
]

WINDOW = 24 * 3600.0
"""Seconds after a person's last message for which a sender may answer in its own words."""

TEXT = 4096
BODY = 1024
HEADER = 60
FOOTER = 60
"""Characters of a plain text, and of the parts of a message with choices."""

BUTTONS = 3
BUTTON_TITLE = 20
BUTTON_ID = 256

ROWS = 10
ROW_TITLE = 24
ROW_ID = 200
ROW_DESCRIPTION = 72
SECTION_TITLE = 24
LIST_LABEL = 20
