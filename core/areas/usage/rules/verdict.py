"""How an account's plan stands, in a word and a sentence, for lights, lists and pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.areas.usage.model import GIGABYTE, LimitedBy, PlanSnapshot
from core.areas.usage.rules.forecast import Forecast
from core.message import Message, _, plural
from core.page import Freshness, SourceState
from core.units import Quantity, Severity, State, Unit

__all__ = ["Assessment", "HeldPlan", "assess", "days_and_rest", "plan_in_use"]

_SOON = 3
"""Days within which an end is near."""


@dataclass(frozen=True, slots=True)
class HeldPlan:
    """One plan of an account with its forecast; `allowance` is what it held when full, in bytes."""

    snapshot: PlanSnapshot
    forecast: Forecast
    allowance: int | None

    @property
    def percent(self) -> float | None:
        """What is left of the allowance, in percent."""
        if self.forecast.balance is None or not self.allowance:
            return None
        return 100 * self.forecast.balance / self.allowance


@dataclass(frozen=True, slots=True)
class Assessment:
    """A state with its word, and the sentence that goes with it."""

    state: State
    headline: Message


def plan_in_use(plans: Sequence[HeldPlan]) -> HeldPlan | None:
    """The plan to speak of first: the one in use (of several the one worst off), else the first listed."""
    in_use = [each for each in plans if each.snapshot.plan.active]
    if not in_use:
        return plans[0] if plans else None
    return max(in_use, key=lambda each: _assess_plan(each, queued=_is_queued(plans)).state.severity)


def assess(plans: Sequence[HeldPlan], source: SourceState, of: HeldPlan | None = None) -> Assessment:
    """How an account stands by its plan in use, or how the one plan `of` it does."""
    if source.freshness is Freshness.NEVER:
        return _found(Severity.UNKNOWN, _("UNKNOWN"), source.reason or _("Taara was not read yet."))
    if source.freshness is Freshness.UNKNOWN:
        return _found(Severity.UNKNOWN, _("UNKNOWN"), source.reason or _("Taara was not read lately."))
    chosen = of or plan_in_use(plans)
    if chosen is None:
        return _found(Severity.SERIOUS, _("NO PLAN"), _("Taara lists no plan for this account."))
    if chosen.snapshot.plan.active:
        return _assess_plan(chosen, queued=_is_queued(plans))
    if of is not None:
        return _found(Severity.IDLE, _("UNUSED"), days_and_rest(of.forecast))
    return _found(Severity.WARNING, _("NONE IN USE"), _("There are plans, but none is in use."))


def days_and_rest(found: Forecast) -> Message:
    """When the plan ends and what ends it: “Runs out in 11 days, 3 before its renewal”."""
    if found.exhausted:
        return _("Used up: nothing is left.")
    if found.days_left is None:
        if found.balance is None:
            return _("What is left isn't known: {reason}.", reason=found.reason or _("not reported"))
        return _(
            "{balance} left; how long it lasts isn't known: {reason}.",
            balance=_gigabytes(found.balance),
            reason=found.reason or _("not reported"),
        )
    if found.limited_by is LimitedBy.DATA:
        return _runs_out(found.days_left, found.days_short)
    count = round(found.days_left)
    if found.remainder is None:
        return plural(
            "Ends in about {count} day, before its data.",
            "Ends in about {count} days, before its data.",
            count,
        )
    return plural(
        "Lasts until its renewal in about {count} day, with {spare} to spare.",
        "Lasts until its renewal in about {count} days, with {spare} to spare.",
        count,
        spare=_gigabytes(found.remainder),
    )


def _runs_out(days: float, short: float | None) -> Message:
    if days < 1:
        hours = round(days * 24)
        when = plural("Runs out in {count} hour", "Runs out in {count} hours", hours)
    else:
        when = plural("Runs out in {count} day", "Runs out in {count} days", round(days))
    if short is None:
        return _("{when}.", when=when)
    before = Quantity(short, Unit.COUNT, 0 if short >= 1 else 1)
    return _("{when}, {before} before its renewal.", when=when, before=before)


def _assess_plan(held: HeldPlan, *, queued: bool) -> Assessment:
    found, plan, percent = held.forecast, held.snapshot.plan, held.percent
    said = days_and_rest(found)
    if plan.unlimited:
        return _found(Severity.GOOD, _("UNLIMITED"), _("Taara states no limit for this plan."))
    if found.balance is None:
        return _found(Severity.UNKNOWN, _("UNKNOWN"), said)
    if found.exhausted:
        return _found(Severity.CRITICAL, _("USED UP"), said)
    if percent is not None and percent <= 5:
        return _found(Severity.SERIOUS, _("NEARLY USED UP"), said)
    if found.limited_by is LimitedBy.DATA:
        near = found.days_left is not None and found.days_left <= _SOON
        return _found(Severity.SERIOUS if near else Severity.WARNING, _("RUNS OUT EARLY"), said)
    if percent is not None and percent <= 10:
        return _found(Severity.WARNING, _("LOW"), said)
    days = plan.expires_in_days
    if days is not None and days <= _SOON and not queued:
        nothing = _("{said} Nothing is queued behind it.", said=said)
        return _found(Severity.WARNING, _("ENDS SOON"), nothing)
    if found.average is None:
        return _found(Severity.NOTICE, _("PACE UNKNOWN"), said)
    if percent is not None and percent <= 25:
        return _found(Severity.NOTICE, _("GETTING LOW"), said)
    return _found(Severity.GOOD, _("ON PACE"), said)


def _is_queued(plans: Sequence[HeldPlan]) -> bool:
    """Whether an unused plan that still holds something waits behind the one in use."""
    return any(not each.snapshot.plan.active and each.forecast.balance != 0 for each in plans)


def _found(severity: Severity, word: Message, said: Message) -> Assessment:
    return Assessment(State(severity, word), said)


def _gigabytes(size: float) -> Quantity:
    return Quantity(size / GIGABYTE, Unit.GIGABYTE, 1)
