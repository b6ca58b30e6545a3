"""What lies under a page to be pressed: enough, legible on a phone, and no wall of it."""

from __future__ import annotations

from core.area import discover
from core.command import Command
from core.message import Message, _
from core.page import Action, Column, Kind, Page, Row, Table
from core.query import TableQuery
from core.relay.aliases import NEXT_STEPS
from core.relay.keyboard import more_rows, page_rows
from core.relay.offers import Rows
from core.relay.views import ROWS, View
from core.units import Severity, State

COMMANDS = {verb.command.name: verb.command for area in discover() for verb in area.verbs}


def find(name: str) -> Command | None:
    return COMMANDS.get(name)


def page_of(rows: int = 0, actions: tuple[Action, ...] = ()) -> Page:
    name = Column("name", _("Name"), Kind.TEXT, 1)
    made = tuple(
        Row(str(number), (f"Harbour {number:02}",), Action("nodes", _("Open"), (("location", str(number)),)))
        for number in range(rows)
    )
    table = Table("t", _("Table"), (name,), made, rows, rows, query=TableQuery(limit=ROWS))
    return Page("p", _("Page"), State(Severity.GOOD, _("GOOD")), (table,), actions)


def actions(count: int) -> tuple[Action, ...]:
    return tuple(Action("wan", Message(f"Look {n}"), (("location", str(n)),)) for n in range(count))


def words(rows: Rows) -> list[list[str]]:
    return [[str(offer.label) for offer in row] for row in rows]


def test_what_is_little_is_all_there() -> None:
    rows = words(page_rows(page_of(2, actions(3)), View("fleet"), find))
    assert rows[0] == ["Harbour 00", "Harbour 01"]
    assert rows[1:] == [["Look 0", "Look 1"], ["Look 2"], ["Refresh", "File"]]


def test_what_is_much_keeps_the_first_and_what_comes_next() -> None:
    page, next_steps = page_of(3, actions(15)), (Action("locations", _("Change location")),)
    rows = words(page_rows(page, View("fleet"), find, next_steps))
    assert sum(map(len, rows)) == 12
    assert rows[-1] == ["Refresh", "More …"]
    assert "Look 0" in rows[1]
    assert "Change location" in rows[-2]
    more = words(more_rows(page, View("fleet"), find, next_steps))
    assert sum(map(len, more)) == 17
    assert more[0] == ["File"]


def test_long_labels_have_a_row_of_their_own() -> None:
    long = Action("stats", Message("Take back the acknowledgement"))
    rows = words(page_rows(page_of(0, (*actions(1), long, *actions(1))), View("fleet"), find))
    assert rows[:2] == [["Look 0"], ["Take back the acknowledgement"]]


def test_after_a_pause_the_way_back_is_the_first_button() -> None:
    page = page_of(0, (*actions(12), *NEXT_STEPS["pause"]))
    rows = words(page_rows(page, View("pause"), find, NEXT_STEPS["pause"]))
    assert rows[0][0] == "Resume production"
    assert sum(map(len, rows)) == 8
    assert sum(row.count("Resume production") for row in rows) == 1


def test_another_span_is_offered_once() -> None:
    spans = tuple(Action("wan", Message(f"Last {span}"), (("span", span),)) for span in ("24h", "7d"))
    elsewhere = Action("wan", Message("Elsewhere"), (("location", "2"), ("span", "7d")))
    view = View("wan", (("location", "1"),))
    rows = words(page_rows(page_of(0, (*spans, elsewhere)), view, find))
    assert [label for row in rows[:2] for label in row] == [
        "3 hours", "• 24 hours", "7 days", "30 days", "1 year",
    ]  # fmt: skip
    assert rows[2:] == [["Elsewhere"], ["Refresh", "File"]]


def test_a_page_does_not_lead_to_itself() -> None:
    page = page_of(0, (Action("locations", Message("Locations")), Action("fleet", Message("All"))))
    rows = words(page_rows(page, View("locations"), find))
    assert rows == [["All"], ["Refresh", "File"]]
