"""A pairing code, to be shown once: as text, as a link, and as a QR code where a surface draws one."""

from __future__ import annotations

from urllib.parse import quote

from core.areas.relay.model import PairingCode
from core.areas.relay.pages.words import ROLE_WORDS
from core.areas.relay.store.reading import Bots
from core.message import Message, _
from core.page import Code, Fact, Facts, Note, Page, Place
from core.units import Severity, State

__all__ = ["code_page", "deep_link"]


def code_page(code: PairingCode, bots: Bots) -> Page:
    """The code and how to use it."""
    facts = [Fact(_("Meant for"), code.person)]
    if code.is_group:
        facts.append(Fact(_("As"), _("a group, which is told things and may nothing")))
    else:
        facts.append(Fact(_("As"), ROLE_WORDS[code.role]))
    if code.tier:
        facts.append(Fact(_("Tier"), code.tier))
    return Page(
        key="pair",
        title=_("Pairing"),
        crumb=code.person,
        verdict=State(Severity.NOTICE, _("WAITING")),
        blocks=(
            Code("code", _("Pairing code"), code.text, deep_link(code, bots), code.expires_at, Place.MAIN),
            Facts("grants", _("What it grants"), tuple(facts)),
            Note("how", _how(code, bots)),
        ),
        as_of=code.made_at,
    )


def deep_link(code: PairingCode, bots: Bots) -> str:
    """The link that opens the bot, or adds it to a group, with the code; empty where none is known.

    Telegram's comes first: groups are told things there alone.
    """
    if bots.telegram:
        return f"https://t.me/{bots.telegram}?{'startgroup' if code.is_group else 'start'}={code.text}"
    if bots.whatsapp and not code.is_group:
        return f"https://wa.me/{bots.whatsapp.removeprefix('+')}?text={quote(f'/start {code.text}')}"
    return ""


def _how(code: PairingCode, bots: Bots) -> Message:
    if code.is_group:
        way = _("Add the bot to the group and send “/start {code}” there.", code=code.text)
    elif bots.telegram and bots.whatsapp:
        way = _(
            "Scan the QR code, or send “/start {code}” to @{bot} in Telegram or to {phone} in WhatsApp.",
            code=code.text,
            bot=bots.telegram,
            phone=bots.whatsapp,
        )
    elif bots.telegram:
        way = _("Scan the QR code, or send “/start {code}” to @{bot}.", code=code.text, bot=bots.telegram)
    elif bots.whatsapp:
        way = _(
            "Scan the QR code, or send “/start {code}” to {phone} in WhatsApp.",
            code=code.text,
            phone=bots.whatsapp,
        )
    else:
        way = _("Send “/start {code}” to the bot in a private chat.", code=code.text)
    return _("{way} It works once, and for ten minutes.", way=way)
