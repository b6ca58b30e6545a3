"""The status page's components as the team sees them: their states, and where those come from."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import Request
from core.areas.operations.configuration.status_page import load_status_page
from core.areas.operations.model_components import PageComponent, StateSpan
from core.areas.operations.rules.status_page import headline
from core.areas.operations.store.components import ByHand, by_hand, newest_spans, states
from core.command import Choice
from core.message import _
from core.page import Action, Column, Kind, Page, Row
from core.tabulate import tabulate
from core.units import Absent, Instant, Severity, State, Value

__all__ = ["component_choices", "components_page"]

_NOT_BY_HAND = Absent(_("not set by hand"))
_NEVER = Absent(_("never measured"))


async def components_page(request: Request) -> Page:
    """Every component with its state, what its health says, and what was set by hand.

    Raises:
        SettingsError: the status page's file is wrong.
    """
    layout = load_status_page(request.services.settings.folders.config)
    async with request.services.store.reading() as connection:
        newest = await newest_spans(connection, request.moment)
        hand = await by_hand(connection, request.moment)
    columns = (
        Column("state", _("State"), Kind.STATE, 1),
        Column("name", _("Component"), Kind.TEXT, 1),
        Column("group", _("Group"), Kind.TEXT, 2),
        Column("health", _("By its health"), Kind.STATE, 2),
        Column("hand", _("By hand"), Kind.TEXT, 1),
        Column("since", _("Since"), Kind.MOMENT, 2),
        Column("checks", _("Checks"), Kind.TEXT, 3),
    )
    rows = [
        _row(component, group.name, newest.get(component.id), hand.get(component.id))
        for group in layout.groups
        for component in group.components
    ]
    return Page(
        key="operations.components",
        title=_("Components"),
        verdict=headline(list(states(newest, (each.id for each in layout.components)).values())),
        blocks=(tabulate("components", _("Components"), columns, rows, request.query),),
        actions=(
            Action("component set", _("Set a component by hand")),
            Action("status-page", _("The status page")),
            Action("maintenance", _("Maintenance")),
        ),
        as_of=request.moment,
    )


def component_choices(request: Request) -> Sequence[Choice]:
    """Every component, as something to choose.

    Raises:
        SettingsError: the status page's file is wrong.
    """
    layout = load_status_page(request.services.settings.folders.config)
    return [Choice(each.id, each.name) for each in layout.components]


def _row(component: PageComponent, group: str, span: StateSpan | None, hand: ByHand | None) -> Row:
    state: Value = State(Severity.UNKNOWN, _("not measured"))
    health: Value = _NEVER
    if span is not None and span.standing.state is not None:
        state = span.standing.state.state
        if not span.standing.verified:
            state = State(Severity.UNKNOWN, _("{state}, not verified", state=state.word))
    if span is not None and span.standing.by_health is not None:
        health = span.standing.by_health.state
    said: Value = _NOT_BY_HAND
    if hand is not None:
        said = _(
            "{state} by {person}: {reason}", state=hand.state.state.word, person=hand.by, reason=hand.reason
        )
        if not hand.reason:
            said = _("{state} by {person}", state=hand.state.state.word, person=hand.by)
    since: Value = _NEVER if span is None else Instant(span.start)
    action = None
    if hand is not None:
        action = Action("component clear", _("Take it back"), (("component", component.id),))
    cells = (state, component.name, group, health, said, since, ", ".join(component.checks))
    return Row(component.id, cells, action)
