"""What the commands about alerts change."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from core.area import Outcome, Request
from core.areas.alerts.pages.words import done_page
from core.message import _
from core.notify.alerting.by_hand import acknowledge, mute, resolve
from core.notify.rules import RuleBook, load_rules
from core.notify.settings import NotifySettings
from core.store.store import Transaction
from core.text import clean
from core.units import Instant

__all__ = ["apply_acknowledge", "apply_mute", "apply_resolve"]


async def apply_acknowledge(request: Request, transaction: Transaction) -> Outcome:
    """Every page about the alert that has not gone out is stopped."""
    rules = _rules(request)
    who = request.principal.name
    alert = await acknowledge(transaction, rules, _number(request), who, request.now)
    note = _("You see to “{title}”; nobody is paged about it.", title=alert.title)
    if alert.lapse_at is not None:
        note = _(
            "You see to “{title}”; nobody is paged about it until {moment}.",
            title=alert.title,
            moment=Instant(alert.lapse_at),
        )
    return Outcome(done_page("alert.ack", note), f"alert:{alert.id}", {}, {"acknowledged_by": who})


async def apply_mute(request: Request, transaction: Transaction) -> Outcome:
    """A silence of the alert's own."""
    rules = _rules(request)
    until = request.now + cast("timedelta", request.arguments["for"])
    reason = clean(request.text("reason") or "", 500)
    silence = await mute(
        transaction, rules, _number(request), who=request.principal.name, reason=reason, until=until
    )
    note = _(
        "It is kept quiet until {moment} (silence {id}); it is shown all the same.",
        moment=Instant(until),
        id=silence.id,
    )
    after = {"silence": silence.id, "until": until.isoformat(), "reason": reason}
    return Outcome(done_page("alert.mute", note), f"alert:{_number(request)}", {}, after)


async def apply_resolve(request: Request, transaction: Transaction) -> Outcome:
    """The alert is over; those who were told of it are told so."""
    rules = _rules(request)
    alert = await resolve(transaction, rules, _number(request), request.principal.name, request.now)
    note = _("“{title}” is over. Where it is still so, it will be raised anew.", title=alert.title)
    return Outcome(done_page("alert.resolve", note), f"alert:{alert.id}", {}, {"state": alert.state.value})


def _rules(request: Request) -> RuleBook:
    settings = request.services.settings
    return load_rules(settings.folders, expiries=settings.of(NotifySettings).expiries)


def _number(request: Request) -> int:
    return cast("int", request.arguments["alert"])
