"""The question before a danger: what would happen, with what, and a minute to say yes (S11). Pure."""

from __future__ import annotations

from core.danger import Danger
from core.message import _
from core.page import Action, Block, Facts, Note, Page
from core.relay.offers import CONFIRM_WITHIN, Offer, Purpose
from core.units import Severity, State

__all__ = ["confirmation"]


def confirmation(command: str, danger: Danger) -> tuple[Page, Offer, Offer]:
    """What is shown, and the buttons for no and for yes."""
    seconds = int(CONFIRM_WITHIN.total_seconds())
    note = _("Nothing happens unless you confirm within {seconds} seconds.", seconds=seconds)
    blocks: list[Block] = [Facts("given", _("With"), danger.given)] if danger.given else []
    if danger.touched is not None:
        blocks.append(Note("touched", danger.touched, Severity.WARNING))
    blocks.append(Note("within", note, Severity.WARNING))
    page = Page("confirm", danger.what, State(Severity.WARNING, _("CONFIRM")), tuple(blocks))
    no, yes = _("No, leave it"), _("Yes, do it")
    return (
        page,
        Offer(no, Purpose.REFUSE, Action(command, no)),
        Offer(yes, Purpose.CONFIRM, Action(command, yes), once=True, within=CONFIRM_WITHIN),
    )
