"""A page's buttons: its variants, its rows, its actions. Pure.

Where the same view is shown in another way (another span, other rows, as it is now), the press changes the
message; where something else is opened, it gets a message of its own. What a person may not run is left out;
what can't be run now stays and says why when it is pressed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from core.command import Choice, Command, Effect
from core.message import Message, _
from core.page import Action, Page, Row, Table
from core.relay.offers import Offer, Purpose, Rows
from core.relay.views import FILE, FILTER, ROWS, View
from core.text import clean
from core.units import Absent, State, Value

__all__ = ["FILE_FORMATS", "action_rows", "file_rows", "page_rows", "pages_of", "pinned"]

FILE_FORMATS = ("text", "csv", "html", "markdown", "json")
"""The formats in which a page is sent as a file, the plainest first."""

_LABEL = 40
"""Characters of a row's name on a button."""
_VARIANTS_IN_ROW = 5
_ACTIONS_IN_ROW = 2
_MOST_ACTIONS = 20

Find = Callable[[str], Command | None]
"""The command of a name, if this person may run it."""


def page_rows(page: Page, view: View, find: Find, next_steps: Sequence[Action] = ()) -> Rows:
    """Everything that can be pressed under a page."""
    command = find(view.command)
    reads = command is not None and command.effect is Effect.READ
    table, opening = _openings(page, find)
    lines: list[tuple[Offer, ...]] = []
    if reads and command is not None:
        lines += _variants(command, view)
    shown = opening if table is not None and table.query == view.query else opening[view.offset :][:ROWS]
    lines += [(_offer(_name_of(row), action, find),) for row, action in shown]
    if reads:
        lines += _turning(page, view, _count(table, opening), _shows_all(page, view))
    lines += action_rows([*page.actions, *next_steps], find)
    if reads:
        lines.append(_again(view))
    return tuple(lines)


def action_rows(actions: Iterable[Action], find: Find) -> list[tuple[Offer, ...]]:
    """The actions that this person may run, each once, two in a row."""
    seen: dict[tuple[str, tuple[tuple[str, str], ...]], Offer] = {}
    for action in actions:
        if find(action.command) is not None:
            seen.setdefault((action.command, action.arguments), _offer(action.label, action, find))
    return _in_rows(list(seen.values())[:_MOST_ACTIONS], _ACTIONS_IN_ROW)


def pages_of(count: int, offset: int, turn: Callable[[Message, int], Offer]) -> list[tuple[Offer, ...]]:
    """Back and next through `count` things of which ten are shown from `offset` on."""
    offers: list[Offer] = []
    if offset > 0:
        offers.append(turn(_("◀ Back"), max(0, offset - ROWS)))
    if offset + ROWS < count:
        offers.append(turn(_("Next ▶"), offset + ROWS))
    return [tuple(offers)] if offers else []


def file_rows(view: View) -> Rows:
    """The formats to choose from, when a page is wanted as a file."""
    offers = [
        Offer(
            each, Purpose.RUN, replace(view, file=each, ask="", offset=0).action(_("{format}", format=each))
        )
        for each in FILE_FORMATS
    ]
    return tuple(_in_rows(offers, _VARIANTS_IN_ROW))


def pinned(page: Page, view: View, command: Command) -> View:
    """The view with what its page is of said outright.

    A page of the person's location names that location in its actions. Said with the buttons, it keeps a
    message about one thing from showing another after the person has chosen anew (plume.md 10.3, fault 6).
    """
    known = dict(view.arguments)
    said = [dict(action.arguments) for action in page.actions]
    for name in (each.name for each in command.parameters if each.source and each.name not in known):
        values = {each[name] for each in said if name in each}
        if len(values) == 1:
            known[name] = values.pop()
    return replace(view, arguments=tuple(known.items()))


