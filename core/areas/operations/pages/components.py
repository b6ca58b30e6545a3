"""The status page's components as the team sees them: their states, and where those come from."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import Request
from core.areas.operations.configuration.status_page import chosen_component, load_status_page
from core.areas.operations.model_components import PageComponent, StateSpan
from core.areas.operations.pages.component import component_page, state_by_hand, state_by_health, state_shown
from core.areas.operations.rules.status_page import headline
from core.areas.operations.store.components import ByHand, by_hand, present_spans, states
from core.command import Choice
from core.message import _
from core.page import Action, Column, Kind, Page, Row
from core.tabulate import tabulate
from core.units import Absent, Instant

__all__ = ["component_choices", "components_page"]


async def components_page(request: Request) -> Page:
    """Every component with its state, what its health says, and what was set by hand; or the one asked for.

    Raises:
        NotFoundError: the page has no component of the name asked for.
        SettingsError: the status page's file is wrong.
    """
    layout = load_status_page(request.services.settings.folders.config)
    wanted = request.text("component")
    if wanted is not None:
        return await component_page(request, layout, chosen_component(layout, wanted))
    async with request.services.store.reading() as connection:
        newest = await present_spans(connection, request.moment)
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
            Action("window", _("Maintenance")),
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
    cells = (
        state_shown(span),
        component.name,
        group,
        state_by_health(span),
        state_by_hand(hand),
        Absent(_("never measured")) if span is None else Instant(span.start),
        ", ".join(component.checks),
    )
    return Row(component.id, cells, Action("component", _("Open"), (("component", component.id),)))
