"""One alert: what it is, who sees to it, and what it has come through."""

from __future__ import annotations

from core.area import Request
from core.areas.alerts.pages.alerts import alerts_page
from core.areas.alerts.pages.words import alert_history_timeline, alert_state, standing
from core.errors import NotFoundError
from core.message import _
from core.notify.alerting.alert import Alert
from core.notify.alerting.alert_rows import alert_at, alert_history
from core.page import Action, Fact, Facts, Page
from core.units import Absent, Instant, Value

__all__ = ["alert_page"]


async def alert_page(request: Request) -> Page:
    """The alert of that number as known at the moment asked for; without a number, all of them.

    Raises:
        NotFoundError: there is no such alert.
    """
    number = request.arguments.get("alert")
    if not isinstance(number, int):
        return await alerts_page(request)
    async with request.services.store.reading() as connection:
        alert = await alert_at(connection, number, request.moment)
        history = await alert_history(connection, number, request.moment)
    if alert is None:
        raise NotFoundError(_("There is no alert {number}; “alerts” lists them.", number=str(number)))
    return Page(
        key="alert",
        title=_("Alert {id}", id=str(alert.id)),
        crumb=alert.title,
        verdict=alert_state(alert),
        blocks=(_facts(alert), alert_history_timeline(alert, history)),
        actions=_actions(alert),
        as_of=request.moment,
    )


def _facts(alert: Alert) -> Facts:
    next_page: Value = Absent(_("none is planned"))
    if alert.repeat_at is not None or alert.escalate_at is not None:
        next_page = Instant(min(filter(None, (alert.repeat_at, alert.escalate_at))))
    return Facts(
        "alert",
        _("The alert"),
        (
            Fact(_("What"), alert.title),
            Fact(_("Severity"), alert.severity.word),
            Fact(_("Rule"), alert.rule),
            Fact(_("Subject"), alert.subject),
            Fact(_("Since"), Instant(alert.opened_at)),
            Fact(_("Last sign of it"), Instant(alert.last_seen)),
            Fact(_("Signs"), alert.count),
            Fact(_("At present"), standing(alert)),
            Fact(_("Next page"), next_page),
        ),
    )


def _actions(alert: Alert) -> tuple[Action, ...]:
    own = (("alert", str(alert.id)),)
    why = Action("why", _("Who was told, and why"), (("about", str(alert.id)),))
    if not alert.open:
        return (why,)
    return (
        Action("alert ack", _("See to it"), own),
        Action("alert mute", _("Keep it quiet"), own),
        Action("alert resolve", _("Declare it over"), own),
        why,
    )
