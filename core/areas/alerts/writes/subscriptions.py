"""What the commands about subscriptions change."""

from __future__ import annotations

from core.area import Outcome, Request
from core.areas.alerts.pages.words import done_page
from core.message import Message, _
from core.notify.people.person import Subscription
from core.notify.people.rows import find_person, subscribe
from core.store.store import Transaction
from core.text import clean
from core.units import Severity

__all__ = ["apply_subscribe", "apply_unsubscribe"]


async def apply_subscribe(request: Request, transaction: Transaction) -> Outcome:
    """Somebody hears of an area or a kind from a severity on."""
    person = await find_person(transaction.connection, request.text("person") or "", request.now)
    area, kind = _what(request)
    subscription = Subscription(
        area, kind, _severity(request, kind), clean(request.text("channel") or "", 40)
    )
    await subscribe(transaction, person.name, subscription)
    note = _("{person} hears of every {what}.", person=person.name, what=_words(subscription))
    if subscription.severity is not None and subscription.severity > Severity.IDLE:
        note = _(
            "{person} hears of {what} from “{severity}” on.",
            person=person.name,
            what=_words(subscription),
            severity=subscription.severity.word,
        )
    return _outcome("subscribe", note, person.name, subscription)


async def apply_unsubscribe(request: Request, transaction: Transaction) -> Outcome:
    """Somebody hears nothing more of an area or a kind."""
    person = await find_person(transaction.connection, request.text("person") or "", request.now)
    subscription = Subscription(*_what(request), None)
    await subscribe(transaction, person.name, subscription)
    note = _(
        "{person} hears nothing more of {what}, but for what is critical to one of their groups.",
        person=person.name,
        what=_words(subscription),
    )
    return _outcome("unsubscribe", note, person.name, subscription)


def _severity(request: Request, kind: str) -> Severity:
    """From which severity on: as was asked. Whoever names a kind wants to hear of it, however quiet it is."""
    return Severity[(request.text("severity") or ("idle" if kind else "warning")).upper()]


def _what(request: Request) -> tuple[str, str]:
    return clean(request.text("area") or "", 40), clean(request.text("kind") or "", 100)


def _words(subscription: Subscription) -> Message | str:
    return subscription.kind or subscription.area or _("everything")


def _outcome(key: str, note: Message, person: str, subscription: Subscription) -> Outcome:
    after = {
        "area": subscription.area,
        "kind": subscription.kind,
        "severity": "" if subscription.severity is None else subscription.severity.name.lower(),
    }
    return Outcome(done_page(key, note), f"person:{person}", {}, after)
