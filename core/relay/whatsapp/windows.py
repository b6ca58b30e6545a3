"""What is said when a window is closed: WhatsApp takes only templates then (whatsapp.md B4). Pure."""

from __future__ import annotations

from datetime import datetime

from core.areas.relay.rules.window import WhatsAppUser
from core.message import Message, _
from core.text import masked_phone
from core.units import Span

__all__ = ["said_of_closed"]


def said_of_closed(known: WhatsAppUser, now: datetime) -> Message:
    """Why free text to the user is refused: since when their window is closed, if that is known."""
    phone = masked_phone(known.user)
    if known.wrote_at is None:
        return _(
            "{phone} has not written to us lately, so that WhatsApp takes only templates"
            " (WHATSAPP_TEMPLATES).",
            phone=phone,
        )
    return _(
        "The 24 hours in which {phone} can be written to freely ended {length} ago; WhatsApp takes only"
        " templates now (WHATSAPP_TEMPLATES).",
        phone=phone,
        length=Span(-known.left(now)),
    )
