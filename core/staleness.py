"""What to say of data that is old, missing, or from where little is kept; the same in every area."""

from __future__ import annotations

import enum
from datetime import timedelta

from core.area import Request
from core.message import Message, _
from core.page import Freshness, Note, SourceState
from core.settings import CoreSettings
from core.units import Severity, State

__all__ = ["Keeping", "data_state", "empty", "past_notes"]


def data_state(source: SourceState, found: bool) -> State:
    """The verdict of a page that only lists: whether there is something current to show."""
    if source.freshness in (Freshness.UNKNOWN, Freshness.NEVER):
        return State(Severity.UNKNOWN, _("UNKNOWN"))
    if source.freshness is Freshness.STALE:
        return State(Severity.NOTICE, _("STALE"))
    return State(Severity.GOOD, _("CURRENT")) if found else State(Severity.IDLE, _("EMPTY"))


def empty(source: SourceState, none: Message) -> Message:
    """What to say where there is nothing: that it was never read, and why, or `none` where it was."""
    if source.last_good is not None:
        return none
    if source.reason is not None:
        return _("Nothing is known: {reason}", reason=source.reason)
    return _("Nothing was read yet.") if source.freshness is Freshness.NEVER else none


class Keeping(enum.Enum):
    """For how long what a page shows is kept: the settings of versions or of samples, or for good."""

    VERSIONS = "versions"
    SAMPLES = "samples"
    FOR_GOOD = "for good"


def past_notes(
    request: Request, source: SourceState, keeping: Keeping = Keeping.VERSIONS
) -> tuple[Note, ...]:
    """What to say on a page wound back to where little or nothing is kept."""
    if request.at is None:
        return ()
    settings = request.services.settings.of(CoreSettings)
    days = settings.raw_days if keeping is Keeping.SAMPLES else settings.version_days
    oldest = request.now - timedelta(days=days)
    if keeping is not Keeping.FOR_GOOD and request.at < oldest:
        day = oldest.date().isoformat()
        text = _(
            "Only {days} days are kept: from before {day} this page may lack anything.", days=days, day=day
        )
        return (Note("kept", text, Severity.WARNING),)
    if source.freshness is Freshness.NEVER:
        return (Note("kept", _("At that moment this had not been read yet."), Severity.NOTICE),)
    return ()
