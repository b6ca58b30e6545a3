"""The uptime of the status page's components and of all of them together, out of the state log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction

from sqlalchemy.ext.asyncio import AsyncConnection

from core.areas.operations.model_components import PageComponent, StateSpan, StatusPageLayout
from core.areas.operations.rules.uptime import Uptime, mean_uptime, uptime_of
from core.areas.operations.settings import OperationsSettings
from core.areas.operations.store.components import spans
from core.moment import Window

__all__ = ["StateLog", "read_state_log", "weight_of"]


class StateLog:
    """The state log of a stretch of time, asked for the uptime of windows within it."""

    def __init__(
        self, known: Mapping[str, Sequence[StateSpan]], layout: StatusPageLayout, weight: Fraction
    ) -> None:
        self._known = known
        self._layout = layout
        self._weight = weight

    def of(self, component: PageComponent, window: Window) -> Uptime:
        """The uptime of one component."""
        return uptime_of(self._known.get(component.id, ()), window, self._weight)

    def of_group(self, components: Sequence[PageComponent], window: Window) -> Uptime | None:
        """The mean uptime of those of the components that are showcased; nothing where none is."""
        return mean_uptime([self.of(each, window) for each in components if each.showcased])

    def of_page(self, window: Window) -> Uptime | None:
        """The mean uptime of the whole page."""
        return self.of_group(self._layout.components, window)


async def read_state_log(
    connection: AsyncConnection,
    layout: StatusPageLayout,
    settings: OperationsSettings,
    at: datetime,
    length: timedelta,
) -> StateLog:
    """The state log of the `length` of time before `at`, as known then."""
    known = await spans(connection, at, Window.last(length, at))
    return StateLog(known, layout, weight_of(settings))


def weight_of(settings: OperationsSettings) -> Fraction:
    """How much a partial outage counts, exactly as the setting is written."""
    return Fraction(str(settings.partial_weight))