def _variants(command: Command, view: View) -> Iterator[tuple[Offer, ...]]:
    """For each parameter with a few known values and a default, a button for each of them."""
    given = dict(view.arguments)
    for parameter in command.parameters:
        choices: tuple[Choice, ...] = parameter.type.choices
        if parameter.default is None or not choices:
            continue
        present = given.get(parameter.name, parameter.default)
        offers: list[Offer] = []
        for choice in choices:
            arguments = tuple({**given, parameter.name: choice.value}.items())
            label = _("• {choice}", choice=choice.label) if choice.value == present else choice.label
            action = View(view.command, arguments, words=view.words).action(
                _("{choice}", choice=choice.label)
            )
            offers.append(Offer(label, Purpose.PAGE, action))
        yield from _in_rows(offers, _VARIANTS_IN_ROW)


def _openings(page: Page, find: Find) -> tuple[Table | None, list[tuple[Row, Action]]]:
    """The rows that open something this person may open, of the first block that has any."""
    for block in page.blocks:
        lowered = block.lower()
        if isinstance(lowered, Table):
            found = [
                (row, row.action)
                for row in lowered.rows
                if row.action is not None and find(row.action.command) is not None
            ]
            if found:
                return lowered, found
    return None, []


def _count(table: Table | None, opening: Sequence[object]) -> int:
    """How many rows can be paged through."""
    if table is None:
        return 0
    return table.total if table.query.limit == ROWS else len(opening)


def _shows_all(page: Page, view: View) -> bool:
    """Whether no table has more rows than are shown, and none is filtered."""
    tables = [block for block in page.blocks if isinstance(block, Table)]
    return not view.words and all(each.unfiltered <= ROWS for each in tables)


def _turning(page: Page, view: View, openings: int, shows_all: bool) -> list[tuple[Offer, ...]]:
    """Back, next and filter, where there are more rows than fit."""

    def turn(label: Message, offset: int) -> Offer:
        return Offer(label, Purpose.PAGE, replace(view, offset=offset).action(label))

    totals = [block.total for block in page.blocks if isinstance(block, Table) and block.query == view.query]
    offers = [offer for line in pages_of(max([openings, *totals]), view.offset, turn) for offer in line]
    if not shows_all:
        action = replace(view, offset=0, ask=FILTER).action(_("Filter"))
        offers.append(Offer(_("Filter"), Purpose.RUN, action))
    if view.words:
        everything = replace(view, offset=0, words="").action(_("All rows"))
        offers.append(Offer(_("All rows"), Purpose.PAGE, everything))
    return [tuple(offers)] if offers else []


def _again(view: View) -> tuple[Offer, ...]:
    refresh, file = _("Refresh"), _("File")
    return (
        Offer(refresh, Purpose.PAGE, view.action(refresh)),
        Offer(file, Purpose.RUN, replace(view, ask=FILE).action(file)),
    )


def _offer(label: Message | str, action: Action, find: Find) -> Offer:
    """An action as a button; one that writes and has all it needs works once."""
    command = find(action.command)
    known = {name for name, _value in action.arguments}
    complete = command is not None and all(
        each.name in known for each in command.parameters if each.required and each.default is None
    )
    writes = command is not None and command.effect is Effect.WRITE
    return Offer(label, Purpose.RUN, action, once=writes and complete)


def _name_of(row: Row) -> Message | str:
    """What a row is called: its first cell that is no state, or is foreign text for certain."""
    cells = [cell for cell in row.cells if not isinstance(cell, State | Absent)]
    texts = [cell for cell in cells if isinstance(cell, str | Message) and cell != ""]
    named: Value = (texts or cells or [row.key])[0]
    if isinstance(named, Message):
        return named
    if isinstance(named, str):
        return clean(named, _LABEL)
    return _("{value}", value=named)


def _in_rows(offers: Sequence[Offer], width: int) -> list[tuple[Offer, ...]]:
    return [tuple(offers[start : start + width]) for start in range(0, len(offers), width)]
