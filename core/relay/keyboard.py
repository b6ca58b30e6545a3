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
from core.relay.views import FILE, FILTER, MORE, ROWS, View
from core.text import clean
from core.units import Absent, State, Value

__all__ = ["FILE_FORMATS", "action_rows", "file_rows", "more_rows", "page_rows", "pages_of", "pinned"]

FILE_FORMATS = ("pdf", "text", "csv", "html", "markdown", "json")
"""The formats in which a page is sent as a file: what is read before what is worked on."""

_LABEL = 40
"""Characters of a row's name on a button."""
_VARIANTS_IN_ROW = 5
_FORMATS_IN_ROW = 3
_ACTIONS_IN_ROW = 2
_ROWS_IN_ROW = 3
_MOST_ACTIONS = 20
_MOST_BUTTONS = 12
"""More than these under a message are a wall, which nobody reads on a phone."""

_MOST_AFTER_WRITE = 8
"""Under the answer to a write stands what comes next; all else is under the page it leads to."""

_PHONE_WIDTH = 40
"""Characters that the labels in a row of buttons have together on a narrow phone."""

Find = Callable[[str], Command | None]
"""The command of a name, if this person may run it."""


def page_rows(page: Page, view: View, find: Find, next_steps: Sequence[Action] = ()) -> Rows:
    """What can be pressed under a page: everything, or, where that were a wall, what is pressed most.

    The rest is then behind a button of its own, whose message `more_rows` is for.
    """
    command = find(view.command)
    table, opening = _openings(page, find)
    shown = opening if table is not None and table.query == view.query else opening[view.offset :][:ROWS]
    rows = [_offer(_name_of(row), action, find) for row, action in shown]
    besides = [action for _row, action in shown]
    if command is None or command.effect is not Effect.READ:
        proposed = _actions([*next_steps, *page.actions], find, besides)
        return (*_fitted(rows, _ROWS_IN_ROW), *_fitted(proposed[:_MOST_AFTER_WRITE], _ACTIONS_IN_ROW))
    others = [each for each in page.actions if not _is_variant(each, command, view)]
    actions = _actions([*others, *next_steps], find, besides)
    variants = [line for offers in _variants(command, view) for line in _fitted(offers, _VARIANTS_IN_ROW)]
    turning = _turning(page, view, _count(table, opening), _shows_all(page, view))
    fixed = [*variants, *_fitted(rows, _ROWS_IN_ROW), *turning]
    last = _again(view)
    room = _MOST_BUTTONS - sum(map(len, fixed)) - len(last)
    if len(actions) > room:
        actions, last = _most_pressed(actions, next_steps, room), (last[0], _more(view))
    return (*fixed, *_fitted(actions, _ACTIONS_IN_ROW), last)


def more_rows(page: Page, view: View, find: Find, next_steps: Sequence[Action] = ()) -> Rows:
    """Every action of a page, and its file: what is behind the button for more."""
    _refresh, file = _again(replace(view, ask=""))
    return ((file,), *action_rows([*page.actions, *next_steps], find))


def action_rows(actions: Iterable[Action], find: Find) -> list[tuple[Offer, ...]]:
    """The actions that this person may run, each once, two in a row where they are short."""
    return _fitted(_actions(actions, find), _ACTIONS_IN_ROW)


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
    return tuple(_in_rows(offers, _FORMATS_IN_ROW))


def pinned(page: Page, view: View, command: Command) -> View:
    """The view with what its page is of said outright.

    A page of the person's location names that location in its actions. Said with the buttons, it keeps a
    message about one thing from showing another after the person has chosen anew (plume.md 10.3, fault 6).
    """
    known = dict(view.arguments)
    unsaid = [each.name for each in command.parameters if each.source and each.name not in known]
    if not unsaid:
        return view
    said = [dict(action.arguments) for action in page.actions]
    for name in unsaid:
        values = {each[name] for each in said if name in each}
        if len(values) == 1:
            known[name] = values.pop()
    return replace(view, arguments=tuple(known.items()))


def _actions(actions: Iterable[Action], find: Find, besides: Iterable[Action] = ()) -> list[Offer]:
    """The actions that this person may run, each once and none of those `besides`; what can't be done now
    comes last."""
    seen: dict[tuple[str, tuple[tuple[str, str], ...]], Offer] = {}
    there = {(each.command, each.arguments) for each in besides}
    for action in sorted(actions, key=lambda each: each.unavailable is not None):
        known = (action.command, action.arguments)
        if find(action.command) is not None and known not in there:
            seen.setdefault(known, _offer(action.label, action, find))
    return list(seen.values())[:_MOST_ACTIONS]


def _most_pressed(actions: Sequence[Offer], next_steps: Sequence[Action], room: int) -> list[Offer]:
    """The first actions that there is room for, always with what is proposed next."""
    steps = {each.command for each in next_steps}
    proposed = [each for each in actions if each.action.command in steps][: len(next_steps)]
    others = [each for each in actions if each not in proposed]
    return [*others[: max(room - len(proposed), 0)], *proposed]


def _variants(command: Command, view: View) -> Iterator[list[Offer]]:
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
        yield offers


def _is_variant(action: Action, command: Command, view: View) -> bool:
    """Whether the action shows the view itself, or what a button for one of its variants shows."""
    given, known = dict(action.arguments), dict(view.arguments)
    if (action.command, given) == (view.command, known):
        return True
    varied = {each.name for each in command.parameters if each.default is not None and each.type.choices}
    same = all(known.get(name) == value for name, value in given.items() if name not in varied)
    return action.command == view.command and bool(given.keys() & varied) and same


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


def _more(view: View) -> Offer:
    label = _("More …")
    return Offer(label, Purpose.RUN, replace(view, ask=MORE).action(label))


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


def _fitted(offers: Iterable[Offer], most: int) -> list[tuple[Offer, ...]]:
    """Rows of at most `most` offers in their order, each as full as leaves room for its longest label.

    A row's buttons are equally wide.
    """
    lines: list[tuple[Offer, ...]] = []
    for each in offers:
        longer = (*lines[-1], each) if lines else ()
        room = _PHONE_WIDTH // max(len(longer), 1)
        if 1 < len(longer) <= most and max(len(str(offer.label)) for offer in longer) <= room:
            lines[-1] = longer
        else:
            lines.append((each,))
    return lines


def _in_rows(offers: Sequence[Offer], width: int) -> list[tuple[Offer, ...]]:
    return [tuple(offers[start : start + width]) for start in range(0, len(offers), width)]
