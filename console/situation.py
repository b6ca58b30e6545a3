"""What can be done on the screen right now: the rules behind the footer and behind every "why not"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from console.footer import MOST_HINTS, Hint
from console.keymap import KEYS, Keymap
from core.message import Message, _

__all__ = ["Situation", "hints", "why_not"]


@dataclass(frozen=True, slots=True)
class Situation:
    """Where the person stands. `can_open`, `has_rows` and `has_table` are about the focused block."""

    has_page: bool = False
    has_blocks: bool = False
    can_open: bool = False
    has_rows: bool = False
    has_table: bool = False
    has_columns: bool = False
    has_actions: bool = False
    has_ranges: bool = False
    has_scope: bool = False
    can_go_back: bool = False
    can_return: bool = False
    filtered: bool = False
    zoomed: bool = False
    paused: bool = False
    past: bool = False
    answer: bool = False


_WHY_NOT: dict[str, Callable[[Situation], Message | None]] = {
    "open": lambda s: None if s.can_open else _("There is nothing to open here."),
    "back": lambda s: (
        None if s.can_go_back or s.filtered or s.zoomed else _("This is the pane's first view.")
    ),
    "last": lambda s: None if s.can_return else _("There was no other view yet."),
    "scope": lambda s: None if s.has_scope else _("There is nothing to choose between."),
    "zoom": lambda s: None if s.has_blocks else _("There is no block to zoom."),
    "filter": lambda s: None if s.has_table else _("This page has no table to filter."),
    "sort": lambda s: None if s.has_columns else _("Sorting needs a table with the focus."),
    "reverse": lambda s: None if s.has_columns else _("Sorting needs a table with the focus."),
    "mark": lambda s: None if s.has_rows else _("There is no row to mark."),
    "range": lambda s: None if s.has_ranges else _("This page has no time range."),
    "earlier": lambda s: _("This is the answer to what was done; it has no past.") if s.answer else None,
    "later": lambda s: None if s.past else _("This is the present."),
    "live": lambda s: None if s.past else _("This is the present."),
    "refresh": lambda s: _("The past doesn't change; return to the present first.") if s.past else None,
    "pause": lambda s: _("The past doesn't change; there is nothing to pause.") if s.past else None,
    "actions": lambda s: None if s.has_actions else _("There is nothing to do on this page."),
    "copy": lambda s: None if s.has_blocks else _("There is nothing to copy."),
    "export": lambda s: None if s.has_page else _("There is no page to export yet."),
}


def why_not(name: str, situation: Situation) -> Message | None:
    """Why the key of that name does nothing now; nothing when it works."""
    rule = _WHY_NOT.get(name)
    return rule(situation) if rule else None


def hints(situation: Situation, keymap: Keymap) -> list[Hint]:
    """The keys worth showing, the most telling first, at most six."""
    labels = {key.name: key.label for key in KEYS}
    chosen: list[Hint] = []
    for name in _order(situation):
        if why_not(name, situation) is not None:
            continue
        if name == "earlier":
            keys = f"{keymap.shown('earlier')} {keymap.shown('later')}"
            chosen.append((keys, _("in time") if situation.past else _("back in time")))
        elif name == "back" and situation.zoomed:
            chosen.append((keymap.shown(name), _("end zoom")))
        elif name == "back" and situation.filtered:
            chosen.append((keymap.shown(name), _("clear filter")))
        elif name == "pause" and situation.paused:
            chosen.append((keymap.shown(name), _("go on")))
        else:
            chosen.append((keymap.shown(name), labels[name]))
    return chosen[:MOST_HINTS]


def _order(situation: Situation) -> list[str]:
    if situation.past:
        return ["live", "earlier", "open", "range", "filter", "back", "zoom"]
    first = ["pause"] if situation.paused else []
    back = ["back"] if situation.filtered or situation.zoomed or situation.can_go_back else []
    middle = ["open", *back, "filter", "actions", "range", "refresh", "earlier", "zoom", "copy"]
    return first + middle
