"""From health, hand and maintenance to the state of each component of the status page (operations.md 7.1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from core.areas.operations.model import HealthStatus
from core.areas.operations.model_components import (
    ComponentState,
    PageComponent,
    Standing,
    StatusPageLayout,
    worse,
)

__all__ = ["health_of", "standings"]

_FROM_WORST = (HealthStatus.FAIL, HealthStatus.WARN, HealthStatus.UNKNOWN, HealthStatus.PASS)


def standings(
    layout: StatusPageLayout,
    health: Mapping[str, HealthStatus],
    by_hand: Mapping[str, ComponentState],
    in_maintenance: Collection[str],
    before: Mapping[str, Standing],
) -> dict[str, Standing]:
    """How every component of the page is now, by id.

    `health` is by check, after flap damping; `by_hand` and `in_maintenance` by component; `before` is how
    they were. Of several sources the worse wins.
    """
    found: dict[str, Standing] = {}
    for group in layout.groups:
        members = {each.id: health_of(each, health) for each in group.components}
        for component in group.components:
            earlier = before.get(component.id, Standing())
            by_health, verified = _by_health(component.id, members, earlier)
            overlaid = worse(
                by_hand.get(component.id),
                ComponentState.UNDER_MAINTENANCE if component.id in in_maintenance else None,
            )
            state = worse(by_health, overlaid)
            certain = verified or (overlaid is not None and state is overlaid)
            found[component.id] = Standing(state, by_health, certain)
    return found


def health_of(component: PageComponent, health: Mapping[str, HealthStatus]) -> HealthStatus | None:
    """The worst of what the component's checks say; nothing where none of them is done."""
    said = {health[check] for check in component.checks if check in health}
    return next((status for status in _FROM_WORST if status in said), None)


def _by_health(
    id_: str, members: Mapping[str, HealthStatus | None], before: Standing
) -> tuple[ComponentState | None, bool]:
    """What the health of one member of a group comes to, and whether that is known of the present."""
    match members[id_]:
        case HealthStatus.PASS:
            return ComponentState.OPERATIONAL, True
        case HealthStatus.WARN:
            return ComponentState.DEGRADED_PERFORMANCE, True
        case HealthStatus.FAIL:
            others = (status for other, status in members.items() if other != id_)
            if HealthStatus.PASS in others:
                return ComponentState.PARTIAL_OUTAGE, True
            return ComponentState.MAJOR_OUTAGE, True
        case _:
            return before.by_health, False
