"""What the commands about silences change."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from core.area import Outcome, Request
from core.areas.alerts.pages.words import done_page
from core.message import _
from core.notify.alerting.silence import read_matchers, written_matchers
from core.notify.alerting.silence_rows import add_silence, end_silence
from core.store.store import Transaction
from core.text import clean
from core.units import Instant

__all__ = ["apply_add", "apply_end"]


async def apply_add(request: Request, transaction: Transaction) -> Outcome:
    """A silence from now on."""
    matchers = read_matchers(clean(request.text("what") or "", 500))
    until = request.now + cast("timedelta", request.arguments["for"])
    silence = await add_silence(
        transaction,
        matchers,
        reason=clean(request.text("reason") or "", 500),
        author=request.principal.name,
        starts_at=request.now,
        ends_at=until,
    )
    note = _("Silence {id} keeps it quiet until {moment}.", id=silence.id, moment=Instant(until))
    after = {"what": written_matchers(matchers), "until": until.isoformat(), "reason": silence.reason}
    return Outcome(done_page("silence.add", note), f"silence:{silence.id}", {}, after)


async def apply_end(request: Request, transaction: Transaction) -> Outcome:
    """The silence is over; what it kept quiet and is still so is told."""
    silence = await end_silence(transaction, request.text("silence") or "", request.now)
    note = _(
        "Silence {id} is over. What it kept quiet and is still so is told within a quarter of a minute.",
        id=silence.id,
    )
    after = {"ends_at": silence.ends_at.isoformat()}
    return Outcome(done_page("silence.end", note), f"silence:{silence.id}", {}, after)
