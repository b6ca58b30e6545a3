"""What the whole deck amounts to, from the lights of its panes."""

from __future__ import annotations

from collections.abc import Sequence

from core.area import Pane, PaneLight
from core.message import _
from core.units import Severity, State

__all__ = ["overview_light", "overview_verdict"]


def overview_light(lights: Sequence[tuple[Pane, PaneLight]]) -> PaneLight:
    """The worst of all panes, and what is open in all of them."""
    if not lights:
        return PaneLight(overview_verdict(lights), _("There is nothing to watch yet"))
    pane, worst = _worst(lights)
    headline = _("Everything at a glance")
    if worst.state.severity > Severity.GOOD:
        headline = _("{pane}: {headline}", pane=pane.title, headline=worst.headline)
    return PaneLight(overview_verdict(lights), headline, sum(light.open for _pane, light in lights))


def overview_verdict(lights: Sequence[tuple[Pane, PaneLight]]) -> State:
    """The word of the worst pane, and which that is."""
    if not lights or _worst(lights)[1].state.severity is Severity.IDLE:
        return State(Severity.IDLE, _("NOTHING YET"))
    pane, worst = _worst(lights)
    if worst.state.severity is Severity.GOOD:
        return State(Severity.GOOD, _("ALL WELL"))
    return State(worst.state.severity, _("{word}: {pane}", word=worst.state.word, pane=pane.title))


def _worst(lights: Sequence[tuple[Pane, PaneLight]]) -> tuple[Pane, PaneLight]:
    return max(lights, key=lambda pair: pair[1].state.severity)
