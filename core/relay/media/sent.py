"""Files that came in, and what their sender is told about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.areas.plant.model.attachments import Attachment, AttachmentState
from core.message import Message, _
from core.principal import Principal
from core.relay.dialog import Dialog
from core.relay.inbound import Inbound
from core.relay.turn import OpenDialog

__all__ = ["Sent"]


@dataclass(frozen=True, slots=True)
class Sent:
    """Files that came in and what is known of their sender; `said` is what was said with them, to us."""

    inbound: Inbound
    principal: Principal
    opened: OpenDialog | None
    said: str
    kept: tuple[Attachment, ...]

    @property
    def key(self) -> str:
        """Of the answer: the same when the same thing comes in again."""
        return f"{self.inbound.line}:{self.inbound.key}:0"

    @property
    def dialog(self) -> Dialog | None:
        """What is being asked, if anything is."""
        if self.opened is None or not self.opened.state:
            return None
        try:
            return Dialog.decoded(self.opened.state)
        except ValueError:
            return None

    @property
    def names(self) -> Sequence[str]:
        """The numbers of those that are here, or will be."""
        return [each.name for each in self.kept if each.state is not AttachmentState.FAILED]

    @property
    def for_report(self) -> Message:
        """What became of them, when they belong to a report."""
        if self._late:
            return _(
                "Thank you: {names} goes with your report. It can’t be fetched just now, so I try again.",
                names=", ".join(self.names),
            )
        return _("Thank you: {names} goes with your report.", names=", ".join(self.names))

    @property
    def by_itself(self) -> Message:
        """What became of them, when they belong to nothing yet."""
        refused = next((each.error for each in self.kept if each.error is not None), None)
        if not self.names:
            return _("What you sent can’t be taken. {reason}", reason=refused or "")
        if self._late:
            return _(
                "{names} can’t be fetched just now, so I try again. What is it about?",
                names=", ".join(self.names),
            )
        return _("Thank you: kept as {names} for 30 days. What is it about?", names=", ".join(self.names))

    @property
    def _late(self) -> bool:
        return any(each.state is AttachmentState.WAITING for each in self.kept)
