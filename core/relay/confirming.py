"""The question before a danger: what would happen, with what, and a minute to say yes (S11). Pure."""

from __future__ import annotations

from core.command import Command
from core.message import Message, _
from core.page import Action, Block, Fact, Facts, Note, Page
from core.relay.dialog import Dialog
from core.relay.offers import CONFIRM_WITHIN, Offer, Purpose
from core.units import Severity, State

__all__ = ["confirmation"]


def confirmation(
    command: Command, dialog: Dialog, touched: Message | None = None
) -> tuple[Page, Offer, Offer]:
    """What is shown, and the buttons for no and for yes; secrets are not shown.

    `touched` says what is under way that the danger would touch.
    """
    given = tuple(Fact(name, value) for name, value in dialog.arguments)
    seconds = int(CONFIRM_WITHIN.total_seconds())
    note = _("Nothing happens unless you confirm within {seconds} seconds.", seconds=seconds)
    within = Note("within", note, Severity.WARNING)
    blocks: list[Block] = [Facts("given", _("With"), given)] if given else []
    if touched is not None:
        blocks.append(Note("touched", touched, Severity.WARNING))
    blocks.append(within)
    page = Page("confirm", command.summary, State(Severity.WARNING, _("CONFIRM")), tuple(blocks))
    no, yes = _("No, leave it"), _("Yes, do it")
    return (
        page,
        Offer(no, Purpose.REFUSE, Action(command.name, no)),
        Offer(yes, Purpose.CONFIRM, Action(command.name, yes), once=True, within=CONFIRM_WITHIN),
    )
