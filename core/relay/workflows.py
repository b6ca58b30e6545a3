"""The six things that people at the plant ask most, as the menu counts them (whatsapp.md A1). Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from core.command import Command
from core.message import _
from core.page import Action
from core.relay.folding import folded

__all__ = ["MENU", "WORKFLOWS", "chosen", "is_workflow", "workflows_for"]

MENU = "menu"
"""The conversation’s own command that shows them."""

WORKFLOWS: tuple[Action, ...] = (
    Action("defect", _("Report a defect")),
    Action("order", _("Order status")),
    Action("maintenance", _("Maintenance issue")),
    Action("sop", _("SOP failure")),
    Action("sla", _("SLA status")),
    Action("bom", _("BOM update")),
)
"""Each with its command, in the order of their digits."""

_COMMANDS = frozenset(each.command for each in WORKFLOWS)


def is_workflow(command: str) -> bool:
    """Whether a command is one of the six."""
    return command in _COMMANDS


def workflows_for(find: Callable[[str], Command | None]) -> Sequence[Action]:
    """Those of the six that a person may ask; `find` gives a command that they may run."""
    return [each for each in WORKFLOWS if find(each.command) is not None]


def chosen(text: str, offered: Sequence[Action]) -> Action | None:
    """The one that a message chooses by its digit, in whichever digits it was typed."""
    typed = folded(text)
    if not (typed.isascii() and typed.isdecimal() and len(typed) == 1):
        return None
    number = int(typed)
    return offered[number - 1] if 1 <= number <= len(offered) else None
