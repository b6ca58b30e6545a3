"""Attachments as a parameter: of reports that take them, and of the commands about them."""

from __future__ import annotations

from dataclasses import dataclass

from core.areas.plant.rules.attachment_numbers import attachment_numbers
from core.command import Choice, Parameter
from core.errors import InputError
from core.message import _

__all__ = ["ATTACHMENTS", "AttachmentsType"]


@dataclass(frozen=True, slots=True)
class AttachmentsType:
    """Numbers of attachments with spaces between; `some` asks for one at least."""

    some: bool = False
    choices: tuple[Choice, ...] = ()

    def parse(self, text: str) -> str:
        found = attachment_numbers(text)
        if self.some and not found:
            raise InputError(_("This can't be empty."))
        return " ".join(found)


ATTACHMENTS = Parameter(
    "attachments",
    _("Which photos or documents belong to it? Their numbers, like MED-2026-0001."),
    AttachmentsType(),
    default="",
    title=_("Attachments"),
)
"""Of a report: nobody is asked for them, as chats fill them in with what is sent meanwhile."""
