"""A pairing code, to be shown once: as text, as a link, and as a QR code where a surface draws one."""

from __future__ import annotations

from core.areas.relay.model import PairingCode
from core.areas.relay.pages.words import ROLE_WORDS
from core.message import Message, _
from core.page import Code, Fact, Facts, Note, Page, Place
from core.units import Severity, State

__all__ = ["code_page", "deep_link"]


def code_page(code: PairingCode, bot: str) -> Page:
    """The code and how to use it; `bot` is the bot's user name, empty where it isn't known."""
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
            Code("code", _("Pairing code"), code.text, deep_link(code, bot), code.expires_at, Place.MAIN),
            Facts("grants", _("What it grants"), tuple(facts)),
            Note("how", _how(code, bot)),
        ),
        as_of=code.made_at,
    )


def deep_link(code: PairingCode, bot: str) -> str:
    """The link that opens the bot, or adds it to a group, with the code; empty without the bot's name."""
    if not bot:
        return ""
    return f"https://t.me/{bot}?{'startgroup' if code.is_group else 'start'}={code.text}"


def _how(code: PairingCode, bot: str) -> Message:
    if code.is_group:
        way = _("Add the bot to the group and send “/start {code}” there.", code=code.text)
    elif bot:
        way = _("Scan the QR code, or send “/start {code}” to @{bot}.", code=code.text, bot=bot)
    else:
        way = _("Send “/start {code}” to the bot in a private chat.", code=code.text)
    return _("{way} It works once, and for ten minutes.", way=way)
