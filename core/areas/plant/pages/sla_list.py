"""The promises of all tickets: those broken or at risk first, and the share that was broken (A2.5)."""

from __future__ import annotations

from core.area import Request
from core.areas.plant.pages.sla_common import left_state, promise_meter, verdict_shown
from core.areas.plant.pages.sla_reading import all_standings
from core.areas.plant.rules.sla import SlaStanding, Summary, by_risk, summary
from core.areas.plant.rules.sla_words import kind_word, priority_state, running_word
from core.message import Message, _, plural
from core.page import Action, Block, Column, Fact, Facts, Kind, Page, Place, Row
from core.tabulate import tabulate
from core.units import Absent, Instant, Severity, Share, State, Value

__all__ = ["sla_list_page", "summary_state"]

_METERS = 3
"""How many of the promises that break first are drawn as meters."""

_COLUMNS = (
    Column("ticket", _("Ticket"), Kind.TEXT, 1),
    Column("left", _("Left"), Kind.STATE, 1),
    Column("verdict", _("Verdict"), Kind.STATE, 1),
    Column("about", _("About"), Kind.TEXT, 1),
    Column("priority", _("Priority"), Kind.STATE, 2),
    Column("assignee", _("Assignee"), Kind.TEXT, 2),
    Column("state", _("State"), Kind.TEXT, 2),
    Column("kind", _("Kind"), Kind.TEXT, 2),
    Column("promise", _("Promise"), Kind.TEXT, 3),
    Column("deadline", _("Deadline"), Kind.MOMENT, 3),
    Column("updated", _("Last update"), Kind.MOMENT, 3),
)


async def sla_list_page(request: Request) -> Page:
    """The promises of the kind of tickets that was asked for."""
    wanted = request.text("kind") or "all"
    found = [each for each in await all_standings(request) if wanted in ("all", each.ticket.kind.value)]
    figures, ordered = summary(found), by_risk(found)
    table = tabulate(
        "promises",
        _("Promises, those broken or at risk first"),
        _COLUMNS,
        [_row(each) for each in ordered],
        request.query,
        empty=_("No ticket was promised anything."),
        place=Place.WIDE,
    )
    meters = [promise_meter(each) for each in ordered if not each.settled][:_METERS]
    blocks: tuple[Block, ...] = (table, _figures(figures), *meters)
    return Page(
        key=f"plant.sla.list.{wanted}",
        title=_("Promises"),
        verdict=summary_state(figures),
        blocks=blocks,
        actions=_actions(wanted),
        as_of=request.moment,
    )


def summary_state(figures: Summary) -> State:
    """How all promises are doing, by the worst."""
    if figures.breached:
        return State(Severity.SERIOUS, _("BROKEN PROMISES"))
    if figures.at_risk:
        return State(Severity.WARNING, _("AT RISK"))
    return State(Severity.GOOD, _("ON TRACK") if figures.open else _("NOTHING OPEN"))


def _figures(figures: Summary) -> Facts:
    rate = figures.breach_rate
    none = Absent(_("no ticket was promised anything"))
    facts = (
        Fact(_("Open"), figures.open),
        Fact(_("Breached"), _count(figures.breached, Severity.SERIOUS)),
        Fact(
            _("At risk"),
            _count(figures.at_risk, Severity.WARNING),
            _("within an hour of the end; procedures, four"),
        ),
        Fact(
            _("Breach rate"),
            none if rate is None else Share(rate),
            plural(
                "of {count} ticket, settled ones too", "of {count} tickets, settled ones too", _all(figures)
            ),
        ),
        Fact(_("Settled too late"), figures.late, _("of {count}", count=figures.settled)),
    )
    return Facts("figures", _("All together"), facts, Place.WIDE)


def _count(count: int, severity: Severity) -> Value:
    return State(severity, str(count)) if count else 0


def _all(figures: Summary) -> int:
    return figures.open + figures.settled


def _row(found: SlaStanding) -> Row:
    ticket = found.ticket
    cells = (
        ticket.number,
        left_state(found),
        verdict_shown(found),
        ticket.about,
        priority_state(found.priority),
        ticket.assignee or Absent(_("nobody has it yet")),
        ticket.state,
        kind_word(ticket.kind),
        running_word(ticket.running),
        Instant(ticket.deadline),
        Instant(ticket.updated_at),
    )
    return Row(ticket.number, cells, Action("sla", _("Open the promise"), (("ticket", ticket.number),)))


_KINDS: tuple[tuple[str, Message], ...] = (
    ("all", _("All promises")),
    ("maintenance", _("Promises about machines")),
    ("defect", _("Promises about defects")),
    ("sop", _("Promises about procedures")),
)


def _actions(shown: str) -> tuple[Action, ...]:
    others = (Action("sla list", label, (("kind", kind),)) for kind, label in _KINDS if kind != shown)
    return (*others, Action("sla policy", _("What is promised")), Action("plant", _("The plant")))
